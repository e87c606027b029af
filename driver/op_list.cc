// List: reads page after page, until there are no more keys or the receiver stops the listing.
#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "driver/call.h"
#include "driver/convert.h"
#include "driver/driver.h"
#include "driver/metrics.h"
#include "tensorstore/kvstore/operations.h"
#include "tensorstore/util/execution/execution.h"

namespace remote_dram::driver {
namespace {

namespace execution = tensorstore::execution;

// The receiver holds this to stop the listing. It must not refer to the Listing: the Listing owns the receiver, and the
// two would keep each other alive.
struct Stop {
  std::atomic<bool> stopped{false};
  Cancellation cancel = Cancellation::Make();

  void operator()() {
    stopped = true;
    cancel.Cancel();
  }
};

struct Listing {
  tensorstore::internal::IntrusivePtr<RemoteDramDriver> driver;
  KeyRange range;
  size_t strip_bytes;
  tensorstore::kvstore::ListReceiver receiver;
  std::shared_ptr<Stop> stop = std::make_shared<Stop>();

  static void NextPage(std::unique_ptr<Listing> self, std::optional<std::string> after) {
    RemoteDramDriver& driver = *self->driver;
    const KeyRange range = self->range;
    ListOptions options;
    options.after = std::move(after);
    options.cancel = self->stop->cancel;
    auto answer = [self = std::move(self)](Result<ListPage> page) mutable { OnPage(std::move(self), std::move(page)); };
    driver.store().List(range, options, OnExecutor<ListPage>(driver.executor(), std::move(answer)));
  }

  static void OnPage(std::unique_ptr<Listing> self, Result<ListPage> page) {
    // A listing that the receiver stopped ends without an error, even if its last page failed.
    if (!page.ok() && !self->stop->stopped) {
      return self->End(self->driver->Failure(self->range.begin, "listing from", page.status()));
    }
    if (self->stop->stopped) return self->End(absl::OkStatus());
    std::optional<std::string> last;
    if (page->more) last = page->entries.back().key;
    for (ListEntry& entry : page->entries) {
      if (self->stop->stopped) return self->End(absl::OkStatus());
      entry.key.erase(0, std::min(self->strip_bytes, entry.key.size()));
      execution::set_value(self->receiver,
                           tensorstore::kvstore::ListEntry{
                               std::move(entry.key), tensorstore::kvstore::ListEntry::checked_size(entry.value_bytes)});
    }
    if (!last) return self->End(absl::OkStatus());
    NextPage(std::move(self), std::move(last));
  }

  void End(absl::Status status) {
    if (status.ok()) {
      execution::set_done(receiver);
    } else {
      execution::set_error(receiver, std::move(status));
    }
    execution::set_stopping(receiver);
  }
};

}  // namespace

void RemoteDramDriver::ListImpl(ListOptions options, ListReceiver receiver) {
  if (options.range.empty()) {
    execution::set_starting(receiver, [] {});
    execution::set_done(receiver);
    execution::set_stopping(receiver);
    return;
  }
  metrics.list.Increment();
  std::unique_ptr<Listing> listing(new Listing{tensorstore::internal::IntrusivePtr<RemoteDramDriver>(this),
                                               FromTensorStore(std::move(options.range)), options.strip_prefix_length,
                                               std::move(receiver)});
  execution::set_starting(listing->receiver, [stop = listing->stop] { (*stop)(); });
  Listing::NextPage(std::move(listing), std::nullopt);
}

}  // namespace remote_dram::driver
