// Value: a handle on the immutable bytes that a read returned.
//
// Memory: the handle keeps the bytes alive; copies of the handle share the bytes. They may be in a private buffer, in the
// memory of a server in this process, or in a mapping of another server's memory; the handle does not tell which.
// They start at a multiple of kValueAlignment, except if a byte range was read without copying from memory that is
// shared with the server. A value that was read into the caller's memory (GetOptions::into) owns nothing: it is valid
// only as long as that memory.
// Threads: any thread may read the bytes, and copy or destroy its own handles.
// Failure: none.
#ifndef REMOTE_DRAM_VALUE_H_
#define REMOTE_DRAM_VALUE_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace remote_dram {

// Memory that the caller lends to the library, which writes to it. `size` is in bytes.
struct MutableBytes {
  char* data = nullptr;
  size_t size = 0;
};

// A value to be written: the concatenation of pieces of memory that the caller owns, so they need not be joined first.
using Pieces = std::vector<std::string_view>;

inline constexpr size_t kValueAlignment = 64;  // bytes

class Value {
 public:
  Value() = default;  // no bytes
  // `owner` keeps `bytes` alive; it may be null.
  Value(std::shared_ptr<const void> owner, std::string_view bytes) : owner_(std::move(owner)), bytes_(bytes) {}

  const char* data() const { return bytes_.data(); }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  std::string_view bytes() const { return bytes_; }

  // What keeps the bytes alive, for code that passes the bytes on without this class. Null if nothing does: the value is
  // empty, or lies in the caller's memory.
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_VALUE_H_
