// GrowingValue: a value that comes in parts and whose size is known only at the end. It grows in the store's memory, so that
// each part is copied while the next one is still on its way.
//
// If a part does not fit, the value moves to twice as much room; if the store has not that much, to the process's own memory, so
// that nothing is refused here that the store could take as a whole.
// Memory: counts against the store's limit, except for values that had to leave it. The store must outlive it.
// Threads: one at a time.
// Failure: Finish fails as Store::Prepare, and with RESOURCE_EXHAUSTED if the process had no memory; Append never fails.
// Limits: expected_growth_max.
#ifndef REMOTE_DRAM_STORE_GROWING_VALUE_H_
#define REMOTE_DRAM_STORE_GROWING_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "store/store.h"

namespace remote_dram::store {

// A value gets room for what is expected up to this many times the size of its first part, because the room may be taken from
// others in vain.
inline constexpr uint64_t expected_growth_max = 16;

class GrowingValue {
 public:
  // `expected_bytes`: a guess of the value's size, or 0.
  GrowingValue(Store& store, std::string key, uint64_t expected_bytes)
      : store_(store), key_(std::move(key)), expected_bytes_(expected_bytes) {}
  GrowingValue(GrowingValue&&) = default;

  void Append(const Pieces& part);  // copies it
  // To be called once, as the last call.
  Result<Reservation> Finish();

 private:
  // False: the store has no room for so many bytes.
  bool MakeRoom(uint64_t bytes);
  bool MoveTo(uint64_t room_bytes);
  void AppendElsewhere(const Pieces& part);  // may throw std::bad_alloc

  Store& store_;
  const std::string key_;
  const uint64_t expected_bytes_;
  std::optional<Reservation> room_;  // its first value_bytes_ are the value, unless that is in elsewhere_
  uint64_t value_bytes_ = 0;
  std::optional<std::string> elsewhere_;  // empty if the value has become too large for the store, or for the process
  bool out_of_memory_ = false;            // of the process
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_GROWING_VALUE_H_
