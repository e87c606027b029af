// StoreOf: the KeyValueStore behind an open TensorStore KvStore, for operations that TensorStore does not have: Wait,
// StatServer, batches of writes.
//
// Memory: shared; it keeps the server or the connection alive. Keys are complete: the KvStore's path is not prepended.
// Threads: any. Failure: null if the KvStore is not of the driver remote_dram.
#ifndef REMOTE_DRAM_DRIVER_STORE_OF_H_
#define REMOTE_DRAM_DRIVER_STORE_OF_H_

#include <memory>

#include "remote_dram/key_value_store.h"
#include "tensorstore/kvstore/kvstore.h"

namespace remote_dram::driver {

std::shared_ptr<KeyValueStore> StoreOf(const tensorstore::KvStore& kvstore);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_STORE_OF_H_
