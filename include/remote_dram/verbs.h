// The options and results of every verb of a KeyValueStore.
//
// The semantics are TensorStore's: conditions are expressed by generations, byte ranges are never clamped, and a missing
// key is an answer and never an error.
// In all options: `timeout` is in milliseconds; 0 means the default of the store (ClientOptions::timeout), a negative one is
// a deadline that has already passed, and one above timeout_max counts as timeout_max. `cancel` can cancel the call; an
// empty handle cannot.
// In all results: `sequence` is the server's count of mutations at the instant when the operation took place. For an
// applied write it is the sequence number of the new generation.
// Memory and threads: plain values; copies of a GetResult share the bytes of its value. Failure: none.
#ifndef REMOTE_DRAM_VERBS_H_
#define REMOTE_DRAM_VERBS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remote_dram/cancellation.h"
#include "remote_dram/generation.h"
#include "remote_dram/limits.h"
#include "remote_dram/status.h"
#include "remote_dram/value.h"

namespace remote_dram {

// The bytes [min, max) of a value. max = -1 means to the end. min < 0 means the last -min bytes; max must then be -1.
// A bound outside the value is OUT_OF_RANGE; a range that fits no value at all is INVALID_ARGUMENT.
struct ByteRange {
  int64_t min = 0;
  int64_t max = -1;
  bool full() const { return min == 0 && max == -1; }
};

// The keys k with begin <= k < end, in the order of their unsigned bytes. An empty `end` means no upper bound.
struct KeyRange {
  std::string begin;
  std::string end;

  static KeyRange Prefix(std::string_view prefix);  // the keys that start with `prefix`
  static KeyRange Single(std::string_view key);     // this key alone
  bool Contains(std::string_view key) const { return key >= begin && (end.empty() || key < end); }
};

enum class ReadState : uint8_t {
  kValue = 0,            // the key exists, and the conditions hold
  kMissing = 1,          // the key does not exist, whatever the conditions
  kConditionFailed = 2,  // the key exists, but a condition does not hold; GetResult::generation is its version
};

struct GetOptions {
  Generation if_generation;      // read only this version; Unknown: any. Missing never holds for a key that exists
  Generation if_not_generation;  // read only another version; Unknown and Missing: any
  ByteRange range;
  // The caller's memory to read into, from its start; if `data` is null, the library allocates memory. A value (or byte
  // range) that does not fit is OUT_OF_RANGE. If no value is returned, this memory may hold anything.
  MutableBytes into;
  // True: if this client maps the server's memory, the returned value may be a view, that is, the server's memory itself,
  // read-only and without a copy. The server keeps that version as long as the view is held, and the view stays valid even
  // if the server dies. Beyond views_max or pinned_bytes_max, or if nothing is mapped, the value is a copy. Has no effect
  // together with `into`. A forked child must not touch its parent's views.
  bool view = false;
  // With `view`: copy a value of fewer bytes than view_bytes_min, and one that would bring the total size of this
  // connection's views above view_bytes_max.
  uint64_t view_bytes_min = 0;
  uint64_t view_bytes_max = pinned_bytes_max;
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct GetResult {
  ReadState state = ReadState::kMissing;
  Generation generation;     // of the key's current version; Missing if there is none
  Value value;               // of the requested range; empty unless the state is kValue
  uint64_t value_bytes = 0;  // size of the whole value, also for a range
  uint64_t sequence = 0;
};

// kConditionFailed: a condition did not hold, and nothing was changed.
enum class WriteState : uint8_t { kApplied = 0, kConditionFailed = 1 };

struct PutOptions {
  Generation if_generation;  // write only over this version; Missing: the key must not exist; Unknown: always
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct DeleteOptions {
  Generation if_generation;  // as in PutOptions
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

// The result of a Put or Delete.
struct WriteResult {
  WriteState state = WriteState::kApplied;
  // If applied, the key's new generation; it is Missing after a delete, even of a key that did not exist. Else Unknown.
  Generation generation;
  uint64_t sequence = 0;
};

struct DeleteRangeOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct DeleteRangeResult {
  uint64_t keys_deleted = 0;
  uint64_t sequence = 0;
};

// A listing returns one page per call: the first keys of the range, in order, up to entries_max and list_page_bytes_max.
// A listing is not a snapshot, not even of one page; but a key that exists throughout appears exactly once.
struct ListOptions {
  std::optional<std::string> after;  // list only keys greater than this one, to continue after a page
  uint32_t entries_max = list_entries_max;  // 1 to list_entries_max
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct ListEntry {
  std::string key;
  uint64_t value_bytes = 0;
};

struct ListPage {
  std::vector<ListEntry> entries;
  bool more = false;  // there may be more keys (and `entries` is not empty): call again with after = entries.back().key
  uint64_t sequence = 0;
};

struct StatOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

// The result of a Stat or Wait.
struct StatResult {
  bool exists = false;
  Generation generation;     // Missing if the key does not exist
  uint64_t value_bytes = 0;  // size of the value; 0 if the key does not exist
  uint64_t sequence = 0;
};

// One of the reads of a BatchRead.
struct ReadOperation {
  std::string key;
  Generation if_generation;      // the conditions are those of GetOptions
  Generation if_not_generation;
  ByteRange range;
  bool stat = false;  // true: return no bytes, only whether the key exists, its generation and its size
};

struct BatchReadOptions {
  bool at_one_instant = false;  // true: all reads see the store at one instant; false: each at its own
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct BatchReadResult {
  std::vector<Result<GetResult>> results;  // one per operation, in their order; values may share one buffer
  uint64_t sequence = 0;                   // of that one instant, or of the last operation
};

// One of the writes of a BatchWrite or Transact. A batch takes only kPut and kDelete. A transaction takes every kind; each
// key may appear in only one operation, not counting the ranges. Ranges are deleted before anything is put.
struct WriteOperation {
  enum class Kind : uint8_t {
    kPut = 0,
    kDelete = 1,
    kCheck = 2,       // changes nothing; the transaction is applied only if the condition holds
    kDeleteRange = 3  // deletes all keys of a range
  };
  Kind kind = Kind::kPut;
  std::string key;           // kDeleteRange: KeyRange::begin
  std::string end;           // only kDeleteRange: KeyRange::end
  Pieces value;              // only kPut; the bytes must stay valid until the completion runs
  Generation if_generation;  // as in PutOptions; must be Unknown for kDeleteRange
};

struct BatchWriteOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct BatchWriteResult {
  std::vector<Result<WriteResult>> results;  // one per operation, in their order
  uint64_t sequence = 0;
};

struct TransactOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct TransactResult {
  struct Outcome {
    bool matched = true;  // whether the operation's condition held
    // The key's new generation, or, if the transaction was not applied, its current one. Unknown for kDeleteRange.
    Generation generation;
  };
  WriteState state = WriteState::kApplied;
  std::vector<Outcome> outcomes;  // one per operation, in their order
  uint64_t sequence = 0;          // the same for all keys
};

// The name of each copy: the original key, with its first strip_bytes bytes replaced by `prefix`. A shorter key is
// INVALID_ARGUMENT.
struct CopyTarget {
  size_t strip_bytes = 0;
  std::string prefix;
};

struct CopyRangeOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct CopyRangeResult {
  uint64_t keys_copied = 0;
  uint64_t sequence = 0;
};

struct WaitOptions {
  // Wait as long as this is the key's version. Missing or Unknown: wait until the key exists.
  Generation while_generation = Generation::Missing();
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

// The result of a StatServer.
struct ServerStat {
  std::string version;       // of the server's software
  uint64_t incarnation = 0;  // random, new with every start
  uint64_t sequence = 0;
  uint64_t keys = 0;
  uint64_t memory_bytes = 0;        // keys, values and overhead, as counted against the limit
  uint64_t memory_limit_bytes = 0;
  uint64_t connections = 0;  // clients that are connected now
  uint64_t uptime_ms = 0;
  std::string address;  // the address that this client connected to; "local" in the server's own process
  std::string path;     // how this client's data travels: "local", "mapped" (reads need no message), "shm", "socket"
                        // or "tcp"
  std::string lanes;    // the transports in use: "ring/memory", or UCX's such as "posix/memory cma/memory"; empty if local
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_VERBS_H_
