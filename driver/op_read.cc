// Read: from TensorStore's options to a Cord that refers to the store's buffer.
#include <utility>

#include "absl/time/clock.h"
#include "driver/call.h"
#include "driver/convert.h"
#include "driver/driver.h"
#include "driver/metrics.h"

namespace remote_dram::driver {
namespace {

using tensorstore::kvstore::ReadResult;

struct ReadAnswer {
  tensorstore::internal::IntrusivePtr<RemoteDramDriver> driver;
  std::string key;
  tensorstore::Promise<ReadResult> promise;
  absl::Time sent;

  void operator()(Result<GetResult> got) && {
    metrics.read_latency_ms.Observe(absl::ToInt64Milliseconds(absl::Now() - sent));
    if (!got.ok()) {
      promise.SetResult(driver->Failure(key, "reading", got.status()));
      return;
    }
    metrics.bytes_read.IncrementBy(static_cast<int64_t>(got->value.size()));
    promise.SetResult(ToTensorStore(*std::move(got), sent));
  }
};

}  // namespace

tensorstore::Future<ReadResult> RemoteDramDriver::Read(Key key, ReadOptions options) {
  metrics.read.Increment();
  // A range without an end cannot be batched: its size, and what it overlaps, are unknown. An invalid read is sent alone,
  // so that its error does not affect others.
  const bool sound = options.byte_range.SatisfiesInvariants() && key.size() <= key_bytes_max;
  const bool in_batch = options.batch && options.byte_range.IsRange() && sound;
  return in_batch ? ReadInBatch(std::move(key), std::move(options)) : ReadAlone(std::move(key), std::move(options));
}

// The staleness bound can be ignored: the store always answers with its newest version.
tensorstore::Future<ReadResult> RemoteDramDriver::ReadAlone(Key key, ReadOptions options) {
  metrics.batch_read.Increment();
  auto [promise, future] = tensorstore::PromiseFuturePair<ReadResult>::Make();
  GetOptions get = GetOptionsOf(FromTensorStore(options.byte_range), settings_);
  get.if_generation = FromTensorStore(options.generation_conditions.if_equal);
  get.if_not_generation = FromTensorStore(options.generation_conditions.if_not_equal);
  get.cancel = CancelledBy(promise);
  ReadAnswer answer{tensorstore::internal::IntrusivePtr<RemoteDramDriver>(this), key, std::move(promise), absl::Now()};
  store().Get(key, get, OnExecutor<GetResult>(executor(), std::move(answer)));
  return std::move(future);
}

}  // namespace remote_dram::driver
