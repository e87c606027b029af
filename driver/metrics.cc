// Metrics: their registration.
#include "driver/metrics.h"

#include "tensorstore/internal/global_initializer.h"

namespace remote_dram::driver {

tensorstore::internal_kvstore::CommonMetrics metrics;

TENSORSTORE_GLOBAL_INITIALIZER { TENSORSTORE_KVSTORE_REGISTER_COMMON_METRICS(&metrics, remote_dram); }

}  // namespace remote_dram::driver
