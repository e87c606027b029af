// The waiting forms of KeyValueStore: each starts the asynchronous one and waits on a latch.
#include "remote_dram/key_value_store.h"

#include <optional>

namespace remote_dram {

template <typename T, typename Start>
Result<T> KeyValueStore::Wait(Start start) {
  Latch latch;
  std::optional<Result<T>> answer;
  const auto begin = [&start, &latch, &answer] {
    start(Done<T>([&latch, &answer](Result<T> result) {
      answer.emplace(std::move(result));
      latch.Set();
    }));
  };
  Await(begin, latch);
  latch.Wait();  // Await may have returned while Set() still held the latch
  return std::move(*answer);
}

Result<GetResult> KeyValueStore::Get(std::string_view key, const GetOptions& options) {
  return Wait<GetResult>([&](Done<GetResult> done) { Get(key, options, std::move(done)); });
}

Result<WriteResult> KeyValueStore::Put(std::string_view key, std::string_view value, const PutOptions& options) {
  return Put(key, Pieces{value}, options);
}

Result<WriteResult> KeyValueStore::Put(std::string_view key, const Pieces& value, const PutOptions& options) {
  return Wait<WriteResult>([&](Done<WriteResult> done) { Put(key, value, options, std::move(done)); });
}

Result<WriteResult> KeyValueStore::Delete(std::string_view key, const DeleteOptions& options) {
  return Wait<WriteResult>([&](Done<WriteResult> done) { Delete(key, options, std::move(done)); });
}

Result<DeleteRangeResult> KeyValueStore::DeleteRange(const KeyRange& range, const DeleteRangeOptions& options) {
  return Wait<DeleteRangeResult>([&](Done<DeleteRangeResult> done) { DeleteRange(range, options, std::move(done)); });
}

Result<ListPage> KeyValueStore::List(const KeyRange& range, const ListOptions& options) {
  return Wait<ListPage>([&](Done<ListPage> done) { List(range, options, std::move(done)); });
}

Result<StatResult> KeyValueStore::Stat(std::string_view key, const StatOptions& options) {
  return Wait<StatResult>([&](Done<StatResult> done) { Stat(key, options, std::move(done)); });
}

Result<ServerStat> KeyValueStore::StatServer(const StatOptions& options) {
  return Wait<ServerStat>([&](Done<ServerStat> done) { StatServer(options, std::move(done)); });
}

}  // namespace remote_dram
