// ContextResource: the resource "remote_dram" of a TensorStore context, that is, the settings that specs share.
//
//   {"context": {"remote_dram": {"memory_limit": 8589934592, "timeout": "5s"}}, ...}
//
// Memory and threads: plain values. Resources with equal settings are interchangeable.
// Failure: INVALID_ARGUMENT: when the JSON is read, for an unknown member or a value of the wrong type; when the store is
// opened, for a value that is out of range (core/options.h).
#ifndef REMOTE_DRAM_DRIVER_CONTEXT_RESOURCE_H_
#define REMOTE_DRAM_DRIVER_CONTEXT_RESOURCE_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "driver/core/options.h"
#include "tensorstore/context.h"
#include "tensorstore/context_resource_provider.h"
#include "tensorstore/internal/cache_key/absl_time.h"
#include "tensorstore/util/result.h"

namespace remote_dram::driver {

struct ContextResource : tensorstore::internal::ContextResourceTraits<ContextResource> {
  static constexpr bool config_only = true;
  static constexpr char id[] = "remote_dram";

  struct Spec {
    std::string credentials_file;
    uint64_t memory_limit = Settings().memory_limit_bytes;
    int threads = Settings().threads;
    std::string path = Settings().path;
    absl::Duration connect_timeout = absl::FromChrono(Settings().connect_timeout);
    absl::Duration timeout = absl::FromChrono(Settings().timeout);
    uint64_t view_limit = Settings().view_limit_bytes;

    static constexpr auto ApplyMembers = [](auto&& x, auto f) {
      return f(x.credentials_file, x.memory_limit, x.threads, x.path, x.connect_timeout, x.timeout, x.view_limit);
    };
  };
  using Resource = Spec;

  static Spec Default() { return {}; }
  static tensorstore::internal::AnyContextResourceJsonBinder<Spec> JsonBinder();
  static tensorstore::Result<Resource> Create(Spec spec, tensorstore::internal::ContextResourceCreationContext) {
    return spec;
  }
  static Spec GetSpec(const Resource& resource, const tensorstore::internal::ContextSpecBuilder&) { return resource; }
};

Settings SettingsOf(const ContextResource::Resource& resource);

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CONTEXT_RESOURCE_H_
