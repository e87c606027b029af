// ContextResource: its registration, its JSON, and its translation to Settings.
#include "driver/context_resource.h"

#include "tensorstore/internal/json_binding/absl_time.h"
#include "tensorstore/internal/json_binding/json_binding.h"

namespace remote_dram::driver {
namespace {

namespace jb = tensorstore::internal_json_binding;
using Spec = ContextResource::Spec;

// An optional member of the JSON object; it is not written if it has its default value.
template <auto member>
auto Optional(const char* name) {
  return jb::Member(name, jb::Projection<member>(jb::DefaultValue<jb::kNeverIncludeDefaults>(
                              [](auto* value) { *value = Spec().*member; })));
}

const tensorstore::internal::ContextResourceRegistration<ContextResource> registration;

}  // namespace

tensorstore::internal::AnyContextResourceJsonBinder<Spec> ContextResource::JsonBinder() {
  return [](auto is_loading, const auto& options, auto* spec, auto* json) {
    return jb::Object(Optional<&Spec::credentials_file>("credentials_file"), Optional<&Spec::memory_limit>("memory_limit"),
                      Optional<&Spec::threads>("threads"), Optional<&Spec::path>("path"),
                      Optional<&Spec::connect_timeout>("connect_timeout"), Optional<&Spec::timeout>("timeout"),
                      Optional<&Spec::view_limit>("view_limit"))(is_loading, options, spec, json);
  };
}

Settings SettingsOf(const ContextResource::Resource& resource) {
  Settings settings;
  settings.credentials_file = resource.credentials_file;
  settings.memory_limit_bytes = resource.memory_limit;
  settings.threads = resource.threads;
  settings.path = resource.path;
  settings.connect_timeout = absl::ToChronoMilliseconds(resource.connect_timeout);
  settings.timeout = absl::ToChronoMilliseconds(resource.timeout);
  settings.view_limit_bytes = resource.view_limit;
  return settings;
}

}  // namespace remote_dram::driver
