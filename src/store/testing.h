// Short forms that the tests of the store share.
//
// Memory and threads: as the store's.
// Failure: what is refused fails the test.
#ifndef REMOTE_DRAM_STORE_TESTING_H_
#define REMOTE_DRAM_STORE_TESTING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "store/store.h"

namespace remote_dram::store {

inline constexpr uint64_t kTestIncarnation = 0xabcdef;

inline StoreOptions TestOptions() {
  StoreOptions options;
  options.incarnation = kTestIncarnation;
  options.hash_seed = {1, 2};
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

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_TESTING_H_
