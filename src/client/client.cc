// Client: checks the arguments, makes the call, and hands it to the loop.
#include "remote_dram/client.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/private_directory.h"
#include "base/validate.h"
#include "client/client_context.h"
#include "client/connection.h"
#include "client/verbs.h"

namespace remote_dram {

// What a Client and its pending calls share. The connection closes when the last of them is gone.
class Client::Shared : public std::enable_shared_from_this<Client::Shared> {
 public:
  Shared(std::shared_ptr<client::ClientContext> context, client::ConnectionOptions options,
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

  // The result of `read`, if it succeeds on the mapped memory; nothing if the read needs a message.
  template <typename T, typename Read>
  std::optional<T> AtOnce(Read read) {
    if (!Here() || !connection_->reader().maps()) return {};
    std::optional<T> result(std::in_place);
    if (read(connection_->reader(), &*result) == client::MappedRead::kAskServer) result.reset();
    return result;
  }
  // Completes a call whose result is already there. `done` must never run inside the call, so it runs later.
  template <typename T>
  void Answer(T result, Done<T>&& done) {
    loop().Post([self = shared_from_this(), result = std::move(result), done = std::move(done)]() mutable {
      net::Loop& on = self->loop();
      on.AssertHeld();
      on.Complete([self = std::move(self), result = std::move(result), done = std::move(done)]() mutable {
        std::move(done)(std::move(result));
      });
    });
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

  // Makes the call with `make(completion)` and hands it to the loop; if `fine` is not OK, fails with it instead.
  template <typename Options, typename T, typename Make>
  void Start(const Status& fine, const Options& options, Done<T>&& done, Make make) {
    if (!Admit(fine, done)) return;
    std::shared_ptr<client::Call> call = make(std::move(done));
    call->keeps = shared_from_this();
    Submit(std::move(call), TermsOf(options));
  }

  // As Start, for a verb that may need several calls: runs `begin(completion, submit, deadline)`.
  template <typename Options, typename T, typename Begin>
  void StartMany(const Status& fine, const Options& options, Done<T>&& done, Begin begin) {
    if (!Admit(fine, done)) return;
    const Terms terms = TermsOf(options);
    Done<T> kept = [self = shared_from_this(), done = std::move(done)](Result<T> result) mutable {
      std::move(done)(std::move(result));
    };
    client::Submit submit = [self = shared_from_this(), terms](std::shared_ptr<client::Call> call) {
      self->Submit(std::move(call), terms);
    };
    begin(std::move(kept), std::move(submit), terms.deadline);
  }

  // The first of the transaction_rounds_max numbers that a transaction may use.
  uint64_t NextTransaction() { return next_transaction_.fetch_add(client::transaction_rounds_max); }

 private:
  // What all calls that one verb makes have in common.
  struct Terms {
    std::chrono::milliseconds timeout;
    net::TimePoint deadline;
    Cancellation cancel;
  };

  template <typename Options>
  Terms TermsOf(const Options& options) {
    const std::chrono::milliseconds timeout = base::TimeoutOf(options.timeout, timeout_);
    return {timeout, loop().DeadlineIn(timeout), options.cancel};
  }

  void Submit(std::shared_ptr<client::Call> call, const Terms& terms) {
    call->timeout = terms.timeout;
    call->deadline = terms.deadline;
    call->cancel = terms.cancel;
    if (call->cancel) {
      call->cancelled = [self = weak_from_this(), weak = std::weak_ptr(call)] { Cancel(self.lock(), weak.lock()); };
    }
    client::Call& held = client::Call::Hold(std::move(call));
    if (loop().DrivenHere()) return connection_->Submit(held, true);
    // The call's `keeps` or its completion holds a reference to this object, and so to the connection.
    loop().Post([this, &held] { connection_->Submit(held); });
  }

  // From any thread.
  static void Cancel(const std::shared_ptr<Shared>& self, std::shared_ptr<client::Call> call) {
    if (!self || !call) return;
    self->loop().Post([connection = self->connection_, call = std::move(call)] { connection->Cancel(*call); });
  }

  // False: the call is refused. `done` then gets the reason, though not inside this function.
  template <typename T>
  bool Admit(const Status& fine, Done<T>& done) {
    if (!Here()) {  // a forked child has no loop thread to run the completion
      std::thread([home = context_->home().Check("client"), done = std::move(done)]() mutable {
        std::move(done)(home);
      }).detach();
      return false;
    }
    if (fine.ok()) return true;
    loop().Post([self = shared_from_this(), fine, done = std::move(done)]() mutable {
      net::Loop& loop = self->loop();
      loop.AssertHeld();
      loop.Complete([self, fine, done = std::move(done)]() mutable { std::move(done)(fine); });
    });
    return false;
  }

  const std::chrono::milliseconds timeout_;
  std::atomic<uint64_t> next_transaction_{1};
  std::shared_ptr<client::ClientContext> context_;
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
  if (Status trusted = base::CheckPrivateDirectory(resolved->path); !trusted.ok()) return trusted;
  const std::string credentials_file = resolved->is_unix() ? "" : options.credentials_file;
  Result<std::shared_ptr<const net::Tls>> tls = net::Tls::Load(net::Tls::Side::kClient, credentials_file);
  if (!tls.ok()) return tls.status();
  auto context = std::static_pointer_cast<client::ClientContext>(options.context ? options.context : Context::Create());
  if (Status home = context->home().Check("context"); !home.ok()) return home;
  auto shared = std::make_shared<Shared>(std::move(context),
                                         client::ConnectionOptions{.address = *resolved,
                                                                   .name = std::string(address),
                                                                   .tls = std::move(*tls),
                                                                   .path = options.path,
                                                                   .on_restart = options.on_restart,
                                                                   .connect_timeout = std::min(options.connect_timeout, timeout_max)},
                                         options.timeout);
  if (Status status = shared->Open(); !status.ok()) return status;
  return Client(std::move(shared));
}

std::optional<GetResult> Client::GetAtOnce(std::string_view key, const GetOptions& options) {
  return shared_->AtOnce<GetResult>([&](auto& reader, auto* result) { return reader.Get(key, options, result); });
}

std::optional<StatResult> Client::StatAtOnce(std::string_view key, const StatOptions& options) {
  return shared_->AtOnce<StatResult>([&](auto& reader, auto* result) { return reader.Stat(key, options, result); });
}

std::optional<BatchReadResult> Client::BatchReadAtOnce(const std::vector<ReadOperation>& operations,
                                                       const BatchReadOptions& options) {
  return shared_->AtOnce<BatchReadResult>(
      [&](auto& reader, auto* result) { return reader.BatchRead(operations, options, result); });
}

void Client::Get(std::string_view key, const GetOptions& options, Done<GetResult> done) {
  if (auto result = GetAtOnce(key, options)) return shared_->Answer(*std::move(result), std::move(done));
  shared_->Start(base::CheckGet(key, options.range), options, std::move(done),
                 [&](Done<GetResult>&& kept) { return client::GetCall(key, options, std::move(kept)); });
}

void Client::Put(std::string_view key, const Pieces& value, const PutOptions& options, Done<WriteResult> done) {
  Status fine = base::CheckKey("put", key);
  if (fine.ok()) fine = base::CheckValueBytes(key, base::BytesOf(value), value_bytes_max);
  shared_->Start(fine, options, std::move(done),
                 [&](Done<WriteResult>&& kept) { return client::PutCall(key, value, options, std::move(kept)); });
}

void Client::Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) {
  shared_->Start(base::CheckKey("delete", key), options, std::move(done),
                 [&](Done<WriteResult>&& kept) { return client::DeleteCall(key, options, std::move(kept)); });
}

void Client::DeleteRange(const KeyRange& range, const DeleteRangeOptions& options, Done<DeleteRangeResult> done) {
  shared_->Start(base::CheckKeyRange("delete range", range), options, std::move(done),
                 [&](Done<DeleteRangeResult>&& kept) { return client::DeleteRangeCall(range, std::move(kept)); });
}

void Client::List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) {
  shared_->Start(base::CheckList(range, options), options, std::move(done),
                 [&](Done<ListPage>&& kept) { return client::ListCall(range, options, std::move(kept)); });
}

void Client::Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) {
  if (auto result = StatAtOnce(key, options)) return shared_->Answer(*std::move(result), std::move(done));
  shared_->Start(base::CheckKey("stat", key), options, std::move(done),
                 [&](Done<StatResult>&& kept) { return client::StatCall(key, std::move(kept)); });
}

void Client::BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                       Done<BatchReadResult> done) {
  if (auto result = BatchReadAtOnce(operations, options)) return shared_->Answer(*std::move(result), std::move(done));
  shared_->Start(base::CheckBatchRead(operations), options, std::move(done), [&](Done<BatchReadResult>&& kept) {
    return client::BatchReadCall(operations, options, std::move(kept));
  });
}

void Client::BatchWrite(const std::vector<WriteOperation>& operations, const BatchWriteOptions& options,
                        Done<BatchWriteResult> done) {
  shared_->Start(base::CheckBatchWrite(operations), options, std::move(done),
                 [&](Done<BatchWriteResult>&& kept) { return client::BatchWriteCall(operations, std::move(kept)); });
}

void Client::Transact(const std::vector<WriteOperation>& operations, const TransactOptions& options,
                      Done<TransactResult> done) {
  shared_->StartMany(base::CheckTransaction(operations), options, std::move(done),
                     [&](Done<TransactResult>&& kept, client::Submit submit, net::TimePoint) {
                       client::Transact(operations, shared_->NextTransaction(), std::move(submit), std::move(kept));
                     });
}

void Client::CopyRange(const KeyRange& source, const CopyTarget& target, const CopyRangeOptions& options,
                       Done<CopyRangeResult> done) {
  shared_->Start(base::CheckCopyRange(source, target), options, std::move(done),
                 [&](Done<CopyRangeResult>&& kept) { return client::CopyRangeCall(source, target, std::move(kept)); });
}

void Client::Wait(std::string_view key, const WaitOptions& options, Done<StatResult> done) {
  shared_->StartMany(base::CheckKey("wait", key), options, std::move(done),
                     [&](Done<StatResult>&& kept, client::Submit submit, net::TimePoint deadline) {
                       client::Wait(std::string(key), options.while_generation, &shared_->loop(), deadline,
                                    std::move(submit), std::move(kept));
                     });
}

void Client::StatServer(const StatOptions& options, Done<ServerStat> done) {
  auto reached = [shared = shared_.get()](client::Reached* to) { shared->connection().Describe(to); };
  shared_->Start(Status(), options, std::move(done),
                 [&](Done<ServerStat>&& kept) { return client::StatServerCall(reached, std::move(kept)); });
}

void Client::Await(const std::function<void()>& start, Latch& latch) {
  if (shared_->Here()) return shared_->loop().RunAndAwait(start, latch);
  start();
  latch.Wait();
}

}  // namespace remote_dram
