// LocalStore: access to a server's store within the server's process.
//
// Memory: the store outlives it; a value that it returned may outlive both. A Get without `into` copies
// nothing: the value lies in the store's memory, and counts against its limit until the value is destroyed.
// Threads: any. A call does its work at once, in the calling thread. Completions run in order, on a thread of the
// LocalStore; those of blocking calls, except Wait, run in the calling thread. Wait uses the loop lent by WaitOn.
// Failure: as the store's. A deadline that has already passed fails any call; a later one can end only a Wait. After Stop
// every call fails with UNAVAILABLE, in a forked child with FAILED_PRECONDITION. The destructor runs the remaining
// completions; it must not be called from one, or in a child. If a loop was lent, Stop comes before it.
#ifndef REMOTE_DRAM_SERVER_LOCAL_STORE_H_
#define REMOTE_DRAM_SERVER_LOCAL_STORE_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/fork.h"
#include "net/loop.h"
#include "remote_dram/key_value_store.h"
#include "server/waiters.h"
#include "store/store.h"

namespace remote_dram::server {

class LocalStore final : public KeyValueStore {
 public:
  // `server_stat`: the server's part of a ServerStat. Called from any thread.
  LocalStore(store::Store& store, std::function<ServerStat()> server_stat)
      : store_(store), server_stat_(std::move(server_stat)) {}

  // Call it before the first Wait. The loop must run until Stop has returned.
  void WaitOn(net::Loop* loop);
  // Ends every Wait, and refuses later calls. Must not be called from the loop.
  void Stop();

  using KeyValueStore::BatchRead;
  using KeyValueStore::BatchWrite;
  using KeyValueStore::CopyRange;
  using KeyValueStore::Delete;
  using KeyValueStore::DeleteRange;
  using KeyValueStore::Get;
  using KeyValueStore::List;
  using KeyValueStore::Put;
  using KeyValueStore::Stat;
  using KeyValueStore::StatServer;
  using KeyValueStore::Transact;
  using KeyValueStore::Wait;
  void Get(std::string_view key, const GetOptions& options, Done<GetResult> done) override;
  void Put(std::string_view key, const Pieces& value, const PutOptions& options,
           Done<WriteResult> done) override;
  std::unique_ptr<Upload> StartUpload(std::string_view key, uint64_t expected_bytes = 0) override;
  void Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) override;
  void DeleteRange(const KeyRange& range, const DeleteRangeOptions& options,
                   Done<DeleteRangeResult> done) override;
  void List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) override;
  void Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) override;
  void BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                 Done<BatchReadResult> done) override;
  void BatchWrite(const std::vector<WriteOperation>& operations, const BatchWriteOptions& options,
                  Done<BatchWriteResult> done) override;
  void Transact(const std::vector<WriteOperation>& operations, const TransactOptions& options,
                Done<TransactResult> done) override;
  void CopyRange(const KeyRange& source, const CopyTarget& target, const CopyRangeOptions& options,
                 Done<CopyRangeResult> done) override;
  void Wait(std::string_view key, const WaitOptions& options, Done<StatResult> done) override;
  void StatServer(const StatOptions& options, Done<ServerStat> done) override;

 protected:
  void Await(const std::function<void()>& start, Latch& latch) override;

 private:
  class LocalUpload;

  // Runs `work`, or refuses the call (WhyNot); then has the completion run.
  template <typename Options, typename T, typename Work>
  void Complete(const Options& options, Done<T> done, Work work);
  template <typename T>
  void Finish(bool awaited, Done<T> done, Result<T> result) {
    if (awaited) return std::move(done)(std::move(result));
    auto task = [done = std::move(done), result = std::move(result)]() mutable { std::move(done)(std::move(result)); };
    // A forked child does not have the executor's thread, and a completion must not run inside the call.
    if (!home_.Here()) return std::thread(std::move(task)).detach();
    completions_.Post(std::move(task));
  }
  // Whether the current call is a blocking one, whose completion may run inside it. Clears the mark that Await has set.
  bool TakeAwaited();
  Status WhyNot(const Cancellation& cancel, std::chrono::milliseconds timeout) const;
  void WaitHere(std::string_view key, const WaitOptions& options, net::TimePoint deadline, Done<StatResult> done);

  Result<BatchReadResult> BatchReadNow(const std::vector<ReadOperation>& operations, bool at_one_instant);
  Result<GetResult> GetNow(std::string_view key, const GetOptions& options);
  Result<WriteResult> Publish(Result<store::Reservation> reservation, const Generation& if_generation);
  ServerStat StatServerNow() const;

  const base::Home home_;
  store::Store& store_;
  const std::function<ServerStat()> server_stat_;
  std::atomic<bool> stopped_{false};
  base::Mutex mutex_;
  net::Loop* loop_ GUARDED_BY(mutex_) = nullptr;  // for Wait; null before WaitOn and after Stop
  std::unique_ptr<Waiters> waiters_;  // the loop's role
  base::Executor completions_;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_LOCAL_STORE_H_
