// RunCase: one case of the table against one store, whichever way leads there.
//
// Memory: as a call of the store's. Threads: one. The store is empty when a case begins.
// Failure: what is wrong, as a text; empty if nothing is. A case that makes no sense is wrong, too.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_RUN_H_
#define REMOTE_DRAM_TEST_SEMANTICS_RUN_H_

#include <string>

#include "remote_dram/key_value_store.h"
#include "semantics/literals.h"

namespace remote_dram::semantics {

std::string RunCase(KeyValueStore& store, const Json& entry, const Limits& limits);

}  // namespace remote_dram::semantics

#endif  // REMOTE_DRAM_TEST_SEMANTICS_RUN_H_
