// ProcessStores: the global Stores, whose warnings and errors go to the log that TensorStore uses.
#include "driver/process_stores.h"

#include <string_view>

#include "absl/log/absl_log.h"

namespace remote_dram::driver {

Stores& ProcessStores() {
  static Stores* const stores = new Stores([](LogLevel level, std::string_view message) {
    if (level == LogLevel::kWarning) ABSL_LOG(WARNING) << "remote_dram: " << message;
    if (level == LogLevel::kError) ABSL_LOG(ERROR) << "remote_dram: " << message;
  });
  return *stores;
}

}  // namespace remote_dram::driver
