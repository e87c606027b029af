// Callback<Args...>: a move-only function object that returns nothing, like std::move_only_function<void(Args...)>.
//
// Memory: owns the function and its captures. A function of up to inline_bytes is stored in the object itself, a larger
// one on the heap.
// Threads: a plain value; whoever receives a Callback decides on which thread it runs. Failure: none.
#ifndef REMOTE_DRAM_CALLBACK_H_
#define REMOTE_DRAM_CALLBACK_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace remote_dram {

template <typename... Args>
class Callback {
 public:
  static constexpr size_t inline_bytes = 32;  // enough for two std::shared_ptr

  Callback() = default;  // empty: must not be run before a function is assigned
  template <typename F, typename = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Callback>>>
  Callback(F&& function) {
    using Function = std::decay_t<F>;
    if constexpr (Fits<Function>()) {
      Put<Function>(std::forward<F>(function));
    } else {
      Put<Boxed<Function>>(std::make_unique<Function>(std::forward<F>(function)));
    }
  }
  Callback(Callback&& other) noexcept { Take(other); }
  Callback& operator=(Callback&& other) noexcept {
    Callback dropped(std::move(*this));
    Take(other);
    return *this;
  }
  ~Callback() {
    if (kind_ != nullptr && kind_->move != nullptr) kind_->move(place_, nullptr);
  }

  explicit operator bool() const { return kind_ != nullptr; }
  void operator()(Args... args) { kind_->run(place_, std::forward<Args>(args)...); }

 private:
  struct Kind {
    void (*run)(void* function, Args... args);
    // Moves the function to `to` and destroys the original; if `to` is null, only destroys. A null pointer here means
    // that the function is trivially copyable: its bytes are copied, and nothing needs to be destroyed.
    void (*move)(void* from, void* to);
  };
  template <typename F>
  struct Boxed {
    std::unique_ptr<F> function;
    void operator()(Args... args) { (*function)(std::forward<Args>(args)...); }
  };

  template <typename F>
  static constexpr bool Fits() {
    return sizeof(F) <= inline_bytes && alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>;
  }
  template <typename F>
  static void Run(void* function, Args... args) {
    (*static_cast<F*>(function))(std::forward<Args>(args)...);
  }
  template <typename F>
  static void Move(void* from, void* to) {
    F* const function = static_cast<F*>(from);
    if (to != nullptr) new (to) F(std::move(*function));
    function->~F();
  }
  template <typename F>
  static constexpr Kind kind_of{&Run<F>, std::is_trivially_copyable_v<F> ? nullptr : &Move<F>};

  template <typename F, typename From>
  void Put(From&& from) {
    new (place_) F{std::forward<From>(from)};
    kind_ = &kind_of<F>;
  }
  void Take(Callback& other) {
    kind_ = std::exchange(other.kind_, nullptr);
    if (kind_ == nullptr) return;
    if (kind_->move != nullptr) return kind_->move(other.place_, place_);
    std::memcpy(place_, other.place_, inline_bytes);
  }

  const Kind* kind_ = nullptr;
  alignas(void*) std::byte place_[inline_bytes];
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_CALLBACK_H_
