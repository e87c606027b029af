// RemoteDramSpec: {"driver": "remote_dram", ...}, TensorStore's specification of a store, before it is opened.
//
// Memory and threads: as TensorStore's DriverSpec.
// Failure: reading the JSON fails with INVALID_ARGUMENT and names the member. Opening fails as Server::Start and
// Client::Connect do, and with INVALID_ARGUMENT for a malformed address.
#ifndef REMOTE_DRAM_DRIVER_SPEC_H_
#define REMOTE_DRAM_DRIVER_SPEC_H_

#include <string>
#include <string_view>

#include "driver/context_resource.h"
#include "driver/core/options.h"
#include "tensorstore/context.h"
#include "tensorstore/internal/cache_key/cache_key.h"
#include "tensorstore/internal/data_copy_concurrency_resource.h"
#include "tensorstore/internal/json_binding/bindable.h"
#include "tensorstore/json_serialization_options_base.h"
#include "tensorstore/kvstore/registry.h"
#include "tensorstore/kvstore/spec.h"
#include "tensorstore/util/future.h"
#include "tensorstore/util/result.h"

namespace remote_dram::driver {

struct SpecMembers {
  std::string listen_addr;
  std::string remote_addr;
  OnRestart on_restart = OnRestart::kFail;
  tensorstore::Context::Resource<ContextResource> settings;
  tensorstore::Context::Resource<tensorstore::internal::DataCopyConcurrencyResource> data_copy_concurrency;

  Addresses addresses() const {
    Addresses addresses;
    addresses.listen_addr = listen_addr;
    addresses.remote_addr = remote_addr;
    addresses.on_restart = on_restart;
    return addresses;
  }

  // data_copy_concurrency is not part of the cache key, because the store is the same whatever threads complete its
  // operations. So arrays that were opened in different contexts share one driver, and a transaction has one commit.
  static constexpr auto ApplyMembers = [](auto&& x, auto f) {
    return f(x.listen_addr, x.remote_addr, x.on_restart, x.settings,
             tensorstore::internal::CacheKeyExcludes{x.data_copy_concurrency});
  };
  TENSORSTORE_DECLARE_JSON_DEFAULT_BINDER(SpecMembers, tensorstore::internal_json_binding::NoOptions,
                                          tensorstore::IncludeDefaults, ::nlohmann::json::object_t)
};

class RemoteDramSpec : public tensorstore::internal_kvstore::RegisteredDriverSpec<RemoteDramSpec, SpecMembers> {
 public:
  static constexpr char id[] = "remote_dram";

  tensorstore::Future<tensorstore::kvstore::DriverPtr> DoOpen() const override;
  tensorstore::Result<std::string> ToUrl(std::string_view path) const override;
  // Includes the age of the address, see core/stores.h.
  void EncodeCacheKey(std::string* out) const override;
};

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_SPEC_H_
