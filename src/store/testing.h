// Short functions that the tests of the store share.
//
// Memory and threads: as the store's.
// Failure: a refused call fails the test.
#ifndef REMOTE_DRAM_STORE_TESTING_H_
#define REMOTE_DRAM_STORE_TESTING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "store/store.h"

namespace remote_dram::store {

inline constexpr uint64_t kTestIncarnation = 0xabcdef;

// Of a store that clients could map, as that of a server with sockets.
inline StoreOptions TestOptions() {
  StoreOptions options;
  options.incarnation = kTestIncarnation;
  options.hash_seed = {1, 2};
  options.sharing = Sharing::kShared;
  return options;
}

inline WriteResult Put(Store& store, std::string_view key, std::string_view value,
                       const Generation& if_generation = {}) {
  Result<Reservation> reservation = store.Prepare(key, value.size());
  EXPECT_TRUE(reservation.ok()) << reservation.status().ToString();
  if (!reservation.ok()) return {WriteState::kConditionFailed, Generation::Foreign(), 0};
  std::copy(value.begin(), value.end(), reservation->bytes().data);
  return store.Publish(*std::move(reservation), if_generation);
}

inline Found Get(const Store& store, std::string_view key, const LookupOptions& options = {}) {
  Result<Found> found = store.Lookup(key, options);
  EXPECT_TRUE(found.ok()) << found.status().ToString();
  return found.ok() ? *std::move(found) : Found();
}

inline WriteOperation PutOf(std::string key, std::string_view value, Generation if_generation = {}) {
  return {.kind = WriteOperation::Kind::kPut, .key = std::move(key), .end = "", .value = {value}, .if_generation = if_generation};
}
inline WriteOperation DeleteOf(std::string key, Generation if_generation = {}) {
  return {.kind = WriteOperation::Kind::kDelete, .key = std::move(key), .end = "", .value = {}, .if_generation = if_generation};
}

// A value that contains the id of its write in every word.
inline std::string Pattern(uint64_t id) {
  std::string value;
  for (uint64_t i = 0; i < 1 + id % 700; ++i) value.append(reinterpret_cast<const char*>(&id), sizeof id);
  return value;
}

// The id in a value of Pattern, or 0 if it mixes two writes.
inline uint64_t IdOf(std::string_view value) {
  uint64_t id = 0;
  if (value.size() < sizeof id) return 0;
  std::copy_n(value.data(), sizeof id, reinterpret_cast<char*>(&id));
  return value == Pattern(id) ? id : 0;
}

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_TESTING_H_
