// Task: a move-only function without arguments, for work that is handed from one thread to another.
//
// Memory: owns what it captured. Threads: runs where its receiver says. Failure: none.
#ifndef REMOTE_DRAM_BASE_TASK_H_
#define REMOTE_DRAM_BASE_TASK_H_

#include <memory>
#include <type_traits>
#include <utility>

namespace remote_dram::base {

class Task {
 public:
  Task() = default;
  template <typename F, typename = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Task>>>
  Task(F&& function) : call_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(function))) {}

  explicit operator bool() const { return call_ != nullptr; }
  void operator()() { call_->Run(); }

 private:
  struct Call {
    virtual ~Call() = default;
    virtual void Run() = 0;
  };
  template <typename F>
  struct Holder final : Call {
    explicit Holder(F&& f) : function(std::move(f)) {}
    explicit Holder(const F& f) : function(f) {}
    void Run() override { function(); }
    F function;
  };

  std::unique_ptr<Call> call_;
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_TASK_H_
