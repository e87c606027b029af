// ExperimentalCopyRangeFrom: copies keys from one path of a server to another; the server does not copy the bytes.
#include <utility>

#include "driver/call.h"
#include "driver/convert.h"
#include "driver/driver.h"
#include "tensorstore/kvstore/kvstore.h"

namespace remote_dram::driver {

tensorstore::Future<const void> RemoteDramDriver::ExperimentalCopyRangeFrom(
    const tensorstore::internal::OpenTransactionPtr& transaction, const tensorstore::KvStore& source,
    Key target_prefix, tensorstore::kvstore::CopyRangeOptions options) {
  const auto* const from = dynamic_cast<const RemoteDramDriver*>(source.driver.get());
  if (from == nullptr || from->store_.store != store_.store) {
    return absl::UnimplementedError("remote_dram copies only between paths of one server");
  }
  if (transaction || source.transaction != tensorstore::no_transaction) {
    return absl::UnimplementedError("remote_dram does not copy ranges within transactions");
  }
  if (options.source_range.empty()) return absl::OkStatus();
  auto [promise, future] = tensorstore::PromiseFuturePair<void>::Make();
  CopyRangeOptions copy;
  copy.cancel = CancelledBy(promise);
  const CopyTarget target{source.path.size(), std::move(target_prefix)};
  tensorstore::internal::IntrusivePtr<RemoteDramDriver> self(this);
  auto answer = [self = std::move(self), prefix = source.path,
                 promise = std::move(promise)](Result<CopyRangeResult> copied) {
    promise.SetResult(copied.ok() ? absl::OkStatus()
                                  : self->Failure(prefix, "copying the keys from", copied.status()));
  };
  store().CopyRange(FromTensorStore(tensorstore::KeyRange::AddPrefix(source.path, std::move(options.source_range))),
                    target, copy, OnExecutor<CopyRangeResult>(executor(), std::move(answer)));
  return std::move(future);
}

}  // namespace remote_dram::driver
