// Write, Delete, DeleteRange: a value is sent directly from the chunks of its Cord.
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "driver/call.h"
#include "driver/convert.h"
#include "driver/driver.h"
#include "driver/metrics.h"

namespace remote_dram::driver {
namespace {

using tensorstore::TimestampedStorageGeneration;

struct WriteAnswer {
  tensorstore::internal::IntrusivePtr<RemoteDramDriver> driver;
  std::string key;
  tensorstore::Promise<TimestampedStorageGeneration> promise;
  absl::Time sent;
  std::unique_ptr<const absl::Cord> value;  // lent to the store until it has answered; null: a delete

  void operator()(Result<WriteResult> written) && {
    metrics.write_latency_ms.Observe(absl::ToInt64Milliseconds(absl::Now() - sent));
    if (!written.ok()) {
      promise.SetResult(driver->Failure(key, value ? "writing" : "deleting", written.status()));
      return;
    }
    if (value && written->state == WriteState::kApplied) {
      metrics.bytes_written.IncrementBy(static_cast<int64_t>(value->size()));
    }
    // If the condition did not hold, the generation is Unknown, which is how TensorStore represents that.
    promise.SetResult(TimestampedStorageGeneration(ToTensorStore(written->generation), sent));
  }
};

}  // namespace

tensorstore::Future<TimestampedStorageGeneration> RemoteDramDriver::Write(Key key, std::optional<Value> value,
                                                                          WriteOptions options) {
  metrics.write.Increment();
  auto [promise, future] = tensorstore::PromiseFuturePair<TimestampedStorageGeneration>::Make();
  const Generation if_generation = FromTensorStore(options.generation_conditions.if_equal);
  const Cancellation cancel = CancelledBy(promise);
  WriteAnswer answer{tensorstore::internal::IntrusivePtr<RemoteDramDriver>(this), key, std::move(promise),
                     absl::Now(), value ? std::make_unique<const absl::Cord>(*std::move(value)) : nullptr};
  if (answer.value) {
    const Pieces pieces = PiecesOf(*answer.value);
    PutOptions put;
    put.if_generation = if_generation;
    put.cancel = cancel;
    store().Put(key, pieces, put, OnExecutor<WriteResult>(executor(), std::move(answer)));
  } else {
    DeleteOptions deletion;
    deletion.if_generation = if_generation;
    deletion.cancel = cancel;
    store().Delete(key, deletion, OnExecutor<WriteResult>(executor(), std::move(answer)));
  }
  return std::move(future);
}

tensorstore::Future<const void> RemoteDramDriver::DeleteRange(tensorstore::KeyRange range) {
  if (range.empty()) return absl::OkStatus();
  metrics.delete_range.Increment();
  auto [promise, future] = tensorstore::PromiseFuturePair<void>::Make();
  DeleteRangeOptions deletion;
  deletion.cancel = CancelledBy(promise);
  const KeyRange keys = FromTensorStore(std::move(range));
  tensorstore::internal::IntrusivePtr<RemoteDramDriver> self(this);
  auto answer = [self = std::move(self), begin = keys.begin,
                 promise = std::move(promise)](Result<DeleteRangeResult> deleted) {
    promise.SetResult(deleted.ok() ? absl::OkStatus()
                                   : self->Failure(begin, "deleting the range from", deleted.status()));
  };
  store().DeleteRange(keys, deletion, OnExecutor<DeleteRangeResult>(executor(), std::move(answer)));
  return std::move(future);
}

}  // namespace remote_dram::driver
