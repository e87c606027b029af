// Callback<Args...> and Task: move-only functions, for work that is handed on.
//
// Memory: owns what it captured. Threads: runs where its receiver says. Failure: none.
#ifndef REMOTE_DRAM_BASE_TASK_H_
#define REMOTE_DRAM_BASE_TASK_H_

#include <memory>
#include <type_traits>
#include <utility>

namespace remote_dram::base {

template <typename... Args>
class Callback {
 public:
  Callback() = default;
  template <typename F, typename = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Callback>>>
  Callback(F&& function) : call_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(function))) {}

  explicit operator bool() const { return call_ != nullptr; }
  void operator()(Args... args) { call_->Run(std::forward<Args>(args)...); }

 private:
  struct Call {
    virtual ~Call() = default;
    virtual void Run(Args... args) = 0;
  };
  template <typename F>
  struct Holder final : Call {
    explicit Holder(F&& f) : function(std::move(f)) {}
    explicit Holder(const F& f) : function(f) {}
    void Run(Args... args) override { function(std::forward<Args>(args)...); }
    F function;
  };

  std::unique_ptr<Call> call_;
};

using Task = Callback<>;

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_TASK_H_
