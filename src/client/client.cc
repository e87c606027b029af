// Client: checks the arguments, makes the call, hands it to the loop.
#include "remote_dram/client.h"

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
    context_->loop().Post([connection = std::move(connection_)] { connection->Close(); });
  }

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

  // Wraps a user's completion so that the connection lives until it ran.
  template <typename T>
  Done<T> Keep(Done<T> done) {
    return [self = shared_from_this(), done = std::move(done)](Result<T> result) mutable {
      std::move(done)(std::move(result));
    };
  }

  void Submit(std::shared_ptr<client::Call> call, std::chrono::milliseconds timeout) {
    call->timeout = timeout.count() > 0 ? timeout : timeout_;
    call->deadline = loop().Now() + call->timeout;
    loop().Post([connection = connection_, call = std::move(call)]() mutable { connection->Submit(std::move(call)); });
  }

  // Fails a call that was never made, but not inside it.
  template <typename T>
  void Reject(Status why, Done<T> done) {
    loop().Post([this, why = std::move(why), done = Keep(std::move(done))]() mutable {
      loop().AssertHeld();
      loop().Complete([why = std::move(why), done = std::move(done)]() mutable { std::move(done)(why); });
    });
  }

 private:
  const std::chrono::milliseconds timeout_;
  const std::shared_ptr<client::LoopContext> context_;
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
  std::shared_ptr<Context> context = options.context ? options.context : Context::Create();
  auto shared = std::make_shared<Shared>(std::static_pointer_cast<client::LoopContext>(std::move(context)),
                                         client::ConnectionOptions{.address = *resolved,
                                                                   .name = std::string(address),
                                                                   .path = options.path,
                                                                   .connect_timeout = options.connect_timeout},
                                         options.timeout);
  if (Status status = shared->Open(); !status.ok()) return status;
  return Client(std::move(shared));
}

void Client::Get(std::string_view key, const GetOptions& options, Done<GetResult> done) {
  Status fine = base::CheckKey("get", key);
  if (fine.ok()) fine = base::CheckByteRange(options.range);
  if (!fine.ok()) return shared_->Reject(std::move(fine), std::move(done));
  shared_->Submit(client::GetCall(key, options, shared_->Keep(std::move(done))), options.timeout);
}

void Client::Put(std::string_view key, const Pieces& value, const PutOptions& options, Done<WriteResult> done) {
  Status fine = base::CheckKey("put", key);
  if (fine.ok()) fine = base::CheckValueBytes(key, client::BytesOf(value), value_bytes_max);
  if (!fine.ok()) return shared_->Reject(std::move(fine), std::move(done));
  shared_->Submit(client::PutCall(key, value, options, shared_->Keep(std::move(done))), options.timeout);
}

void Client::Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) {
  if (Status fine = base::CheckKey("delete", key); !fine.ok()) return shared_->Reject(fine, std::move(done));
  shared_->Submit(client::DeleteCall(key, options, shared_->Keep(std::move(done))), options.timeout);
}

void Client::DeleteRange(const KeyRange& range, const DeleteRangeOptions& options, Done<DeleteRangeResult> done) {
  if (Status fine = base::CheckKeyRange("delete range", range); !fine.ok()) {
    return shared_->Reject(fine, std::move(done));
  }
  shared_->Submit(client::DeleteRangeCall(range, shared_->Keep(std::move(done))), options.timeout);
}

void Client::List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) {
  if (Status fine = base::CheckList(range, options); !fine.ok()) return shared_->Reject(fine, std::move(done));
  shared_->Submit(client::ListCall(range, options, shared_->Keep(std::move(done))), options.timeout);
}

void Client::Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) {
  if (Status fine = base::CheckKey("stat", key); !fine.ok()) return shared_->Reject(fine, std::move(done));
  shared_->Submit(client::StatCall(key, shared_->Keep(std::move(done))), options.timeout);
}

void Client::StatServer(const StatOptions& options, Done<ServerStat> done) {
  auto reached = [shared = shared_.get()](client::Reached* to) { shared->connection().Describe(to); };
  shared_->Submit(client::StatServerCall(reached, shared_->Keep(std::move(done))), options.timeout);
}

void Client::Await(const std::function<void()>& start, Latch& latch) { shared_->loop().RunAndAwait(start, latch); }

}  // namespace remote_dram
