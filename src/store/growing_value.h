// GrowingValue: a value that comes in parts and whose size is known only at the end. It grows in the store's memory, so that
// each part is copied, or received, while the next one is still on its way.
//
// If a part does not fit, the value moves to twice as much room.
// Memory: counts against the store's limit, except for values that had to leave it (Append). The store must outlive it.
// Threads: one at a time.
// Failure: Room and Finish fail as Store::Prepare; Append never does.
#ifndef REMOTE_DRAM_STORE_GROWING_VALUE_H_
#define REMOTE_DRAM_STORE_GROWING_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "store/store.h"

namespace remote_dram::store {

class GrowingValue {
 public:
  // `expected_bytes`: the room to begin with, if the first part does not need more.
  GrowingValue(Store& store, std::string key, uint64_t expected_bytes)
      : store_(&store), key_(std::move(key)), expected_bytes_(expected_bytes) {}

  const std::string& key() const { return key_; }
  uint64_t value_bytes() const { return value_bytes_; }  // so far

  // Where to write the next `bytes` of the value; they belong to it once Added is called.
  Result<char*> Room(uint64_t bytes);
  void Added(uint64_t bytes) { value_bytes_ += bytes; }
  // Copies the next part. If the store has no room, the value moves to the process's own memory, so that nothing is refused that
  // the store could take as a whole; it is dropped when it is larger than that.
  void Append(const Pieces& part);

  // To be called once, as the last call.
  Result<Reservation> Finish();

 private:
  Status MoveTo(uint64_t room_bytes);
  void AppendElsewhere(const Pieces& part);

  Store* store_;
  std::string key_;
  uint64_t expected_bytes_;
  std::optional<Reservation> room_;  // its first value_bytes_ are the value, unless that is in overflow_
  uint64_t value_bytes_ = 0;
  std::optional<std::string> overflow_;  // not the whole value if that has become larger than the store
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_GROWING_VALUE_H_
