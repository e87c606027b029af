// StoreOf: the store behind an open TensorStore key-value store, for what TensorStore has no words for: Wait,
// StatServer, batches of writes.
//
// Memory: shared; it keeps the server or the connection. Keys are whole: a path of the KvStore is not added.
// Threads: any. Failure: null if the driver is another one.
#ifndef REMOTE_DRAM_DRIVER_STORE_OF_H_
#define REMOTE_DRAM_DRIVER_STORE_OF_H_

#include <memory>

#include "remote_dram/key_value_store.h"
#include "tensorstore/kvstore/kvstore.h"

namespace remote_dram::driver {

std::shared_ptr<KeyValueStore> StoreOf(const tensorstore::KvStore& kvstore);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_STORE_OF_H_
