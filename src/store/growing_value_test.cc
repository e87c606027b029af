// GrowingValue: parts of any sizes become their concatenation, in no more of the store's memory than the value needs.
#include "store/growing_value.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

std::string Bytes(uint64_t size, uint32_t seed) {
  std::minstd_rand random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

uint64_t CostOf(const std::string& key, const std::string& value) { return StrideOf(value.size() + key.size()) + kEntryBytes; }

// Appends parts of 1 MiB; returns the value that they make.
std::string AppendParts(GrowingValue& growing, uint32_t parts) {
  std::string value;
  for (uint32_t i = 0; i < parts; ++i) {
    value += Bytes(kMiB, i);
    growing.Append({std::string_view(value).substr(value.size() - kMiB)});
  }
  return value;
}

void ExpectWhole(Store& store, Result<Reservation> finished, const std::string& value) {
  ASSERT_TRUE(finished.ok()) << finished.status().ToString();
  const std::string key(finished->key());
  ASSERT_EQ(store.Publish(*std::move(finished), {}).state, WriteState::kApplied);
  EXPECT_TRUE(Get(store, key).bytes() == value);
}

TEST(GrowingValue, IsTheConcatenationOfPartsOfAnySizesWhateverWasExpected) {
  Store store(TestOptions());
  std::minstd_rand random(7);
  for (const uint64_t expected : {uint64_t{0}, uint64_t{1}, uint64_t{100'000}, kMiB, 9 * kMiB}) {
    for (const uint64_t part_max : {10, 1000, 100'000, 1'000'000}) {
      const std::string key = std::to_string(expected) + "/" + std::to_string(part_max);
      GrowingValue growing(store, key, expected);
      std::string value;
      for (int i = 0; i < 10; ++i) {
        const std::string part = Bytes(random() % part_max, i);
        growing.Append({std::string_view(part).substr(0, part.size() / 3), std::string_view(part).substr(part.size() / 3)});
        value += part;
      }
      ExpectWhole(store, growing.Finish(), value);
      EXPECT_EQ(store.Usage().memory_bytes, CostOf(key, value)) << "expected " << expected << ", parts up to " << part_max;
      ASSERT_TRUE(store.Delete(key, {}).ok());
    }
  }
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

TEST(GrowingValue, DoesNotMoveWhileItFitsIntoTheExpectedRoom) {
  Store store(TestOptions());
  GrowingValue growing(store, "k", 4 * kMiB);
  growing.Append({Bytes(kMiB, 1)});
  const uint64_t after_one = store.Usage().memory_bytes;
  AppendParts(growing, 3);
  EXPECT_EQ(store.Usage().memory_bytes, after_one);
  EXPECT_EQ(after_one, CostOf("k", std::string(4 * kMiB, 'x')));
}

TEST(GrowingValue, TakesNoMoreRoomForAGuessThanTheFirstPartJustifies) {
  Store store(TestOptions());
  GrowingValue growing(store, "k", 500 * kMiB);
  growing.Append({Bytes(kMiB, 1)});
  EXPECT_EQ(store.Usage().memory_bytes, CostOf("k", std::string(expected_growth_max * kMiB, 'x')));
}

TEST(GrowingValue, GrowsInFewStepsEvenWhereItMayNotDouble) {
  StoreOptions options = TestOptions();
  options.value_bytes_max = 9 * kMiB;
  Store store(options);
  GrowingValue growing(store, "k", 0);
  AppendParts(growing, 8);
  growing.Append({"x"});
  EXPECT_EQ(store.Usage().memory_bytes, CostOf("k", std::string(options.value_bytes_max, 'x')));
}

TEST(GrowingValue, LetsOthersUseWhatItDidNotNeed) {
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = 10 * kMiB;
  Store store(options);
  GrowingValue growing(store, "k", 8 * kMiB);
  const std::string value = Bytes(kMiB + 5, 1);
  growing.Append({value});
  EXPECT_FALSE(store.Prepare("other", 4 * kMiB).ok());
  ExpectWhole(store, growing.Finish(), value);
  const std::string other = Bytes(8 * kMiB, 2);
  ExpectWhole(store, store.PrepareCopy("other", {other}), other);
  EXPECT_TRUE(Get(store, "k").bytes() == value) << "the memory that was given back is not the value's";
}

TEST(GrowingValue, TakesEveryValueThatTheStoreCouldTakeAsAWhole) {
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = 10 * kMiB;
  Store store(options);
  for (const uint64_t expected : {uint64_t{0}, 5 * kMiB, 64 * kMiB}) {
    GrowingValue growing(store, "k", expected);
    const std::string value = AppendParts(growing, 9);
    ExpectWhole(store, growing.Finish(), value);
    ASSERT_TRUE(store.Delete("k", {}).ok());
  }
}

TEST(GrowingValue, IsRefusedAtTheEndIfTheStoreHasNoRoom) {
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = 4 * kMiB;
  Store store(options);
  GrowingValue growing(store, "k", 0);
  AppendParts(growing, 5);
  const Status refused = growing.Finish().status();
  EXPECT_EQ(refused.code(), StatusCode::kResourceExhausted) << refused.ToString();
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

// Sanitizers need more address space than they use, and end a process that is refused some.
#ifndef __has_feature
#define __has_feature(feature) false  // g++
#endif
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !__has_feature(address_sanitizer)
TEST(GrowingValueDeathTest, IsRefusedAtTheEndIfTheProcessHasNoMemoryForWhatTheStoreHasNoRoomFor) {
  const auto grow = [] {
    StoreOptions options = TestOptions();
    options.memory_limit_bytes = 256 * kMiB;
    Store store(options);
    const Result<Reservation> others = store.Prepare("others", 200 * kMiB);
    GrowingValue growing(store, "k", 0);
    const rlimit no_more{256 * kMiB, 256 * kMiB};
    setrlimit(RLIMIT_AS, &no_more);
    const std::string part(kMiB, 'v');
    for (int i = 0; i < 150; ++i) growing.Append({part});
    const Status refused = growing.Finish().status();
    std::fputs(refused.ToString().c_str(), stderr);
    std::_Exit(others.ok() && refused.code() == StatusCode::kResourceExhausted ? 0 : 1);
  };
  EXPECT_EXIT(grow(), testing::ExitedWithCode(0), "no memory for a value of 150 MiB");
}
#endif

TEST(GrowingValue, ObeysTheLimitsOfKeysAndValues) {
  StoreOptions options = TestOptions();
  options.value_bytes_max = 3 * kMiB;
  Store store(options);
  GrowingValue fits(store, "k", 64 * kMiB), over(store, "k", 0), long_name(store, std::string(key_bytes_max + 1, 'k'), 0);
  const std::string value = AppendParts(fits, 3);
  ExpectWhole(store, fits.Finish(), value);
  AppendParts(over, 3);
  over.Append({"x"});
  EXPECT_EQ(over.Finish().status().code(), StatusCode::kInvalidArgument);
  long_name.Append({"x"});
  EXPECT_EQ(long_name.Finish().status().code(), StatusCode::kInvalidArgument);
}

TEST(GrowingValue, IsEmptyWithoutAPart) {
  Store store(TestOptions());
  ExpectWhole(store, GrowingValue(store, "k", kMiB).Finish(), "");
}

TEST(GrowingValue, GivesItsMemoryBackIfItIsDropped) {
  Store store(TestOptions());
  {
    GrowingValue growing(store, "k", 0);
    AppendParts(growing, 3);
    EXPECT_GT(store.Usage().memory_bytes, 0u);
  }
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

}  // namespace
}  // namespace remote_dram::store
