// Operation and Item: one call of a history and the keys that it read or wrote, in the layout of files and memory.
//
// An Operation is followed by its items. Its sequence is the server's, from the reply: a write's own number, or for all
// other operations the number of the newest mutation when the operation took place. So every answered operation has one
// place in the order of all mutations, and the checker judges it there.
// Times are nanoseconds of the monotonic clock, which all processes of a machine share.
// Memory: plain values without pointers. Threads: as plain values. Failure: none.
// Limits: keys are numbers; names.h has their names.
#ifndef REMOTE_DRAM_TEST_HISTORY_RECORD_H_
#define REMOTE_DRAM_TEST_HISTORY_RECORD_H_

#include <cstdint>
#include <type_traits>

namespace remote_dram::history {

enum class Kind : uint8_t { kRead = 0, kWrite = 1, kDeleteRange = 2, kCopyRange = 3, kList = 4 };

// How a call ended. kDone calls have taken effect; kNever and kUnknown calls may have; the others have changed nothing.
enum class End : uint8_t {
  kNever = 0,    // its client died before the end, or the call is still running
  kUnknown = 1,  // the client does not know whether it was applied
  kFailed = 2,   // nothing was changed or read
  kRefused = 3,  // a condition did not hold: nothing was changed
  kDone = 4,
};

struct Operation {
  uint64_t began_ns = 0;
  uint64_t ended_ns = 0;     // 0: never
  uint64_t incarnation = 0;  // the one that answered, or the only one that may have been changed; 0: any
  uint64_t sequence = 0;
  uint32_t timeout_ms = 0;
  uint32_t first_key = 0;    // of a range, which does not include end_key
  uint32_t end_key = 0;
  uint32_t target_key = 0;   // the key to which a copy copies first_key; the others follow
  uint32_t items = 0;
  Kind kind = Kind::kRead;
  End end = End::kNever;
  uint16_t reserved = 0;
};

// The state of a key that a read found or a write made.
enum class What : uint8_t {
  kNothing = 0,  // missing, or deleted
  kValue = 1,    // `value` is its id
  kVersion = 2,  // the key exists, but its value was not read; `value` is its size in bytes, 0 if not told
  kKept = 3,     // in a write: the key is only checked, not changed
};

// A condition on a key's version.
enum class Condition : uint8_t {
  kNone = 0,
  kMissing = 1,
  kIs = 2,       // the version with the number `expected`
  kIsNot = 3,    // any other version; reads only
  kForeign = 4,  // a version of another incarnation: never holds
};

struct Item {
  uint64_t value = 0;
  uint64_t sequence = 0;  // in reads: the version's number; 0 with kNothing
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
