// RunCase: runs one case of the table against one store, through any door (see table.h).
//
// Memory: as for a call of the store. Threads: one. The store must be empty when a case begins.
// Failure: returns the error as text; empty if the case passes. A case that makes no sense is an error, too.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_RUN_H_
#define REMOTE_DRAM_TEST_SEMANTICS_RUN_H_

#include <string>

#include "remote_dram/key_value_store.h"
#include "semantics/literals.h"

namespace remote_dram::semantics {

// How values are put: by Put, or part by part, by an Upload.
enum class Puts { kWhole, kInParts };

std::string RunCase(KeyValueStore& store, const Json& entry, const Limits& limits, Puts puts = Puts::kWhole);

}  // namespace remote_dram::semantics

#endif  // REMOTE_DRAM_TEST_SEMANTICS_RUN_H_
