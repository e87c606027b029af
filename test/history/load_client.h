// LoadClient: one client of a load: a handle, a file, and the generations that it has seen of the keys.
//
// Memory: owns its handle and its file. Threads: one, except deadline_ns, which any thread may read.
// Failure: see load.h. Limits: those of LoadOptions.
#ifndef REMOTE_DRAM_TEST_HISTORY_LOAD_CLIENT_H_
#define REMOTE_DRAM_TEST_HISTORY_LOAD_CLIENT_H_

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "history/load.h"
#include "history/names.h"
#include "history/recorder.h"

namespace remote_dram::history {

// The environment of a load: by default the real clock and real pauses; a simulation replaces them.
struct Surroundings {
  std::shared_ptr<Context> context;  // null: each handle makes its own
  std::function<uint64_t()> now_ns = NowNs;
  std::function<void(std::chrono::milliseconds)> pause = [](auto time) { std::this_thread::sleep_for(time); };
  uint64_t seed = 0;  // added to the writer's number, seeds the random choices
};

// Counters of all clients of a load together.
struct Progress {
  std::atomic<uint64_t> operations{0};
  std::atomic<uint64_t> opened_again{0};
};

class LoadClient {
 public:
  LoadClient(const LoadOptions& options, uint32_t writer, Recorder recorder, Surroundings surroundings = {});

  // Calls every verb until `ended` returns true, and opens the handle again when its server was restarted. Returns OK, or
  // why it had to stop before.
  Status Run(Progress* progress, const std::function<bool()>& ended);

  const std::vector<std::string>& complaints() const { return complaints_; }
  uint64_t in_place() const { return in_place_; }
  const std::set<uint64_t>& incarnations_in_place() const { return incarnations_in_place_; }
  // The deadline of the call under way, which may be opening or closing the handle; 0 if none is under way.
  std::atomic<uint64_t> deadline_ns{0};

 private:
  // Tries until the handle is open or connect_patience is over.
  Status Open();
  // Makes one call of a random verb. Returns the number of operations to count: answered reads, and all writes.
  uint64_t CallOnce();
  void Close();

  // When a call begins, and its timeout.
  struct Begun {
    uint64_t at_ns;
    std::chrono::milliseconds timeout;
  };

  // read_verbs.cc
  uint64_t Get();
  uint64_t Stat();
  uint64_t Wait();
  uint64_t BatchRead(bool at_one_instant);
  Item Seen(uint32_t key, const GetResult& got, const ByteRange& range, const Generation& is, const Generation& is_not);
  Item SeenVersion(uint32_t key, const Generation& generation, uint64_t value_bytes);
  ByteRange PickRange();

  // write_verbs.cc
  uint64_t Put();
  uint64_t Delete();
  uint64_t BatchWrite();
  uint64_t Transact();
  // Makes a random operation of a batch or transaction on this key, and its record in `item`.
  WriteOperation PickWrite(uint32_t key, bool in_transaction, Item* item);
  void FinishWrite(Operation* operation, const Result<WriteResult>& written);
  void FinishTransaction(Operation* operation, const Begun& begun, const std::vector<WriteOperation>& operations,
                         const Result<TransactResult>& result);

  // range_verbs.cc
  uint64_t DeleteRange();
  uint64_t CopyRange();
  uint64_t List();

  // load_client.cc
  Begun Begin();
  Begun Begin(std::chrono::milliseconds timeout);
  Operation* AddOperation(Kind kind, const Begun& begun, std::span<const Item> items);
  void AddRead(const Begun& begun, uint64_t told, uint64_t sequence, std::span<const Item> items);
  void AddFailed(Kind kind, const Begun& begun, const Status& status);
  // Assigns the operation to an incarnation. `told`: the incarnation that a generation in the answer names; 0 if the
  // answer has none.
  void Place(Operation* operation, uint64_t told);
  static void ExpectForeign(Operation* operation);
  void Finish(Operation* operation, End end, uint64_t sequence) const {
    Recorder::Finish(operation, end, sequence, surroundings_.now_ns());
  }
  void Fail(Operation* operation, const Status& status);
  void Note(const Status& status);
  void Complain(const std::string& what);
  void Learn(uint32_t key, const Generation& generation) { seen_[key] = generation; }
  // Returns a random condition for a write, and records it in `item`.
  Generation PickCondition(uint32_t key, Item* item);
  std::string_view PickValue(Item* item);

  uint32_t Below(uint64_t limit) { return static_cast<uint32_t>(random_() % limit); }
  uint32_t PickKey() { return Below(options_.keys); }
  std::vector<uint32_t> PickKeys(uint32_t count);
  void PickKeysInARow(uint32_t of, uint32_t* first, uint32_t* end);
  std::string Name(uint32_t key) const { return NameOf(key, options_.keys); }

  const LoadOptions& options_;
  const uint32_t writer_;
  const bool accepts_;
  const Surroundings surroundings_;
  Recorder recorder_;
  std::mt19937_64 random_;
  std::optional<Client> client_;
  bool retired_ = false;
  // The handle's incarnation; if the handle goes on after restarts, the last one that an answer named. `waiting_` holds
  // the operations since that answer.
  uint64_t incarnation_ = 0;
  std::vector<Operation*> waiting_;
  std::vector<Generation> seen_;
  uint32_t values_ = 0;
  uint64_t in_place_ = 0;
  std::set<uint64_t> incarnations_in_place_;
  std::deque<std::string> lent_;   // the values of the call under way
  std::string into_;
  std::vector<std::string> complaints_;
};

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_LOAD_CLIENT_H_
