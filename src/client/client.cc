// Client: checks the arguments, makes the call, hands it to the loop.
#include "remote_dram/client.h"

#include <thread>

#include "base/validate.h"
#include "client/connection.h"
#include "client/loop_context.h"
#include "client/verbs.h"

namespace remote_dram {

// What the handle and its pending calls share; the last of them closes the connection.
class Client::Shared : public std::enable_shared_from_this<Client::Shared> {
 public:
  Shared(std::shared_ptr<client::LoopContext> context, client::ConnectionOptions options,
         std::chrono::milliseconds timeout)
      : timeout_(timeout),
        context_(std::move(context)),
        connection_(std::make_shared<client::Connection>(&context_->hub(), std::move(options))) {}

  ~Shared() {
    if (!context_->home().Here()) {
      base::Abandon(std::move(connection_));
      base::Abandon(std::move(context_));
      return;
    }
    context_->loop().Post([connection = std::move(connection_)] { connection->Close(); });
  }

  bool Here() const { return context_->home().Here(); }
  net::Loop& loop() { return context_->loop(); }
  client::Connection& connection() { return *connection_; }

  Status Open() {
    Status opened;
    Latch latch;
    const auto start = [this, &opened, &latch] {
      loop().Post([this, &opened, &latch] {
        connection_->Open([this, &opened, &latch](const Status& status) {
          opened = status;
          loop().AssertHeld();
          loop().Complete([&latch] { latch.Set(); });
        });
      });
    };
    loop().RunAndAwait(start, latch);
    latch.Wait();
    return opened;
  }

  // Makes the call and hands it to the loop, unless `fine` says why not. `make` takes the completion.
  template <typename T, typename Options, typename Make>
  void Start(Status fine, const Options& options, Done<T> done, Make make) {
    if (const Status home = context_->home().Check("client"); !home.ok()) {
      // There is no loop here, and this thread must not run the completion inside the call.
      std::thread([home, done = std::move(done)]() mutable { std::move(done)(home); }).detach();
      return;
    }
    // The connection lives until the user's completion ran.
    Done<T> kept = [self = shared_from_this(), done = std::move(done)](Result<T> result) mutable {
      std::move(done)(std::move(result));
    };
    if (!fine.ok()) return Reject(std::move(fine), std::move(kept));
    std::shared_ptr<client::Call> call = make(std::move(kept));
    call->timeout = options.timeout.count() > 0 ? options.timeout : timeout_;
    call->deadline = loop().Now() + call->timeout;
    call->cancel = options.cancel;
    if (call->cancel) call->cancelled = [self = weak_from_this(), weak = std::weak_ptr(call)] { Cancel(self.lock(), weak.lock()); };
    loop().Post([connection = connection_, call = std::move(call)]() mutable { connection->Submit(std::move(call)); });
  }

 private:
  // From any thread.
  static void Cancel(const std::shared_ptr<Shared>& self, std::shared_ptr<client::Call> call) {
    if (!self || !call) return;
    self->loop().Post([connection = self->connection_, call = std::move(call)] { connection->Cancel(call); });
  }

  // Fails a call that was never made, but not inside it.
  template <typename T>
  void Reject(Status why, Done<T> done) {
    loop().Post([this, why = std::move(why), done = std::move(done)]() mutable {
      loop().AssertHeld();
      loop().Complete([why = std::move(why), done = std::move(done)]() mutable { std::move(done)(why); });
    });
  }

  const std::chrono::milliseconds timeout_;
  std::shared_ptr<client::LoopContext> context_;
  std::shared_ptr<client::Connection> connection_;
};

Client::Client(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::Connect(std::string_view address, const ClientOptions& options) {
  Result<net::Address> parsed = net::ParseAddress(address);
  if (!parsed.ok()) return parsed.status();
  Result<net::Address> resolved = net::Resolve(*parsed);
  if (!resolved.ok()) return resolved.status();
  auto context = std::static_pointer_cast<client::LoopContext>(options.context ? options.context : Context::Create());
  if (Status home = context->home().Check("context"); !home.ok()) return home;
  auto shared = std::make_shared<Shared>(std::move(context),
                                         client::ConnectionOptions{.address = *resolved,
                                                                   .name = std::string(address),
                                                                   .path = options.path,
                                                                   .on_restart = options.on_restart,
                                                                   .connect_timeout = options.connect_timeout},
                                         options.timeout);
  if (Status status = shared->Open(); !status.ok()) return status;
  return Client(std::move(shared));
}

void Client::Get(std::string_view key, const GetOptions& options, Done<GetResult> done) {
  Status fine = base::CheckKey("get", key);
  if (fine.ok()) fine = base::CheckByteRange(options.range);
  shared_->Start(std::move(fine), options, std::move(done),
                 [&](Done<GetResult> kept) { return client::GetCall(key, options, std::move(kept)); });
}

void Client::Put(std::string_view key, const Pieces& value, const PutOptions& options, Done<WriteResult> done) {
  Status fine = base::CheckKey("put", key);
  if (fine.ok()) fine = base::CheckValueBytes(key, client::BytesOf(value), value_bytes_max);
  shared_->Start(std::move(fine), options, std::move(done),
                 [&](Done<WriteResult> kept) { return client::PutCall(key, value, options, std::move(kept)); });
}

void Client::Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) {
  shared_->Start(base::CheckKey("delete", key), options, std::move(done),
                 [&](Done<WriteResult> kept) { return client::DeleteCall(key, options, std::move(kept)); });
}

void Client::DeleteRange(const KeyRange& range, const DeleteRangeOptions& options, Done<DeleteRangeResult> done) {
  shared_->Start(base::CheckKeyRange("delete range", range), options, std::move(done),
                 [&](Done<DeleteRangeResult> kept) { return client::DeleteRangeCall(range, std::move(kept)); });
}

void Client::List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) {
  shared_->Start(base::CheckList(range, options), options, std::move(done),
                 [&](Done<ListPage> kept) { return client::ListCall(range, options, std::move(kept)); });
}

void Client::Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) {
  shared_->Start(base::CheckKey("stat", key), options, std::move(done),
                 [&](Done<StatResult> kept) { return client::StatCall(key, std::move(kept)); });
}

void Client::StatServer(const StatOptions& options, Done<ServerStat> done) {
  auto reached = [shared = shared_.get()](client::Reached* to) { shared->connection().Describe(to); };
  shared_->Start(Status(), options, std::move(done),
                 [&](Done<ServerStat> kept) { return client::StatServerCall(reached, std::move(kept)); });
}

void Client::Await(const std::function<void()>& start, Latch& latch) {
  if (shared_->Here()) return shared_->loop().RunAndAwait(start, latch);
  start();
  latch.Wait();
}

}  // namespace remote_dram
