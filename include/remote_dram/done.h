// Done<T>: the completion of an asynchronous call: a function that takes a Result<T>.
//
// Every call that takes a completion promises: the completion runs exactly once · never inside the call that took it ·
// never under a lock of this library · once it runs, memory that the caller lent to the call is the caller's again.
// Memory: move-only; owns its function and the captures.
// Threads: runs on a thread of the library. It may start further calls, asynchronous or waiting. While it runs, it
// delays the other completions of its context. Asynchronous calls that it starts are sent only when it returns or makes
// a waiting call of the same context. So it must not wait for them in any other way: it would wait for ever.
// Failure: a Done that is destroyed without having run (a defect of the library) runs with INTERNAL.
#ifndef REMOTE_DRAM_DONE_H_
#define REMOTE_DRAM_DONE_H_

#include <type_traits>
#include <utility>

#include "remote_dram/callback.h"
#include "remote_dram/status.h"

namespace remote_dram {

template <typename T>
class Done {
 public:
  Done() = default;  // empty: must not be run before a function is assigned
  template <typename F, typename = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Done>>>
  Done(F&& function) : call_(std::forward<F>(function)) {}

  Done(Done&&) noexcept = default;
  Done& operator=(Done&& other) noexcept {
    Done dropped(std::move(*this));
    call_ = std::move(other.call_);
    return *this;
  }
  ~Done() {
    if (call_) std::move(*this)(Status(StatusCode::kInternal, "the call was dropped without an answer"));
  }

  explicit operator bool() const { return static_cast<bool>(call_); }

  // Runs the function and leaves this Done empty.
  void operator()(Result<T> result) && {
    Callback<Result<T>&&> call = std::move(call_);
    call(std::move(result));
  }

 private:
  Callback<Result<T>&&> call_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_DONE_H_
