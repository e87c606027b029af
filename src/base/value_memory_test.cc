// Memory of results: reused after they are released, and never earlier.
#include "base/value_memory.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "base/fork_testing.h"
#include "base/kept_memory.h"
#include "remote_dram/value.h"

namespace remote_dram::base {
namespace {

// So large that malloc serves it with fresh pages, which are zero, unless other tests of this process left a gap of that
// size in the heap.
constexpr size_t kLarge = size_t{40} << 20;

std::shared_ptr<char> Filled(size_t bytes, char with) {
  std::shared_ptr<char> memory = AllocateValue(bytes);
  std::memset(memory.get(), with, bytes);
  return memory;
}

// The byte in the middle of the memory: shows whether the memory is fresh or was used before.
char LeftIn(const std::shared_ptr<char>& memory) { return memory.get()[kLarge / 2]; }

TEST(ValueMemory, IsAlignedWhateverItsSize) {
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{1000}, kept_result_bytes_min, kLarge}) {
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(reinterpret_cast<uintptr_t>(AllocateValue(bytes).get()) % kValueAlignment, 0u) << bytes;
    }
  }
}

TEST(ValueMemory, OfALargeResultThatIsGoneIsUsedForTheNextOfAboutItsSize) {
  Filled(kLarge, 'a');
  EXPECT_EQ(LeftIn(AllocateValue(kLarge - 100'000)), 'a');
  EXPECT_EQ(LeftIn(AllocateValue(kLarge)), 'a');
}

TEST(ValueMemory, OfMoreThanTheProcessMayKeepIsGivenBack) {
  Filled(kept_results_bytes_max + 1, 'b');
  EXPECT_NE(LeftIn(AllocateValue(kept_results_bytes_max + 1)), 'b');
}

TEST(ValueMemory, IsItsOwnersAloneForAsLongAsOneOfThemLives) {
  std::shared_ptr<char> first = Filled(kLarge, 'c');
  const std::shared_ptr<char> also = first;
  first.reset();
  const std::shared_ptr<char> second = Filled(kLarge, 'd');
  EXPECT_EQ(LeftIn(also), 'c');
  EXPECT_EQ(LeftIn(second), 'd');
}

TEST(ValueMemory, IsNeverThatOfTwoThreads) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (char name = 'a'; name < 'e'; ++name) {
    threads.emplace_back([name, &wrong] {
      for (size_t i = 0; i < 300; ++i) {
        const size_t bytes = kept_result_bytes_min << (i % 3);
        const std::shared_ptr<char> memory = Filled(bytes, name);
        std::this_thread::yield();
        for (size_t at = 0; at < bytes; at += 1000) wrong += memory.get()[at] != name;
      }
    });
  }
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(wrong, 0);
}

TEST(ValueMemory, OfTheParentIsReadAndFreedInAForkedChildWhichUsesOnlyItsOwnAgain) {
  if (mallinfo2().fordblks >= kLarge) GTEST_SKIP() << "malloc itself may hand out what was used before";
  std::shared_ptr<char> held = Filled(kLarge, 'p');
  Filled(kLarge, 'k');
  EXPECT_TRUE(HoldsInChild([&held] {
    if (LeftIn(held) != 'p') return false;
    held.reset();
    std::shared_ptr<char> own = AllocateValue(kLarge);
    if (LeftIn(own) == 'p' || LeftIn(own) == 'k') return false;
    std::memset(own.get(), 'o', kLarge);
    own.reset();
    return LeftIn(AllocateValue(kLarge)) == 'o';
  }));
  EXPECT_EQ(LeftIn(held), 'p');
  EXPECT_EQ(LeftIn(AllocateValue(kLarge)), 'k');
}

TEST(ValueMemory, IsThereForAChildThatWasForkedWhileOthersGaveTheirsBack) {
  if (RD_ADDRESS_SANITIZER) GTEST_SKIP() << kNoAddressSanitizer;
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer cannot follow a fork of a process with threads";
#endif
  std::shared_ptr<char> held = Filled(kept_result_bytes_min, 'h');
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&stop] {
      while (!stop) AllocateValue(kept_result_bytes_min);
    });
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(HoldsInChild([&held] {
      held.reset();  // the child's copy
      return AllocateValue(kept_result_bytes_min) != nullptr && AllocateValue(kLarge) != nullptr;
    }));
  }
  stop = true;
  for (std::thread& each : threads) each.join();
}

TEST(ValueMemoryDeathTest, ThatIsGoneOrNotTheResultsIsSeenByAddressSanitizer) {
  if (!RD_ADDRESS_SANITIZER) GTEST_SKIP() << "without AddressSanitizer";
  std::shared_ptr<char> memory = Filled(kept_result_bytes_min + 1, 'x');  // its size class is a quarter larger
  const volatile char* const at = memory.get();
  EXPECT_DEATH(static_cast<void>(at[kept_result_bytes_min + 1]), "use-after-poison");
  memory.reset();
  EXPECT_DEATH(static_cast<void>(at[0]), "use-after-poison");
}

}  // namespace
}  // namespace remote_dram::base
