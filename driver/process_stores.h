// ProcessStores: the stores that this process has opened through TensorStore. There is no main that could own them.
//
// Memory: made at the first use, and never destroyed, as TensorStore's own registries: open stores refer to it.
// Threads and failure: as core/stores.h.
#ifndef REMOTE_DRAM_DRIVER_PROCESS_STORES_H_
#define REMOTE_DRAM_DRIVER_PROCESS_STORES_H_

#include "driver/core/stores.h"

namespace remote_dram::driver {

Stores& ProcessStores();

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_PROCESS_STORES_H_
