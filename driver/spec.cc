// RemoteDramSpec: its JSON, its URL, and its registration.
#include "driver/spec.h"

#include "absl/status/status.h"
#include "driver/convert.h"
#include "driver/core/url.h"
#include "driver/process_stores.h"
#include "tensorstore/internal/intrusive_ptr.h"
#include "tensorstore/internal/json_binding/enum.h"
#include "tensorstore/internal/json_binding/json_binding.h"
#include "tensorstore/kvstore/url_registry.h"
#include "tensorstore/util/status.h"

namespace remote_dram::driver {
namespace {

namespace jb = tensorstore::internal_json_binding;
using Base = tensorstore::internal_kvstore::RegisteredDriverSpec<RemoteDramSpec, SpecMembers>;

// An optional string, which is empty by default.
constexpr auto kOptionalText = jb::DefaultInitializedValue<jb::kNeverIncludeDefaults>();

constexpr auto kOnRestart = jb::DefaultValue<jb::kNeverIncludeDefaults>(
    [](OnRestart* value) { *value = OnRestart::kFail; },
    jb::Enum<OnRestart, std::string_view>({{OnRestart::kFail, "fail"}, {OnRestart::kAccept, "accept"}}));

constexpr auto kMembers = jb::Object(
    jb::Member("listen_addr", jb::Projection<&SpecMembers::listen_addr>(kOptionalText)),
    jb::Member("remote_addr", jb::Projection<&SpecMembers::remote_addr>(kOptionalText)),
    jb::Member("on_restart", jb::Projection<&SpecMembers::on_restart>(kOnRestart)),
    jb::Member(ContextResource::id, jb::Projection<&SpecMembers::settings>()),
    jb::Member(tensorstore::internal::DataCopyConcurrencyResource::id,
               jb::Projection<&SpecMembers::data_copy_concurrency>()));

tensorstore::Result<tensorstore::kvstore::Spec> SpecOfUrl(std::string_view url) {
  Result<Place> place = ParseUrl(url);
  if (!place.ok()) return ToAbsl(place.status());
  auto spec = tensorstore::internal::MakeIntrusivePtr<RemoteDramSpec>();
  SpecMembers& members = spec->data_;
  members.remote_addr = std::move(place->address);
  members.settings = decltype(members.settings)::DefaultSpec();
  members.data_copy_concurrency = decltype(members.data_copy_concurrency)::DefaultSpec();
  return {std::in_place, std::move(spec), std::move(place->path)};
}

const tensorstore::internal_kvstore::DriverRegistration<RemoteDramSpec> registration;
const tensorstore::internal_kvstore::UrlSchemeRegistration url_registration(url_scheme, SpecOfUrl);

}  // namespace

TENSORSTORE_DEFINE_JSON_DEFAULT_BINDER(
    SpecMembers,
    jb::Validate([](const auto&, SpecMembers* members) { return ToAbsl(Check(members->addresses())); }, kMembers))

tensorstore::Result<std::string> RemoteDramSpec::ToUrl(std::string_view path) const {
  if (!data_.listen_addr.empty()) {
    return absl::InvalidArgumentError("remote_dram: a URL cannot express \"listen_addr\"");
  }
  if (data_.on_restart != OnRestart::kFail) {
    return absl::InvalidArgumentError("remote_dram: a URL cannot express \"on_restart\"");
  }
  return FormatUrl(data_.remote_addr, path);
}

void RemoteDramSpec::EncodeCacheKey(std::string* out) const {
  Base::EncodeCacheKey(out);
  tensorstore::internal::EncodeCacheKey(out, ProcessStores().Age(data_.remote_addr));
}

}  // namespace remote_dram::driver
