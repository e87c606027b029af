// LocalStore: calls the store directly for each verb, and runs the completion on another thread.
#include "server/local_store.h"

#include <utility>

#include "base/copy_bytes.h"
#include "base/validate.h"
#include "store/growing_value.h"

namespace remote_dram::server {
namespace {

// The store of which this thread makes a blocking call. The completion of that call only stores the result, so it may run
// inside the call. This saves two thread switches, and lets a completion make blocking calls, which would otherwise wait
// for the very thread that runs it.
thread_local const LocalStore* waiting_for = nullptr;

}  // namespace

bool LocalStore::TakeAwaited() {
  const bool awaited = waiting_for == this;
  if (awaited) waiting_for = nullptr;  // applies to this call only, not to calls made within it
  return awaited;
}

Status LocalStore::WhyNot(const Cancellation& cancel, std::chrono::milliseconds timeout) const {
  if (Status home = home_.Check("server"); !home.ok()) return home;
  if (stopped_) return Status(StatusCode::kUnavailable, "the server was stopped");
  if (cancel.cancelled()) return Status(StatusCode::kCancelled, "cancelled before it began");
  // As a client does. No other deadline is checked: nothing here takes long enough for one to pass.
  if (timeout.count() < 0) return Status(StatusCode::kDeadlineExceeded, "the deadline had passed before it began");
  return Status();
}

template <typename Options, typename T, typename Work>
void LocalStore::Complete(const Options& options, Done<T> done, Work work) {
  const bool awaited = TakeAwaited();
  const Status why_not = WhyNot(options.cancel, options.timeout);
  Finish(awaited, std::move(done), why_not.ok() ? Result<T>(work()) : Result<T>(why_not));
}

void LocalStore::Get(std::string_view key, const GetOptions& options, Done<GetResult> done) {
  Complete(options, std::move(done), [&] { return GetNow(key, options); });
}

void LocalStore::Put(std::string_view key, const Pieces& value, const PutOptions& options,
                     Done<WriteResult> done) {
  Complete(options, std::move(done), [&] { return Publish(store_.PrepareCopy(key, value), options.if_generation); });
}

// A value of one part is put as any other: there would be nothing to do while the next part comes.
class LocalStore::LocalUpload final : public Upload {
 public:
  LocalUpload(LocalStore& local, std::string_view key, uint64_t expected_bytes)
      : local_(local), key_(key), value_(local.store_, key_, expected_bytes) {}
  ~LocalUpload() override {
    if (!local_.home_.Here()) base::Abandon(std::move(value_));
  }

  void Append(const Pieces& part, std::shared_ptr<const void> owner) override {
    if (!local_.home_.Here()) return;  // the memory is the parent's
    if (++parts_ == 1) {
      first_ = part;
      first_owner_ = std::move(owner);
      return;
    }
    if (parts_ == 2) {
      value_.Append(first_);
      first_owner_ = nullptr;
    }
    value_.Append(part);
  }

  void Commit(const PutOptions& options, Done<WriteResult> done) override {
    const std::shared_ptr<const void> owner = std::move(first_owner_);  // until Put has copied the part
    if (parts_ < 2) return local_.Put(key_, first_, options, std::move(done));
    local_.Complete(options, std::move(done), [&] { return local_.Publish(value_.Finish(), options.if_generation); });
  }

 private:
  LocalStore& local_;
  const std::string key_;
  store::GrowingValue value_;
  uint64_t parts_ = 0;
  Pieces first_;
  std::shared_ptr<const void> first_owner_;
};

std::unique_ptr<Upload> LocalStore::StartUpload(std::string_view key, uint64_t expected_bytes) {
  return std::make_unique<LocalUpload>(*this, key, expected_bytes);
}

void LocalStore::Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) {
  Complete(options, std::move(done), [&] { return store_.Delete(key, options.if_generation); });
}

void LocalStore::DeleteRange(const KeyRange& range, const DeleteRangeOptions& options, Done<DeleteRangeResult> done) {
  Complete(options, std::move(done), [&] { return store_.DeleteRange(range); });
}

void LocalStore::List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) {
  Complete(options, std::move(done), [&] { return store_.List(range, options); });
}

void LocalStore::Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) {
  Complete(options, std::move(done), [&] { return store_.Stat(key); });
}

void LocalStore::BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                           Done<BatchReadResult> done) {
  Complete(options, std::move(done), [&] { return BatchReadNow(operations, options.at_one_instant); });
}

void LocalStore::BatchWrite(const std::vector<WriteOperation>& operations, const BatchWriteOptions& options,
                            Done<BatchWriteResult> done) {
  Complete(options, std::move(done), [&] { return store_.BatchWrite(operations); });
}

void LocalStore::Transact(const std::vector<WriteOperation>& operations, const TransactOptions& options,
                          Done<TransactResult> done) {
  Complete(options, std::move(done), [&] { return store_.Transact(operations); });
}

void LocalStore::CopyRange(const KeyRange& source, const CopyTarget& target, const CopyRangeOptions& options,
                           Done<CopyRangeResult> done) {
  Complete(options, std::move(done), [&] { return store_.CopyRange(source, target); });
}

void LocalStore::StatServer(const StatOptions& options, Done<ServerStat> done) {
  Complete(options, std::move(done), [&] { return Result<ServerStat>(StatServerNow()); });
}

void LocalStore::Await(const std::function<void()>& start, Latch& latch) {
  waiting_for = this;
  start();
  latch.Wait();
}

Result<GetResult> LocalStore::GetNow(std::string_view key, const GetOptions& options) {
  Result<store::Found> found =
      store_.Lookup(key, {options.if_generation, options.if_not_generation, options.range});
  if (!found.ok()) return found.status();
  GetResult result{found->state, found->generation, {}, found->value_bytes, found->sequence};
  if (found->state != ReadState::kValue) return result;
  if (options.into.data == nullptr) {
    result.value = store_.ToValue(std::move(found->block), found->offset, found->size);
    return result;
  }
  const std::string_view bytes = found->bytes();
  if (Status fits = base::CheckRoom(key, bytes.size(), options.into.size); !fits.ok()) return fits;
  base::CopyForReader(options.into.data, bytes);
  result.value = Value(nullptr, {options.into.data, bytes.size()});
  return result;
}

Result<BatchReadResult> LocalStore::BatchReadNow(const std::vector<ReadOperation>& operations, bool at_one_instant) {
  Result<store::FoundMany> many = store_.BatchRead(base::ViewsOf(operations), at_one_instant);
  if (!many.ok()) return many.status();
  BatchReadResult result;
  result.sequence = many->sequence;
  result.results.reserve(many->results.size());
  for (Result<store::Found>& found : many->results) {
    if (!found.ok()) {
      result.results.push_back(found.status());
      continue;
    }
    GetResult one{found->state, found->generation, {}, found->value_bytes, found->sequence};
    if (found->block) one.value = store_.ToValue(std::move(found->block), found->offset, found->size);
    result.results.push_back(std::move(one));
  }
  return result;
}

Result<WriteResult> LocalStore::Publish(Result<store::Reservation> reservation, const Generation& if_generation) {
  if (!reservation.ok()) return reservation.status();
  return store_.Publish(*std::move(reservation), if_generation);
}

ServerStat LocalStore::StatServerNow() const {
  ServerStat stat = server_stat_();
  stat.address = stat.path = "local";
  return stat;
}

}  // namespace remote_dram::server
