// Conditions: whether a read or a write goes ahead, given the generation that its key has now.
//
// Generation's equality does most of it: a foreign one equals nothing, and a missing key's equals Missing.
// Memory and threads: pure functions.
// Failure: none; a condition holds or does not.
#ifndef REMOTE_DRAM_BASE_CONDITIONS_H_
#define REMOTE_DRAM_BASE_CONDITIONS_H_

#include "base/planted_fault.h"
#include "remote_dram/generation.h"

namespace remote_dram::base {

// Put and Delete; `current` is Missing or a value's.
inline bool WriteMayProceed(const Generation& if_generation, const Generation& current) {
  if (base::Planted(base::PlantedFault::kWriteConditionIgnored)) return true;
  return !if_generation.known() || if_generation == current;
}

// Get of a key that exists; one that does not is missing whatever the conditions.
inline bool ReadMayProceed(const Generation& if_generation, const Generation& if_not_generation,
                           const Generation& current) {
  if (base::Planted(base::PlantedFault::kReadConditionIgnored)) return true;
  return (!if_generation.known() || if_generation == current) && if_not_generation != current;
}

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_CONDITIONS_H_
