// Done<T>: the completion of an asynchronous call; it takes a Result<T>.
//
// The promise of every call that takes one: it runs exactly once · never inside the call that took it ·
// never under a lock of this library · after it, the memory that the caller lent is the caller's again.
// Memory: move-only; owns what its function captured.
// Threads: runs on a thread of the library. It may make further calls, waiting ones too, but what it does
// there delays the other completions of the same context, and the calls that it begins: those go out when it
// ends or makes a waiting call of that context, so it must not wait for their ends in any other way.
// Failure: a Done that is dropped without having run (a defect of the library) runs with INTERNAL.
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
  Done() = default;  // empty: may be assigned to, not run
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

  void operator()(Result<T> result) && {
    Callback<Result<T>&&> call = std::move(call_);
    call(std::move(result));
  }

 private:
  Callback<Result<T>&&> call_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_DONE_H_
