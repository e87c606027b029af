// LocalStore: a server's own way to its store, in the same process.
//
// Memory: the store outlives it; a value that it returned may outlive both. A Get without `into` copies
// nothing: the value lies in the store's memory and counts there until it is dropped.
// Threads: any. The work is done in the calling thread, at once; completions run on a thread of its own, in
// order. A waiting call needs no other thread.
// Failure: as the store's; a time-out never strikes. After Stop every call fails with UNAVAILABLE, and in a
// forked child with FAILED_PRECONDITION. The destructor runs the completions that are left and must not be
// called from one, nor in a child.
#ifndef REMOTE_DRAM_SERVER_LOCAL_STORE_H_
#define REMOTE_DRAM_SERVER_LOCAL_STORE_H_

#include <atomic>
#include <functional>
#include <string_view>

#include "base/executor.h"
#include "base/fork.h"
#include "remote_dram/key_value_store.h"
#include "store/store.h"

namespace remote_dram::server {

class LocalStore final : public KeyValueStore {
 public:
  // `complete_stat` adds what only the server knows: connections, uptime, version. Called from any thread.
  LocalStore(store::Store& store, std::function<void(ServerStat&)> complete_stat)
      : store_(store), complete_stat_(std::move(complete_stat)) {}

  void Stop() { stopped_ = true; }

  using KeyValueStore::Delete;
  using KeyValueStore::DeleteRange;
  using KeyValueStore::Get;
  using KeyValueStore::List;
  using KeyValueStore::Put;
  using KeyValueStore::Stat;
  using KeyValueStore::StatServer;
  void Get(std::string_view key, const GetOptions& options, Done<GetResult> done) override;
  void Put(std::string_view key, const Pieces& value, const PutOptions& options,
           Done<WriteResult> done) override;
  void Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) override;
  void DeleteRange(const KeyRange& range, const DeleteRangeOptions& options,
                   Done<DeleteRangeResult> done) override;
  void List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) override;
  void Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) override;
  void StatServer(const StatOptions& options, Done<ServerStat> done) override;

 protected:
  void Await(const std::function<void()>& start, Latch& latch) override;

 private:
  // Does the work unless the server was stopped, and has the completion run.
  template <typename T, typename Work>
  void Complete(Done<T> done, Work work);

  Result<GetResult> GetNow(std::string_view key, const GetOptions& options);
  Result<WriteResult> PutNow(std::string_view key, const Pieces& value, const Generation& if_generation);
  ServerStat StatServerNow() const;

  const base::Home home_;
  store::Store& store_;
  const std::function<void(ServerStat&)> complete_stat_;
  std::atomic<bool> stopped_{false};
  base::Executor completions_;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_LOCAL_STORE_H_
