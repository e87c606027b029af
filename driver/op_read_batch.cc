// Reads of one Batch: byte ranges of one key that are close together are read as one, and small reads share a message.
#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "driver/call.h"
#include "driver/convert.h"
#include "driver/core/read_plan.h"
#include "driver/driver.h"
#include "driver/metrics.h"
#include "tensorstore/batch.h"
#include "tensorstore/kvstore/batch_util.h"
#include "tensorstore/util/span.h"

namespace remote_dram::driver {
namespace {

namespace batch = tensorstore::internal_kvstore_batch;
using tensorstore::kvstore::ReadResult;
using DriverRef = tensorstore::internal::IntrusivePtr<RemoteDramDriver>;

// Reading up to this many unneeded bytes between two ranges is cheaper than a second operation.
constexpr batch::CoalescingOptions kCoalescing{/*.max_extra_read_bytes=*/255};

struct Request {
  tensorstore::Promise<ReadResult> promise;
  tensorstore::OptionalByteRangeRequest byte_range;
  std::string key;
  tensorstore::kvstore::ReadGenerationConditions conditions;

  // The sort key: requests that may be combined into one read are equal in it.
  auto Order() const { return std::tie(key, conditions.if_equal.value, conditions.if_not_equal.value); }
};

// One read operation of the store, and the requests that it answers.
struct Read {
  tensorstore::ByteRange range;
  std::vector<Request> requests;

  const Request& first() const { return requests.front(); }
  bool needed() const {
    return std::any_of(requests.begin(), requests.end(), [](const Request& r) { return r.promise.result_needed(); });
  }

  void Answer(RemoteDramDriver& driver, Result<GetResult> got, absl::Time sent) {
    if (!got.ok() && got.status().code() == StatusCode::kOutOfRange && requests.size() > 1) {
      return AskAgainOneByOne(driver);
    }
    if (!got.ok()) {
      batch::SetCommonResult(requests, driver.Failure(first().key, "reading", got.status()));
      return;
    }
    metrics.bytes_read.IncrementBy(static_cast<int64_t>(got->value.size()));
    batch::ResolveCoalescedRequests<Request>(range, requests, ToTensorStore(*std::move(got), sent));
  }

  // One of the ranges lies outside the value; the other requests must not fail because of it.
  void AskAgainOneByOne(RemoteDramDriver& driver) {
    for (Request& request : requests) {
      tensorstore::kvstore::ReadOptions options;
      options.generation_conditions = request.conditions;
      options.byte_range = request.byte_range;
      tensorstore::LinkResult(std::move(request.promise), driver.ReadAlone(request.key, std::move(options)));
    }
  }
};
using Reads = std::vector<Read>;

ReadOperation OperationOf(const Read& read) {
  ReadOperation operation;
  operation.key = read.first().key;
  operation.if_generation = FromTensorStore(read.first().conditions.if_equal);
  operation.if_not_generation = FromTensorStore(read.first().conditions.if_not_equal);
  operation.range = ByteRange{read.range.inclusive_min, read.range.exclusive_max};
  return operation;
}

// Sends several reads in one message. They cannot be cancelled, because another caller may wait for one of them.
void ReadTogether(const DriverRef& driver, Reads reads) {
  std::vector<ReadOperation> operations;
  for (const Read& read : reads) operations.push_back(OperationOf(read));
  auto answer = [driver, reads = std::move(reads), sent = absl::Now()](Result<BatchReadResult> got) mutable {
    metrics.read_latency_ms.Observe(absl::ToInt64Milliseconds(absl::Now() - sent));
    for (size_t i = 0; i < reads.size(); ++i) {
      reads[i].Answer(*driver, got.ok() ? std::move(got->results[i]) : got.status(), sent);
    }
  };
  driver->store().BatchRead(operations, {}, OnExecutor<BatchReadResult>(driver->executor(), std::move(answer)));
}

void ReadOne(const DriverRef& driver, Read read) {
  const ReadOperation operation = OperationOf(read);
  GetOptions options;
  options.if_generation = operation.if_generation;
  options.if_not_generation = operation.if_not_generation;
  options.range = operation.range;
  if (read.requests.size() == 1) options.cancel = CancelledBy(read.first().promise);
  auto answer = [driver, read = std::move(read), sent = absl::Now()](Result<GetResult> got) mutable {
    metrics.read_latency_ms.Observe(absl::ToInt64Milliseconds(absl::Now() - sent));
    read.Answer(*driver, std::move(got), sent);
  };
  driver->store().Get(operation.key, options, OnExecutor<GetResult>(driver->executor(), std::move(answer)));
}

Reads Coalesce(tensorstore::span<Request> requests) {
  Reads reads;
  std::sort(requests.begin(), requests.end(),
            [](const Request& a, const Request& b) { return a.Order() < b.Order(); });
  for (auto begin = requests.begin(); begin != requests.end();) {
    const auto end = std::find_if(begin, requests.end(), [&first = *begin](const Request& other) {
      return other.Order() != first.Order();
    });
    batch::ForEachCoalescedRequest<Request>(
        tensorstore::span<Request>(&*begin, end - begin), kCoalescing,
        [&reads](tensorstore::OptionalByteRangeRequest range, tensorstore::span<Request> together) {
          Read& read = reads.emplace_back();
          read.range = range.AsByteRange();
          read.requests.assign(std::make_move_iterator(together.begin()), std::make_move_iterator(together.end()));
        });
    begin = end;
  }
  reads.erase(std::remove_if(reads.begin(), reads.end(), [](const Read& read) { return !read.needed(); }), reads.end());
  return reads;
}

void Send(const DriverRef& driver, tensorstore::span<Request> requests) {
  Reads reads = Coalesce(requests);
  metrics.batch_read.IncrementBy(static_cast<int64_t>(reads.size()));
  std::vector<PlannedRead> planned;
  for (const Read& read : reads) {
    planned.push_back({read.first().key.size(), static_cast<uint64_t>(read.range.size())});
  }
  for (const std::vector<size_t>& message : PlanReads(planned)) {
    Reads together;
    for (const size_t place : message) together.push_back(std::move(reads[place]));
    if (together.size() == 1) {
      ReadOne(driver, std::move(together.front()));
    } else {
      ReadTogether(driver, std::move(together));
    }
  }
}

// Collects the requests of one Batch for one driver until the Batch is submitted. Deletes itself afterwards.
class BatchEntry final : public batch::BatchReadEntry<RemoteDramDriver, Request> {
 public:
  using batch::BatchReadEntry<RemoteDramDriver, Request>::BatchReadEntry;

  void Submit(tensorstore::Batch::View) override {
    std::unique_ptr<BatchEntry> self(this);
    driver().executor()([self = std::move(self)] { Send(DriverRef(&self->driver()), self->request_batch.requests); });
  }
};

}  // namespace

tensorstore::Future<ReadResult> RemoteDramDriver::ReadInBatch(Key key, ReadOptions options) {
  auto [promise, future] = tensorstore::PromiseFuturePair<ReadResult>::Make();
  BatchEntry::MakeRequest<BatchEntry>(*this, options.batch, options.staleness_bound,
                                      Request{std::move(promise), options.byte_range, std::move(key),
                                              std::move(options.generation_conditions)});
  return std::move(future);
}

}  // namespace remote_dram::driver
