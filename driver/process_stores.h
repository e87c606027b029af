// ProcessStores: the stores that this process has opened through TensorStore. They are a global, because a driver
// registers itself: the program has no object of this project that could own them.
//
// Memory: made at the first use and never destroyed, like TensorStore's own registries, because open stores refer to it.
// Threads and failure: as core/stores.h.
#ifndef REMOTE_DRAM_DRIVER_PROCESS_STORES_H_
#define REMOTE_DRAM_DRIVER_PROCESS_STORES_H_

#include "driver/core/stores.h"

namespace remote_dram::driver {

Stores& ProcessStores();

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_PROCESS_STORES_H_
