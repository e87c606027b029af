// Value: a handle on the immutable bytes that a read returned.
//
// Memory: the handle keeps the bytes alive; copies share them. Where they lie (a private buffer, a server's
// memory, a mapping) cannot be told from here. Bytes that the library placed start at a multiple of 64,
// except in a read of a byte range from memory that is shared with the server. A value read into the
// caller's own memory owns nothing and is as good as that memory.
// Threads: the bytes may be read, and handles dropped, from any thread.
#ifndef REMOTE_DRAM_VALUE_H_
#define REMOTE_DRAM_VALUE_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace remote_dram {

// Memory that the caller lends, to be written.
struct MutableBytes {
  char* data = nullptr;
  size_t size = 0;
};

// A value to be written, in the pieces in which it lies; it is their concatenation.
using Pieces = std::vector<std::string_view>;

inline constexpr size_t kValueAlignment = 64;  // bytes

class Value {
 public:
  Value() = default;  // no bytes
  Value(std::shared_ptr<const void> owner, std::string_view bytes) : owner_(std::move(owner)), bytes_(bytes) {}

  const char* data() const { return bytes_.data(); }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  std::string_view bytes() const { return bytes_; }

  // What keeps the bytes alive, for those who pass them on without this class; null if nothing needs to.
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_VALUE_H_
