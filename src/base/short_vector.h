// ShortVector: a vector that stores up to Inline elements in the object itself.
//
// Memory: owns its elements; more than Inline are on the heap. Threads: a plain value. Failure: none.
#ifndef REMOTE_DRAM_BASE_SHORT_VECTOR_H_
#define REMOTE_DRAM_BASE_SHORT_VECTOR_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace remote_dram::base {

template <typename T, size_t Inline>
class ShortVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  ShortVector() {}  // leaves the inline elements uninitialized
  explicit ShortVector(std::span<const T> elements) { append(elements.data(), elements.size()); }

  void push_back(const T& element) { append(&element, 1); }
  void append(const T* elements, size_t count) { std::copy_n(elements, count, Extend(count)); }
  // Adds `count` elements and returns where they begin; the caller fills them. A caller that knows `count` at compile time
  // so avoids a call of memcpy.
  T* Extend(size_t count) {
    const size_t before = size_;
    size_ += count;
    if (size_ <= Inline) return inline_.data() + before;
    if (before <= Inline) long_.assign(inline_.data(), inline_.data() + before);
    long_.resize(size_);
    return long_.data() + before;
  }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  T* data() { return size_ <= Inline ? inline_.data() : long_.data(); }
  const T* data() const { return size_ <= Inline ? inline_.data() : long_.data(); }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }

 private:
  size_t size_ = 0;
  std::array<T, Inline> inline_;  // a move copies all of it, element by element
  std::vector<T> long_;
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_SHORT_VECTOR_H_
