// RemoteDramDriver: opening a store, and everything about an open store except for its operations.
#include "driver/driver.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "driver/convert.h"
#include "driver/process_stores.h"
#include "driver/store_of.h"
#include "tensorstore/internal/cache_key/cache_key.h"
#include "tensorstore/internal/thread/thread.h"
#include "tensorstore/util/quote_string.h"

namespace remote_dram::driver {
namespace {

using tensorstore::kvstore::DriverPtr;
using tensorstore::kvstore::SupportedFeatures;
using Base = tensorstore::internal_kvstore::RegisteredDriver<RemoteDramDriver, RemoteDramSpec>;

Result<OpenStore> OpenStoreOf(const SpecMembers& spec) {
  const Settings settings = SettingsOf(*spec.settings);
  if (!spec.listen_addr.empty()) {
    Result<ServerOptions> options = LendOptions(spec.listen_addr, settings);
    return options.ok() ? ProcessStores().Lend(spec.listen_addr, *std::move(options)) : options.status();
  }
  Result<ClientOptions> options = UseOptions(spec.on_restart, settings);
  return options.ok() ? ProcessStores().Use(spec.remote_addr, *std::move(options)) : options.status();
}

tensorstore::Result<DriverPtr> OpenDriver(SpecMembers spec) {
  if (const Status wrong = Check(spec.addresses()); !wrong.ok()) return ToAbsl(wrong);
  Result<OpenStore> store = OpenStoreOf(spec);
  if (!store.ok()) return ToAbsl(store.status().WithContext("remote_dram"));
  if (!spec.listen_addr.empty()) spec.listen_addr = store->address;
  return DriverPtr(new RemoteDramDriver(std::move(spec), *std::move(store)));
}

}  // namespace

tensorstore::Future<DriverPtr> RemoteDramSpec::DoOpen() const {
  auto [promise, future] = tensorstore::PromiseFuturePair<DriverPtr>::Make();
  // Uses a thread of its own, because connecting blocks and an executor has few threads.
  tensorstore::internal::Thread::StartDetached(
      {"remote_dram"}, [promise = std::move(promise), spec = data_] { promise.SetResult(OpenDriver(spec)); });
  return std::move(future);
}

SupportedFeatures RemoteDramDriver::GetSupportedFeatures(const tensorstore::KeyRange&) const {
  return SupportedFeatures::kSingleKeyAtomicReadModifyWrite | SupportedFeatures::kAtomicWriteWithoutOverwrite;
}

std::string RemoteDramDriver::DescribeKey(std::string_view key) {
  return absl::StrCat(tensorstore::QuoteString(key), " on remote_dram server ", store_.address);
}

absl::Status RemoteDramDriver::GetBoundSpecData(SpecMembers& spec) const {
  spec = spec_;
  return absl::OkStatus();
}

void RemoteDramDriver::EncodeCacheKey(std::string* out) const {
  Base::EncodeCacheKey(out);
  tensorstore::internal::EncodeCacheKey(out, store_.age);
}

absl::Status RemoteDramDriver::Failure(std::string_view key, std::string_view action, const Status& status) {
  // FAILED_PRECONDITION means that the server was restarted. Whoever opens the store again must get a new handle.
  if (status.code() == StatusCode::kFailedPrecondition) ProcessStores().GiveUp(store_);
  return AnnotateError(key, action, ToAbsl(status));
}

std::shared_ptr<KeyValueStore> StoreOf(const tensorstore::KvStore& kvstore) {
  auto* const driver = dynamic_cast<RemoteDramDriver*>(kvstore.driver.get());
  return driver != nullptr ? driver->open_store().store : nullptr;
}

}  // namespace remote_dram::driver
