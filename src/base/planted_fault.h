// Planted faults: defects that a test build can switch on, one at a time, to show that at least one test detects each.
//
// To add a fault, add one line here and one `if (Planted(PlantedFault::kName))` where it takes effect.
// test/planted_faults.py runs the tests with each fault switched on, and fails if all of them still pass.
// Memory and threads: with the build option REMOTE_DRAM_PLANTED_FAULTS one global variable, which a test program's
// main sets before anything else runs. Without the option Planted is a constant, and no code is generated.
// Failure: none.
#ifndef REMOTE_DRAM_BASE_PLANTED_FAULT_H_
#define REMOTE_DRAM_BASE_PLANTED_FAULT_H_

#include <string_view>

// The name of each fault, and what is wrong while it is planted.
#define REMOTE_DRAM_PLANTED_FAULT_LIST(X)                                                     \
  X(kWriteConditionIgnored, "a write goes ahead although its condition does not hold")        \
  X(kReadConditionIgnored, "a read goes ahead although its condition does not hold")          \
  X(kRangeUnchecked, "a byte range that reaches beyond the value is cut to it")               \
  X(kGenerationNotAdvanced, "an overwritten value keeps the generation of the old one")       \
  X(kRefusedDeleteAnswersApplied, "a delete whose condition failed answers applied")          \
  X(kMemoryLimitIgnored, "memory is taken beyond memory_limit_bytes")                         \
  X(kValueLimitIgnored, "a value larger than value_bytes_max is taken")                       \
  X(kKeySkippedAfterAPage, "a listing that is resumed leaves out one key")                    \
  X(kErrorAnsweredAsMissing, "the server answers a get that failed as one of a missing key")  \
  X(kErrorToldAsMissing, "the client tells a get that failed as one of a missing key")        \
  X(kServerLooksAwayFromLifeline, "the server uses what it fetched from a client that left")  \
  X(kClientLooksAwayFromLifeline, "the client uses what it fetched from a server that left")  \
  X(kValueNotPinned, "the server sends a value without keeping others off its memory")        \
  X(kLentMemoryGivenBack, "a call ends while a transfer still touches the caller's memory")   \
  X(kLateReplyAccepted, "a reply is taken for the call that has its slot now")                \
  X(kOutcomeTakenForKnown, "a write that was cut off does not say that nobody knows its end") \
  X(kRestartUnnoticed, "a client goes on with another incarnation of its server")             \
  X(kVersionsUnchecked, "the server welcomes a client that speaks no version of its own")     \
  X(kTransactionHalfApplied, "a transaction leaves out its second key")                       \
  X(kLastConditionIgnored, "a transaction does not look at its last condition")               \
  X(kSnapshotOfTwoInstants, "a read at one instant looks at its keys one after the other")    \
  X(kDeleteWakesNobody, "who waits for a key to change is not told that it was deleted")      \
  X(kCopyKeepsGeneration, "a copy has the generation of its source")                          \
  X(kRepeatedIsApplied, "a mutation that is sent again is applied again")                     \
  X(kIncarnationReused, "a restarted server has the incarnation of the one before")           \
  X(kAcknowledgedWriteLost, "an acknowledged put is not there for those who read later")      \
  X(kOverwrittenInPlace, "a put writes over the bytes that readers of the old version have")  \
  X(kPinsIgnored, "the store uses a block again although a client that maps it has pinned it") \
  X(kPinnedTooLate, "a client pins what it found only after its second look at the index")    \
  X(kShardVersionIgnored, "a client looks into a shard of the index while it changes")        \
  X(kShardsChangeOneByOne, "a transaction changes the shards of the index one after the other") \
  X(kServersDeathOverlooked, "a client believes a mapping whose server is gone")              \
  X(kSuccessorTooEarly, "a server takes over an address before its predecessor is gone")      \
  X(kAnyServerBelieved, "a client with credentials goes on with a server that has no secret")

namespace remote_dram::base {

enum class PlantedFault {
#define X(name, what) name,
  REMOTE_DRAM_PLANTED_FAULT_LIST(X)
#undef X
};

#ifdef REMOTE_DRAM_PLANTED_FAULTS
bool Planted(PlantedFault fault);
// Plants the fault of that name ("kRangeUnchecked"). Returns its description, or an empty text if there is no such fault.
std::string_view Plant(std::string_view name);
#else
constexpr bool Planted(PlantedFault) { return false; }
#endif

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_PLANTED_FAULT_H_
