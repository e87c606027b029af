// Metrics: the metrics that TensorStore has for every key-value store, under /tensorstore/kvstore/remote_dram/...
//
// Memory: a global object, which lives as long as the process. Threads: any. Failure: none.
#ifndef REMOTE_DRAM_DRIVER_METRICS_H_
#define REMOTE_DRAM_DRIVER_METRICS_H_

#include "tensorstore/kvstore/common_metrics.h"

namespace remote_dram::driver {

extern tensorstore::internal_kvstore::CommonMetrics metrics;

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_METRICS_H_
