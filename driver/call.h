// Call: how a call of the store ends in TensorStore.
//
// Memory: what `function` captured goes on the executor, too, and never on a thread of the store: it may be the
// last reference to a server.
// Threads: OnExecutor hands the result from the store's thread to TensorStore's executor, where promises may run
// whatever is attached to them.
// Failure: a future that nobody waits for any more cancels its call.
#ifndef REMOTE_DRAM_DRIVER_CALL_H_
#define REMOTE_DRAM_DRIVER_CALL_H_

#include <utility>

#include "remote_dram/cancellation.h"
#include "remote_dram/done.h"
#include "tensorstore/util/executor.h"
#include "tensorstore/util/future.h"

namespace remote_dram::driver {

template <typename T, typename Function>
Done<T> OnExecutor(tensorstore::Executor executor, Function function) {
  return [executor = std::move(executor), function = std::move(function)](Result<T> result) mutable {
    executor([function = std::move(function), result = std::move(result)]() mutable {
      std::move(function)(std::move(result));
    });
  };
}

template <typename T>
Cancellation CancelledBy(const tensorstore::Promise<T>& promise) {
  Cancellation cancel = Cancellation::Make();
  promise.ExecuteWhenNotNeeded([cancel] { cancel.Cancel(); });
  return cancel;
}

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CALL_H_
