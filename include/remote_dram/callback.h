// Callback<Args...>: a move-only function, for work that is handed on.
//
// Memory: owns what it captured; up to inline_bytes of it lie in the object itself, more on the heap.
// Threads: runs where its receiver says. Failure: none.
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
  static constexpr size_t inline_bytes = 32;  // two shared pointers

  Callback() = default;  // empty: may be assigned to, not run
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
    void (*move)(void* from, void* to);  // to nowhere: destroys it; null: its bytes are all there is to it
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
