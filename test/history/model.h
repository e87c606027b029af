// Model: simulates a store and its clients in one thread. It makes correct histories of any length, or histories with one
// kind of fault, for the tests of the checker.
//
// Every call has random times at which it begins, happens and ends, so calls overlap. Some calls never learn their
// outcome, and now and then the store restarts empty.
// Memory: the caller owns the histories. Threads: one. Failure: none.
#ifndef REMOTE_DRAM_TEST_HISTORY_MODEL_H_
#define REMOTE_DRAM_TEST_HISTORY_MODEL_H_

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "history/history.h"
#include "history/key_history.h"

namespace remote_dram::history {

enum class Fault {
  kNone,
  kLostUpdate,         // an acknowledged put is not there
  kStaleRead,          // a read returns the version before the current one
  kStaleAll,           // the same, and the read's sequence is that version's number
  kHalfTransaction,    // a transaction leaves out its last key
  kTornSnapshot,       // in a read at one instant, the first key is older than the rest
  kNumberTwice,        // a put gets the number of the mutation before it
  kForeignValue,       // a read returns a value that no client wrote
  kMissing,            // a read does not find an existing key
  kConditionIgnored,   // a write goes ahead in any case
  kRefusedWrongly,     // a write is refused in any case
  kAppliedTwice,       // a write is applied, and once more later
  kRefusedButApplied,  // a put is refused and applied
  kListSkips,          // a listing leaves out keys
  kListInvents,        // a listing has keys that do not exist
  kRangeKeepsOne,      // a deleted range still has its first key
  kCopyOfOld,          // a copy has the value before the current one
  kOldIncarnation,     // the old incarnation answers once more after a restart
};

class Model {
 public:
  static constexpr uint32_t keys = 12;  // the second half holds the copies of the first
  static constexpr int clients = 6;

  Model(uint64_t seed, Fault fault) : random_(seed), fault_(fault) {}
  History Run(int operations);

 private:
  using Table = std::map<uint32_t, Version>;
  struct Pending {
    uint64_t happens_ns;
    Operation operation;
    std::vector<Item> items;
    bool operator<(const Pending& other) const { return happens_ns > other.happens_ns; }
  };

  Pending Next();
  void Happen(Pending& pending);
  void Read(Pending& pending);
  void Write(Pending& pending);
  void DeleteRange(Pending& pending);
  void CopyRange(Pending& pending);
  void List(Pending& pending);
  bool Holds(const Item& item) const;
  void Put(uint32_t key, const Version& version);
  void Restart();

  uint64_t Below(uint64_t limit) { return random_() % limit; }
  // True now and then, if `fault` is the planted one.
  bool Misbehave(Fault fault) { return fault_ == fault && Below(5) == 0; }

  std::mt19937_64 random_;
  const Fault fault_;
  History history_;
  uint64_t now_ns_ = 1000;
  uint64_t incarnation_ = 1;
  uint64_t sequence_ = 0;
  uint32_t values_ = 0;
  Table table_;
  Table before_;  // the version of each key before the current one
  std::vector<Item> again_;  // the items of a write that will be applied once more
  std::set<std::pair<uint32_t, uint64_t>> shown_;  // the keys and numbers that some answer contained
};

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_MODEL_H_
