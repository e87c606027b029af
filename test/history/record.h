// Operation and Item: one call of a history and what it read or wrote, as they lie in files and in memory.
//
// An Operation is followed by its items. The sequence is the server's, from the reply: the number of a write,
// and of everything else the number of the newest mutation at the moment when it took place. So every
// operation that was answered has one place in the order of all, and a history is judged by looking there.
// Times are nanoseconds of the monotonic clock, one for all processes of a machine.
// Memory: plain values without pointers. Threads: as plain values. Failure: none.
// Limits: keys are numbers; names.h has their names.
#ifndef REMOTE_DRAM_TEST_HISTORY_RECORD_H_
#define REMOTE_DRAM_TEST_HISTORY_RECORD_H_

#include <cstdint>
#include <type_traits>

namespace remote_dram::history {

enum class Kind : uint8_t { kRead = 0, kWrite = 1, kDeleteRange = 2, kCopyRange = 3, kList = 4 };

// How a call ended. Only the first two can have changed the store without being done.
enum class End : uint8_t {
  kNever = 0,    // its client died before, or it is still running
  kUnknown = 1,  // nobody knows whether it was applied
  kFailed = 2,   // nothing was changed, and nothing is known
  kRefused = 3,  // a condition did not hold: nothing was changed
  kDone = 4,
};

struct Operation {
  uint64_t began_ns = 0;
  uint64_t ended_ns = 0;     // 0: never
  uint64_t incarnation = 0;  // that answered, or that alone may have been changed; 0: any
  uint64_t sequence = 0;
  uint32_t timeout_ms = 0;
  uint32_t first_key = 0;    // of a range, whose last key is the one before end_key
  uint32_t end_key = 0;
  uint32_t target_key = 0;   // what a copy makes of first_key; the others follow
  uint32_t items = 0;
  Kind kind = Kind::kRead;
  End end = End::kNever;
  uint16_t reserved = 0;
};

// What a key was found or made to be.
enum class What : uint8_t {
  kNothing = 0,  // missing, or deleted
  kValue = 1,    // `value` is its id
  kVersion = 2,  // it exists, and was not read: `value` has its size in bytes; 0: not told
  kKept = 3,     // of a write: only its condition counts
};

// What a key's version had to be, by its number.
enum class Condition : uint8_t {
  kNone = 0,
  kMissing = 1,
  kIs = 2,
  kIsNot = 3,    // of reads only
  kForeign = 4,  // a version of another incarnation: never holds
};

struct Item {
  uint64_t value = 0;
  uint64_t sequence = 0;  // of reads: the version's number; nothing has none
  uint64_t expected = 0;  // with kIs and kIsNot
  uint32_t key = 0;
  What what = What::kNothing;
  Condition condition = Condition::kNone;
  uint16_t reserved = 0;
};

static_assert(sizeof(Operation) == 56 && std::is_trivially_copyable_v<Operation>);
static_assert(sizeof(Item) == 32 && std::is_trivially_copyable_v<Item>);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_RECORD_H_
