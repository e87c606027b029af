// The blocking calls of KeyValueStore: each starts its asynchronous counterpart and waits on a latch. And the upload of a store
// that has none of its own.
#include "remote_dram/key_value_store.h"

#include <functional>
#include <optional>

#include "base/collected_upload.h"

namespace remote_dram {

template <typename T, typename Start>
Result<T> KeyValueStore::Block(Start start) {
  Latch latch;
  std::optional<Result<T>> answer;
  const auto begin = [&start, &latch, &answer] {
    start(Done<T>([&latch, &answer](Result<T>&& result) {
      answer.emplace(std::move(result));
      latch.Set();
    }));
  };
  Await(std::ref(begin), latch);
  latch.Wait();  // Await may have returned while Set() still held the latch
  return std::move(*answer);
}

Result<GetResult> KeyValueStore::Get(std::string_view key, const GetOptions& options) {
  if (std::optional<GetResult> at_once = GetAtOnce(key, options)) return *std::move(at_once);
  return Block<GetResult>([&](Done<GetResult> done) { Get(key, options, std::move(done)); });
}

Result<WriteResult> KeyValueStore::Put(std::string_view key, std::string_view value, const PutOptions& options) {
  return Put(key, Pieces{value}, options);
}

Result<WriteResult> KeyValueStore::Put(std::string_view key, const Pieces& value, const PutOptions& options) {
  return Block<WriteResult>([&](Done<WriteResult> done) { Put(key, value, options, std::move(done)); });
}

std::unique_ptr<Upload> KeyValueStore::StartUpload(std::string_view key, uint64_t) {
  return std::make_unique<base::CollectedUpload>(*this, key);
}

Result<WriteResult> KeyValueStore::Delete(std::string_view key, const DeleteOptions& options) {
  return Block<WriteResult>([&](Done<WriteResult> done) { Delete(key, options, std::move(done)); });
}

Result<DeleteRangeResult> KeyValueStore::DeleteRange(const KeyRange& range, const DeleteRangeOptions& options) {
  return Block<DeleteRangeResult>([&](Done<DeleteRangeResult> done) { DeleteRange(range, options, std::move(done)); });
}

Result<ListPage> KeyValueStore::List(const KeyRange& range, const ListOptions& options) {
  return Block<ListPage>([&](Done<ListPage> done) { List(range, options, std::move(done)); });
}

Result<StatResult> KeyValueStore::Stat(std::string_view key, const StatOptions& options) {
  if (std::optional<StatResult> at_once = StatAtOnce(key, options)) return *std::move(at_once);
  return Block<StatResult>([&](Done<StatResult> done) { Stat(key, options, std::move(done)); });
}

Result<BatchReadResult> KeyValueStore::BatchRead(const std::vector<ReadOperation>& operations,
                                                 const BatchReadOptions& options) {
  if (std::optional<BatchReadResult> at_once = BatchReadAtOnce(operations, options)) return *std::move(at_once);
  return Block<BatchReadResult>(
      [&](Done<BatchReadResult> done) { BatchRead(operations, options, std::move(done)); });
}

Result<BatchWriteResult> KeyValueStore::BatchWrite(const std::vector<WriteOperation>& operations,
                                                   const BatchWriteOptions& options) {
  return Block<BatchWriteResult>(
      [&](Done<BatchWriteResult> done) { BatchWrite(operations, options, std::move(done)); });
}

Result<TransactResult> KeyValueStore::Transact(const std::vector<WriteOperation>& operations,
                                               const TransactOptions& options) {
  return Block<TransactResult>(
      [&](Done<TransactResult> done) { Transact(operations, options, std::move(done)); });
}

Result<CopyRangeResult> KeyValueStore::CopyRange(const KeyRange& source, const CopyTarget& target,
                                                 const CopyRangeOptions& options) {
  return Block<CopyRangeResult>(
      [&](Done<CopyRangeResult> done) { CopyRange(source, target, options, std::move(done)); });
}

Result<StatResult> KeyValueStore::Wait(std::string_view key, const WaitOptions& options) {
  return Block<StatResult>([&](Done<StatResult> done) { Wait(key, options, std::move(done)); });
}

Result<ServerStat> KeyValueStore::StatServer(const StatOptions& options) {
  return Block<ServerStat>([&](Done<ServerStat> done) { StatServer(options, std::move(done)); });
}

}  // namespace remote_dram
