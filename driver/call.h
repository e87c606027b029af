// Call: connects the end of a store's call with TensorStore's executors and promises.
//
// Memory: the captures of `function` are destroyed on the executor, never on a thread of the store, because they may hold
// the last reference to a server.
// Threads: OnExecutor moves the result from the store's thread to TensorStore's executor; there, completing a promise may
// run any code that is attached to it.
// Failure: none.
#ifndef REMOTE_DRAM_DRIVER_CALL_H_
#define REMOTE_DRAM_DRIVER_CALL_H_

#include <utility>

#include "remote_dram/cancellation.h"
#include "remote_dram/done.h"
#include "tensorstore/util/executor.h"
#include "tensorstore/util/future.h"

namespace remote_dram::driver {

// A completion that runs `function(result)` on the executor.
template <typename T, typename Function>
Done<T> OnExecutor(tensorstore::Executor executor, Function function) {
  return [executor = std::move(executor), function = std::move(function)](Result<T> result) mutable {
    executor([function = std::move(function), result = std::move(result)]() mutable {
      std::move(function)(std::move(result));
    });
  };
}

// A handle that is cancelled when nobody waits for the promise's future any more.
template <typename T>
Cancellation CancelledBy(const tensorstore::Promise<T>& promise) {
  Cancellation cancel = Cancellation::Make();
  promise.ExecuteWhenNotNeeded([cancel] { cancel.Cancel(); });
  return cancel;
}

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CALL_H_
