// KeyValueStore: the one interface to a store of bytes, whether in this process or on another machine.
//
// Memory: keys and options are copied by the call. The bytes that are put, and GetOptions::into, must outlive
// the completion (the waiting forms return after it).
// Threads: any; calls may overlap. Operations on one key are linearizable.
// Failure: see status.h. INVALID_ARGUMENT: a key, range or option that makes no sense, or over a named
// limit. RESOURCE_EXHAUSTED: a limit of memory, by name. UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED: no
// answer; if the call could have changed something, outcome_unknown() says so. FAILED_PRECONDITION: the
// server was restarted and this handle belongs to its predecessor. A failure never looks like a missing key.
#ifndef REMOTE_DRAM_KEY_VALUE_STORE_H_
#define REMOTE_DRAM_KEY_VALUE_STORE_H_

#include <functional>
#include <string_view>
#include <vector>

#include "remote_dram/done.h"
#include "remote_dram/latch.h"
#include "remote_dram/status.h"
#include "remote_dram/verbs.h"

namespace remote_dram {

class KeyValueStore {
 public:
  virtual ~KeyValueStore() = default;

  // Asynchronous. The completion comes last; its promise is in done.h.
  virtual void Get(std::string_view key, const GetOptions& options, Done<GetResult> done) = 0;
  virtual void Put(std::string_view key, const Pieces& value, const PutOptions& options,
                   Done<WriteResult> done) = 0;
  virtual void Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) = 0;
  virtual void DeleteRange(const KeyRange& range, const DeleteRangeOptions& options,
                           Done<DeleteRangeResult> done) = 0;
  virtual void List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) = 0;
  virtual void Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) = 0;
  // Several operations in one message and one reply. An error is one of the whole; each has its own result.
  virtual void BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                         Done<BatchReadResult> done) = 0;
  virtual void BatchWrite(const std::vector<WriteOperation>& operations, const BatchWriteOptions& options,
                          Done<BatchWriteResult> done) = 0;
  // All of it or nothing, at one instant. Readers see all of it or nothing, too.
  virtual void Transact(const std::vector<WriteOperation>& operations, const TransactOptions& options,
                        Done<TransactResult> done) = 0;
  // The target must not lie in the range that is copied. An error tells how many were copied before it.
  virtual void CopyRange(const KeyRange& source, const CopyTarget& target, const CopyRangeOptions& options,
                         Done<CopyRangeResult> done) = 0;
  // Answers at once if the version is another one already. Costs nothing while it waits.
  virtual void Wait(std::string_view key, const WaitOptions& options, Done<StatResult> done) = 0;
  virtual void StatServer(const StatOptions& options, Done<ServerStat> done) = 0;

  // The same verbs, waiting.
  Result<GetResult> Get(std::string_view key, const GetOptions& options = {});
  Result<WriteResult> Put(std::string_view key, std::string_view value, const PutOptions& options = {});
  Result<WriteResult> Put(std::string_view key, const Pieces& value, const PutOptions& options = {});
  Result<WriteResult> Delete(std::string_view key, const DeleteOptions& options = {});
  Result<DeleteRangeResult> DeleteRange(const KeyRange& range, const DeleteRangeOptions& options = {});
  Result<ListPage> List(const KeyRange& range, const ListOptions& options = {});
  Result<StatResult> Stat(std::string_view key, const StatOptions& options = {});
  Result<BatchReadResult> BatchRead(const std::vector<ReadOperation>& operations,
                                    const BatchReadOptions& options = {});
  Result<BatchWriteResult> BatchWrite(const std::vector<WriteOperation>& operations,
                                      const BatchWriteOptions& options = {});
  Result<TransactResult> Transact(const std::vector<WriteOperation>& operations,
                                  const TransactOptions& options = {});
  Result<CopyRangeResult> CopyRange(const KeyRange& source, const CopyTarget& target,
                                    const CopyRangeOptions& options = {});
  Result<StatResult> Wait(std::string_view key, const WaitOptions& options = {});
  Result<ServerStat> StatServer(const StatOptions& options = {});

 protected:
  // An answer in the calling thread, if that needs no waiting. The waiting forms ask first.
  virtual std::optional<GetResult> GetAtOnce(std::string_view, const GetOptions&) { return {}; }
  virtual std::optional<StatResult> StatAtOnce(std::string_view, const StatOptions&) { return {}; }
  virtual std::optional<BatchReadResult> BatchReadAtOnce(const std::vector<ReadOperation>&, const BatchReadOptions&) {
    return {};
  }

  // Runs `start`, which makes the call that will set the latch, and blocks until it is set. A store whose
  // answers come from a network may lend the waiting thread to it.
  virtual void Await(const std::function<void()>& start, Latch& latch) {
    start();
    latch.Wait();
  }

 private:
  template <typename T, typename Start>
  Result<T> Block(Start start);
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_KEY_VALUE_STORE_H_
