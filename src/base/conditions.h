// Conditions: whether a read or a write may proceed, given the current generation of its key.
//
// Generation's operator== does most of the work: a foreign generation equals nothing, not even itself, and the generation
// of a missing key equals Missing.
// Memory and threads: pure functions.
// Failure: none; a condition holds or does not.
#ifndef REMOTE_DRAM_BASE_CONDITIONS_H_
#define REMOTE_DRAM_BASE_CONDITIONS_H_

#include "base/planted_fault.h"
#include "remote_dram/generation.h"

namespace remote_dram::base {

// For Put and Delete. `current` is Missing or the generation of a value.
inline bool WriteMayProceed(const Generation& if_generation, const Generation& current) {
  if (base::Planted(base::PlantedFault::kWriteConditionIgnored)) return true;
  return !if_generation.known() || if_generation == current;
}

// For Get of a key that exists. A Get of a missing key answers "missing" whatever its conditions.
inline bool ReadMayProceed(const Generation& if_generation, const Generation& if_not_generation,
                           const Generation& current) {
  if (base::Planted(base::PlantedFault::kReadConditionIgnored)) return true;
  return (!if_generation.known() || if_generation == current) && if_not_generation != current;
}

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_CONDITIONS_H_
