// The options and results of every verb of a KeyValueStore, one pair per verb.
//
// The semantics are TensorStore's: conditions by generation, byte ranges that are never clamped, missing as
// an answer and never as an error.
// Memory and threads: plain values; a GetResult shares the bytes it holds.
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

// The bytes [min, max) of a value. max -1: to the end. min < 0 (then max must be -1): the last -min bytes.
// A bound outside of the value is OUT_OF_RANGE, an impossible range INVALID_ARGUMENT.
struct ByteRange {
  int64_t min = 0;
  int64_t max = -1;
  bool full() const { return min == 0 && max == -1; }
};

// The keys k with begin <= k, and k < end unless end is empty.
struct KeyRange {
  std::string begin;
  std::string end;

  static KeyRange Prefix(std::string_view prefix);  // the keys that start with it
  static KeyRange Single(std::string_view key);
  bool Contains(std::string_view key) const { return key >= begin && (end.empty() || key < end); }
};

// Every reply carries `sequence`, the server's count of mutations at the moment when the operation took
// place. For an applied write it is the sequence of the new generation.

enum class ReadState : uint8_t {
  kValue = 0,
  kMissing = 1,          // the key does not exist, whatever the conditions
  kConditionFailed = 2,  // the key exists; result.generation tells which version
};

struct GetOptions {
  Generation if_generation;      // read only this version; Unknown: any. Missing never holds for a value
  Generation if_not_generation;  // read only another version; Unknown and Missing: any
  ByteRange range;
  // Read into the caller's memory, at its start; null: into memory of the library. A value (or range) that
  // does not fit is OUT_OF_RANGE.
  MutableBytes into;
  // The value may be the server's memory itself, read-only, where this client maps it: no copy is made, and
  // the server keeps that version for as long as the value is held, also if the server dies. At views_max and
  // pinned_bytes_max, and where nothing is mapped, a copy. A forked child must not touch a view of its parent's.
  bool view = false;
  // With `view`: a smaller value is copied, too, and so is one with which the views of this connection would
  // have more bytes.
  uint64_t view_bytes_min = 0;
  uint64_t view_bytes_max = pinned_bytes_max;
  std::chrono::milliseconds timeout{0};  // 0: the store's default, for every verb
  Cancellation cancel{};                   // for every verb
};

struct GetResult {
  ReadState state = ReadState::kMissing;
  Generation generation;     // of the key's current version; Missing if there is none
  Value value;               // only with kValue
  uint64_t value_bytes = 0;  // size of the whole value, also for a range
  uint64_t sequence = 0;
};

enum class WriteState : uint8_t { kApplied = 0, kConditionFailed = 1 };

struct PutOptions {
  Generation if_generation;  // Missing: the key must not exist
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct DeleteOptions {
  Generation if_generation;
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

// Of Put and Delete. If applied: the key's generation from now on (Missing after a delete, also of a key
// that did not exist). If not: Unknown.
struct WriteResult {
  WriteState state = WriteState::kApplied;
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

// One page of a listing: the first keys of the range, in order, up to entries_max and list_page_bytes_max.
// Pages are not one instant, but a key that exists throughout appears exactly once.
struct ListOptions {
  std::optional<std::string> after;  // resume: only keys greater than this one
  uint32_t entries_max = list_entries_max;
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct ListEntry {
  std::string key;
  uint64_t value_bytes = 0;
};

struct ListPage {
  std::vector<ListEntry> entries;
  bool more = false;  // call again with after = entries.back().key
  uint64_t sequence = 0;
};

struct StatOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct StatResult {
  bool exists = false;
  Generation generation;
  uint64_t value_bytes = 0;
  uint64_t sequence = 0;
};

// Several reads in one message and one reply, each with its own result.
struct ReadOperation {
  std::string key;
  Generation if_generation;
  Generation if_not_generation;
  ByteRange range;
  bool stat = false;  // no bytes: only whether it exists, its generation and its size
};

struct BatchReadOptions {
  bool at_one_instant = false;  // all of them; else each at its own
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct BatchReadResult {
  std::vector<Result<GetResult>> results;  // one per operation; values share memory
  uint64_t sequence = 0;                   // of the instant, or of the last operation
};

// One of several writes. In a batch: kPut and kDelete. In a transaction all of them, each key at most once
// beside the ranges, which are deleted before anything is put.
struct WriteOperation {
  enum class Kind : uint8_t { kPut = 0, kDelete = 1, kCheck = 2, kDeleteRange = 3 };
  Kind kind = Kind::kPut;
  std::string key;           // kDeleteRange: where the range begins
  std::string end;           // kDeleteRange: where it ends, as in KeyRange
  Pieces value;              // kPut; to outlive the completion
  Generation if_generation;  // not of kDeleteRange; kCheck changes nothing, but its condition counts
};

struct BatchWriteOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct BatchWriteResult {
  std::vector<Result<WriteResult>> results;  // one per operation
  uint64_t sequence = 0;
};

// A transaction: if every condition holds, all writes at one instant; else none.
struct TransactOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct TransactResult {
  struct Outcome {
    bool matched = true;    // its condition held
    Generation generation;  // of the key from now on; of its current version if nothing was applied
  };
  WriteState state = WriteState::kApplied;
  std::vector<Outcome> outcomes;  // one per operation
  uint64_t sequence = 0;          // one for all keys
};

// Copies inside the server, where both keys then share the bytes. Each key at its own instant.
struct CopyTarget {
  size_t strip_bytes = 0;  // taken off the front of every key of the range
  std::string prefix;      // and put in its place
};

struct CopyRangeOptions {
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

struct CopyRangeResult {
  uint64_t keys_copied = 0;
  uint64_t sequence = 0;
};

// Waits until the key's version is another one than this. Missing, and Unknown: until it exists.
struct WaitOptions {
  Generation while_generation = Generation::Missing();
  std::chrono::milliseconds timeout{0};
  Cancellation cancel{};
};

// What StatServer returns.
struct ServerStat {
  std::string version;       // of the server's software
  uint64_t incarnation = 0;  // random, new with every start
  uint64_t sequence = 0;
  uint64_t keys = 0;
  uint64_t memory_bytes = 0;        // keys, values and overhead, as counted against the limit
  uint64_t memory_limit_bytes = 0;
  uint64_t connections = 0;
  uint64_t uptime_ms = 0;
  std::string address;  // as this caller reaches it; "local" in the server's own process
  std::string path;     // how this caller's data travels: "local", "mapped" (reads need no message), "shm", "socket"
                        // or "tcp"
  std::string lanes;    // the transports in use, "ring/memory", "posix/memory cma/memory" of UCX; empty if local
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_VERBS_H_
