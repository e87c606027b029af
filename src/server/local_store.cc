// LocalStore: each verb straight on the store, its completion on another thread.
#include "server/local_store.h"

#include <cstring>
#include <utility>

#include "base/validate.h"

namespace remote_dram::server {
namespace {

// The store whose waiting form this thread is in. Its completion only takes the answer, so it may run inside
// the call: two switches of threads less, and a completion that waits does not wait for itself.
thread_local const LocalStore* waiting_for = nullptr;

}  // namespace

template <typename T, typename Work>
void LocalStore::Complete(Done<T> done, Work work) {
  const bool waiting = waiting_for == this;
  if (waiting) waiting_for = nullptr;  // it is for this call alone, not for any that the work may make
  const Status home = home_.Check("server");
  const Status stopped(StatusCode::kUnavailable, "the server was stopped");
  Result<T> result = !home.ok() ? Result<T>(home) : stopped_ ? Result<T>(stopped) : work();
  if (waiting) return std::move(done)(std::move(result));
  if (!home.ok()) return std::thread([done = std::move(done), home]() mutable { std::move(done)(home); }).detach();
  completions_.Post([done = std::move(done), result = std::move(result)]() mutable {
    std::move(done)(std::move(result));
  });
}

void LocalStore::Get(std::string_view key, const GetOptions& options, Done<GetResult> done) {
  Complete(std::move(done), [&] { return GetNow(key, options); });
}

void LocalStore::Put(std::string_view key, const Pieces& value, const PutOptions& options,
                     Done<WriteResult> done) {
  Complete(std::move(done), [&] { return PutNow(key, value, options.if_generation); });
}

void LocalStore::Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) {
  Complete(std::move(done), [&] { return store_.Delete(key, options.if_generation); });
}

void LocalStore::DeleteRange(const KeyRange& range, const DeleteRangeOptions&, Done<DeleteRangeResult> done) {
  Complete(std::move(done), [&] { return store_.DeleteRange(range); });
}

void LocalStore::List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) {
  Complete(std::move(done), [&] { return store_.List(range, options); });
}

void LocalStore::Stat(std::string_view key, const StatOptions&, Done<StatResult> done) {
  Complete(std::move(done), [&] { return store_.Stat(key); });
}

void LocalStore::StatServer(const StatOptions&, Done<ServerStat> done) {
  Complete(std::move(done), [&] { return Result<ServerStat>(StatServerNow()); });
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
  std::memcpy(options.into.data, bytes.data(), bytes.size());
  result.value = Value(nullptr, {options.into.data, bytes.size()});
  return result;
}

Result<WriteResult> LocalStore::PutNow(std::string_view key, const Pieces& value,
                                       const Generation& if_generation) {
  uint64_t value_bytes = 0;
  for (const std::string_view piece : value) value_bytes += piece.size();
  Result<store::Reservation> reservation = store_.Prepare(key, value_bytes);
  if (!reservation.ok()) return reservation.status();
  char* to = reservation->bytes().data;
  for (const std::string_view piece : value) {
    if (!piece.empty()) std::memcpy(to, piece.data(), piece.size());  // the data of an empty one may be null
    to += piece.size();
  }
  return store_.Publish(*std::move(reservation), if_generation);
}

ServerStat LocalStore::StatServerNow() const {
  const store::StoreUsage usage = store_.Usage();
  ServerStat stat;
  stat.incarnation = store_.incarnation();
  stat.sequence = usage.sequence;
  stat.keys = usage.keys;
  stat.memory_bytes = usage.memory_bytes;
  stat.memory_limit_bytes = usage.memory_limit_bytes;
  stat.address = "local";
  stat.path = "local";
  complete_stat_(stat);
  return stat;
}

}  // namespace remote_dram::server
