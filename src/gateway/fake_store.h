// FakeStore: a KeyValueStore for tests, which can fail on demand, hold its answers back, and record what it was asked.
//
// Memory: owns everything. A Put copies its bytes only when it is answered, so that a sanitizer detects bytes that were
// freed too early.
// Threads: any; answers come from a thread of its own.
// Failure: every call fails with the status given to FailWith; verbs that the gateway does not use are UNIMPLEMENTED.
#ifndef REMOTE_DRAM_GATEWAY_FAKE_STORE_H_
#define REMOTE_DRAM_GATEWAY_FAKE_STORE_H_

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/task.h"
#include "base/validate.h"
#include "remote_dram/key_value_store.h"

namespace remote_dram::gateway {

class FakeStore final : public KeyValueStore {
 public:
  using KeyValueStore::Delete;
  using KeyValueStore::Get;
  using KeyValueStore::Put;

  FakeStore() : thread_([this] { Loop(); }) {}
  ~FakeStore() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  // For the test to control the store.
  void FailWith(Status status) { failure_ = std::move(status); }
  void KeepAnswers() {
    const std::lock_guard lock(mutex_);
    keep_ = true;
  }
  void ReleaseAnswers() {
    const std::lock_guard lock(mutex_);
    keep_ = false;
    changed_.notify_all();
  }
  void AwaitKept(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return answers_.size() >= count; });
  }
  size_t page_entries_max = list_entries_max;

  // For the test to read while no call is under way.
  GetOptions last_get;
  size_t puts = 0;
  size_t lists = 0;
  std::chrono::milliseconds last_timeout{-1};

  void Get(std::string_view key, const GetOptions& options, Done<GetResult> done) override {
    last_get = options;
    last_timeout = options.timeout;
    Answer([this, key = std::string(key), options] { return Read(key, options); }, std::move(done));
  }
  void Put(std::string_view key, const Pieces& value, const PutOptions& options,
           Done<WriteResult> done) override {
    ++puts;
    last_timeout = options.timeout;
    Answer([this, key = std::string(key), &value,
            options] { return Write(key, Flat(value), options.if_generation); },
           std::move(done));
  }
  void Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) override {
    Answer([this, key = std::string(key), options] { return Write(key, nullptr, options.if_generation); },
           std::move(done));
  }
  void DeleteRange(const KeyRange& range, const DeleteRangeOptions&,
                   Done<DeleteRangeResult> done) override {
    Answer(
        [this, range]() -> Result<DeleteRangeResult> {
          const size_t deleted =
              std::erase_if(entries_, [&](const auto& e) { return range.Contains(e.first); });
          return DeleteRangeResult{.keys_deleted = deleted, .sequence = ++sequence_};
        },
        std::move(done));
  }
  void List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) override {
    ++lists;
    Answer([this, range, options] { return Page(range, options); }, std::move(done));
  }
  void Stat(std::string_view, const StatOptions&, Done<StatResult> done) override {
    Refuse(std::move(done));
  }
  void BatchRead(const std::vector<ReadOperation>&, const BatchReadOptions&,
                 Done<BatchReadResult> done) override {
    Refuse(std::move(done));
  }
  void BatchWrite(const std::vector<WriteOperation>&, const BatchWriteOptions&,
                  Done<BatchWriteResult> done) override {
    Refuse(std::move(done));
  }
  void Transact(const std::vector<WriteOperation>&, const TransactOptions&,
                Done<TransactResult> done) override {
    Refuse(std::move(done));
  }
  void CopyRange(const KeyRange&, const CopyTarget&, const CopyRangeOptions&,
                 Done<CopyRangeResult> done) override {
    Refuse(std::move(done));
  }
  void Wait(std::string_view, const WaitOptions&, Done<StatResult> done) override {
    Refuse(std::move(done));
  }
  void StatServer(const StatOptions&, Done<ServerStat> done) override { Refuse(std::move(done)); }

 private:
  using Bytes = std::shared_ptr<const std::string>;
  struct Entry {
    Generation generation;
    Bytes bytes;
  };

  template <typename F, typename T>
  void Answer(F result, Done<T> done) {
    const std::lock_guard lock(mutex_);
    answers_.emplace_back([this, result = std::move(result), done = std::move(done)]() mutable {
      std::move(done)(failure_ ? Result<T>(*failure_) : result());
    });
    changed_.notify_all();
  }
  void Loop() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return ending_ || (!keep_ && !answers_.empty()); });
      if (ending_) return;
      base::Task answer = std::move(answers_.front());
      answers_.pop_front();
      lock.unlock();
      answer();
      answer = {};
      lock.lock();
    }
  }
  template <typename T>
  void Refuse(Done<T> done) {
    Answer([]() -> Result<T> { return Status(StatusCode::kUnimplemented, "not in the fake"); },
           std::move(done));
  }

  static Bytes Flat(const Pieces& pieces) {
    auto flat = std::make_shared<std::string>();
    for (std::string_view piece : pieces) flat->append(piece);
    return flat;
  }

  Result<GetResult> Read(const std::string& key, const GetOptions& options) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
      GetResult missing;
      missing.generation = Generation::Missing();
      return missing;
    }
    const Entry& entry = found->second;
    const Generation& unless = options.if_not_generation;
    const bool wanted = !options.if_generation.known() || options.if_generation == entry.generation;
    if (!wanted || (unless.kind() == Generation::Kind::kValue && unless == entry.generation)) {
      GetResult failed;
      failed.state = ReadState::kConditionFailed;
      failed.generation = entry.generation;
      return failed;
    }
    const auto range = base::ResolveRange(options.range, entry.bytes->size());
    if (!range.ok()) return range.status();
    const std::string_view all = *entry.bytes;
    return GetResult{.state = ReadState::kValue,
                     .generation = entry.generation,
                     .value = Value(entry.bytes, all.substr(range->offset, range->size)),
                     .value_bytes = all.size(),
                     .sequence = sequence_};
  }

  // Null bytes: a delete.
  Result<WriteResult> Write(const std::string& key, Bytes bytes, const Generation& condition) {
    const auto found = entries_.find(key);
    const Generation now = found == entries_.end() ? Generation::Missing() : found->second.generation;
    if (condition.known() && condition != now) {
      return WriteResult{WriteState::kConditionFailed, Generation::Unknown(), sequence_};
    }
    const uint64_t sequence = ++sequence_;
    if (!bytes) {
      entries_.erase(key);
      return WriteResult{WriteState::kApplied, Generation::Missing(), sequence};
    }
    const Generation made = Generation::Value(kIncarnation, sequence);
    entries_[key] = Entry{made, std::move(bytes)};
    return WriteResult{WriteState::kApplied, made, sequence};
  }

  Result<ListPage> Page(const KeyRange& range, const ListOptions& options) {
    ListPage page;
    for (const auto& [key, entry] : entries_) {
      if (!range.Contains(key) || (options.after && key <= *options.after)) continue;
      page.more = page.entries.size() == page_entries_max;
      if (page.more) break;
      page.entries.push_back({key, entry.bytes->size()});
    }
    return page;
  }

  static constexpr uint64_t kIncarnation = 7;

  std::optional<Status> failure_;
  std::map<std::string, Entry> entries_;  // used only by the thread
  uint64_t sequence_ = 0;                 // used only by the thread

  std::mutex mutex_;
  std::condition_variable changed_;
  bool keep_ = false;
  bool ending_ = false;
  std::deque<base::Task> answers_;
  std::thread thread_;  // the last member, because the thread uses the others
};

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_FAKE_STORE_H_
