// LocalStore: a server's own way to its store, in the same process.
//
// Memory: the store outlives it; a value that it returned may outlive both. A Get without `into` copies
// nothing: the value lies in the store's memory and counts there until it is dropped.
// Threads: any. The work is done in the calling thread, at once; completions run on a thread of its own, in
// order. A waiting call needs no other thread. Wait waits on a loop that is lent to it.
// Failure: as the store's; a deadline strikes only a Wait, or in the past any call. After Stop every call fails with UNAVAILABLE, and in
// a forked child with FAILED_PRECONDITION. The destructor runs the completions that are left and must not be
// called from one, nor in a child; it comes after Stop if a loop was lent.
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
  // `complete_stat` adds what only the server knows: connections, uptime, version. Called from any thread.
  LocalStore(store::Store& store, std::function<void(ServerStat&)> complete_stat)
      : store_(store), complete_stat_(std::move(complete_stat)) {}

  // Before the first Wait; the loop runs until Stop has returned.
  void WaitOn(net::Loop* loop);
  // Ends every Wait, and refuses what comes. Not from the loop.
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
  // Does the work unless the server was stopped or the call cancelled, and has the completion run.
  template <typename Options, typename T, typename Work>
  void Complete(const Options& options, Done<T> done, Work work);
  template <typename T>
  void Finish(bool awaited, Done<T> done, Result<T> result) {
    if (awaited) return std::move(done)(std::move(result));
    auto task = [done = std::move(done), result = std::move(result)]() mutable { std::move(done)(std::move(result)); };
    // A child has not the thread of the executor, and this one must not run the completion inside the call.
    if (!home_.Here()) return std::thread(std::move(task)).detach();
    completions_.Post(std::move(task));
  }
  // Whether this thread is in the waiting form of the call that asks.
  bool TakeAwaited();
  Status WhyNot(const Cancellation& cancel, std::chrono::milliseconds timeout) const;
  void WaitHere(std::string_view key, const WaitOptions& options, net::TimePoint deadline, Done<StatResult> done);

  Result<BatchReadResult> BatchReadNow(const std::vector<ReadOperation>& operations, bool at_one_instant);
  Result<GetResult> GetNow(std::string_view key, const GetOptions& options);
  Result<WriteResult> PutNow(std::string_view key, const Pieces& value, const Generation& if_generation);
  ServerStat StatServerNow() const;

  const base::Home home_;
  store::Store& store_;
  const std::function<void(ServerStat&)> complete_stat_;
  std::atomic<bool> stopped_{false};
  base::Mutex mutex_;
  net::Loop* loop_ GUARDED_BY(mutex_) = nullptr;  // that Wait may be posted to
  std::unique_ptr<Waiters> waiters_;  // the loop's role
  base::Executor completions_;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_LOCAL_STORE_H_
