// The store under several threads; meant to be run under ThreadSanitizer, too.
#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <functional>
#include <future>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

constexpr int kThreads = 4;

void InThreads(const std::function<void(int)>& body) {
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back([&body, t] { body(t); });
  for (std::thread& thread : threads) thread.join();
}

TEST(StoreThreads, ExactlyOneOfManyConditionalWritersWinsEachRound) {
  constexpr int rounds = 2000;
  Store store(TestOptions());
  std::vector<std::atomic<int>> winners(rounds);
  std::barrier together(kThreads);
  InThreads([&store, &winners, &together](int t) {
    for (int round = 0; round < rounds; ++round) {
      const Generation now = Get(store, "k").generation;
      together.arrive_and_wait();  // all have seen the same version
      const bool deletes = t == 0 && round % 3 == 2;
      const WriteState state = deletes ? store.Delete("k", now)->state : Put(store, "k", "v", now).state;
      if (state == WriteState::kApplied) ++winners[round];
      together.arrive_and_wait();
    }
  });
  for (const std::atomic<int>& count : winners) ASSERT_EQ(count, 1);
  EXPECT_EQ(store.Usage().sequence, static_cast<uint64_t>(rounds));
}

TEST(StoreThreads, AReadSeesOneWholeVersionUnderItsOwnGeneration) {
  constexpr int steps = 6000;
  Store store(TestOptions());
  const std::vector<std::string> keys = {"a", "b", "c"};
  using Versions = std::map<uint64_t, uint64_t>;  // sequence to id; 0: deleted
  std::vector<Versions> written(kThreads), seen(kThreads);
  InThreads([&store, &keys, &written, &seen](int t) {
    std::mt19937 random(static_cast<uint32_t>(t));
    for (int step = 0; step < steps; ++step) {
      const std::string& key = keys[random() % keys.size()];
      const uint64_t id = static_cast<uint64_t>(t + 1) << 32 | static_cast<uint64_t>(step + 1);
      if (const uint32_t dice = random() % 8; dice == 0) {
        written[t].emplace(store.Delete(key, {})->sequence, 0);
      } else if (dice < 4) {
        written[t].emplace(Put(store, key, Pattern(id)).sequence, id);
      } else if (const Found found = Get(store, key); found.state == ReadState::kValue) {
        ASSERT_GE(found.sequence, found.generation.sequence());
        const uint64_t read = IdOf(found.bytes());
        ASSERT_NE(read, 0u);
        ASSERT_EQ(seen[t].emplace(found.generation.sequence(), read).first->second, read);
      }
    }
  });
  Versions all;
  size_t mutations = 0;
  for (const Versions& of_thread : written) {
    mutations += of_thread.size();
    all.insert(of_thread.begin(), of_thread.end());
  }
  EXPECT_EQ(all.size(), mutations);  // no number twice
  EXPECT_EQ(all.rbegin()->first, mutations);  // and none left out
  for (const Versions& of_thread : seen) {
    for (const auto& [sequence, id] : of_thread) ASSERT_EQ(all.at(sequence), id);
  }
}

TEST(StoreThreads, AReaderNeverGoesBackInTime) {
  constexpr int steps = 20000;
  Store store(TestOptions());
  Put(store, "k", "v");
  InThreads([&store](int t) {
    uint64_t newest = 0;
    for (int step = 0; step < steps; ++step) {
      const uint64_t now = t == 0 ? Put(store, "k", "v").sequence : Get(store, "k").generation.sequence();
      ASSERT_GE(now, newest);
      newest = now;
    }
  });
}

TEST(StoreThreads, AListShowsEveryKeyThatStaysExactlyOnce) {
  constexpr int stable = 3000;
  Store store(TestOptions());
  std::set<std::string> expected;
  for (int i = 0; i < stable; ++i) expected.insert("s" + std::to_string(i));
  for (const std::string& key : expected) Put(store, key, "v");
  std::atomic<bool> listed{false};
  InThreads([&store, &expected, &listed](int t) {
    std::mt19937 random(static_cast<uint32_t>(t));
    while (t != 0 && !listed) {
      const std::string key = "s" + std::to_string(random() % stable) + "+";  // a key between two stable ones
      if (random() % 2 == 0) {
        Put(store, key, "v");
      } else {
        ASSERT_TRUE(store.Delete(key, {}).ok());
      }
    }
    for (int round = 0; t == 0 && round < 20; ++round) {
      ListOptions options;
      options.entries_max = 1 + random() % 400;
      std::multiset<std::string> met;
      std::string last;
      for (bool more = true; more;) {
        const ListPage page = *store.List({}, options);
        for (const ListEntry& entry : page.entries) {
          EXPECT_LT(last, entry.key);
          last = entry.key;
          if (entry.key.back() != '+') met.insert(entry.key);
        }
        more = page.more;
        options.after = last;
      }
      EXPECT_TRUE(std::equal(met.begin(), met.end(), expected.begin(), expected.end()));
    }
    if (t == 0) listed = true;
  });
}

TEST(StoreThreads, TheBudgetIsExactAfterALotHappenedAtOnce) {
  constexpr int steps = 5000;
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = uint64_t{3} << 20;  // tight: some puts are refused
  Store store(options);
  std::atomic<uint64_t> refused{0};
  InThreads([&store, &refused](int t) {
    std::mt19937 random(static_cast<uint32_t>(t));
    for (int step = 0; step < steps; ++step) {
      const std::string key = "k" + std::to_string(random() % 100);
      const uint32_t dice = random() % 100;
      if (dice < 60) {
        Result<Reservation> reservation = store.Prepare(key, random() % 100000);
        if (!reservation.ok()) {
          ASSERT_EQ(reservation.status().code(), StatusCode::kResourceExhausted);
          ++refused;
        } else if (dice > 5) {  // otherwise the reservation is dropped
          const bool conditional = dice < 20;
          store.Publish(*std::move(reservation), conditional ? Generation::Missing() : Generation());
        }
      } else if (dice < 90) {
        ASSERT_TRUE(store.Delete(key, {}).ok());
      } else if (dice < 98) {
        Get(store, key);
      } else {
        ASSERT_TRUE(store.DeleteRange(KeyRange::Prefix("k" + std::to_string(random() % 10))).ok());
      }
      ASSERT_LE(store.Usage().memory_bytes, uint64_t{3} << 20);
    }
  });
  EXPECT_GT(refused, 0u);
  ASSERT_TRUE(store.DeleteRange({}).ok());
  EXPECT_EQ(store.Usage().keys, 0u);
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

// Each transaction writes one value to all keys, so a read at one instant sees the same value in all of them.
TEST(StoreThreads, AReadAtOneInstantSeesAllOfATransactionOrNothingOfIt) {
  constexpr int steps = 3000;
  Store store(TestOptions());
  const std::vector<std::string> keys = {"a", "b", "c", "d", "e", "f"};
  std::vector<ReadOperation> reads;  // so many that, without the locks, a transaction would happen between two of them
  for (int i = 0; i < 200; ++i) {
    for (const std::string& key : keys) reads.emplace_back().key = key;
  }
  std::barrier together(kThreads);
  std::atomic<int> writers{kThreads / 2};
  InThreads([&store, &keys, &reads, &together, &writers](int t) {
    together.arrive_and_wait();
    for (int step = 0; step < steps && writers > 0; ++step) {
      if (t % 2 == 0) {
        const std::string value = std::to_string(t * steps + step);
        std::vector<WriteOperation> writes;
        // Half of the transactions delete first, and the two writers name the keys in different orders.
        if (step % 2 == 0) writes.emplace_back().kind = WriteOperation::Kind::kDeleteRange;
        for (const std::string& key : keys) {
          writes.push_back({.kind = WriteOperation::Kind::kPut, .key = key, .end = "", .value = {value}, .if_generation = {}});
        }
        if (t == 2) std::reverse(writes.begin(), writes.end());
        ASSERT_EQ(store.Transact(writes)->state, WriteState::kApplied);
        writers -= step + 1 == steps;
      } else {
        const FoundMany many = *store.BatchRead(base::ViewsOf(reads), true);
        for (const Result<Found>& each : many.results) {
          ASSERT_EQ(each->generation, many.results[0]->generation);
          ASSERT_EQ(each->bytes(), many.results[0]->bytes());
          ASSERT_LE(each->generation.sequence(), many.sequence);
        }
      }
    }
  });
}

// Moves money between accounts by conditional transactions, while copies and single writes go on.
TEST(StoreThreads, ConditionalTransactionsLoseAndDoubleNothing) {
  constexpr int steps = 1500, accounts = 8, money = 100;
  Store store(TestOptions());
  const auto name = [](uint32_t account) { return "account/" + std::to_string(account); };
  for (uint32_t i = 0; i < accounts; ++i) Put(store, name(i), std::to_string(money));
  InThreads([&store, &name](int t) {
    std::mt19937 random(static_cast<uint32_t>(t));
    for (int step = 0; step < steps; ++step) {
      const uint32_t from = random() % accounts, to = (from + 1 + random() % (accounts - 1)) % accounts;
      const Found a = Get(store, name(from)), b = Get(store, name(to));
      const std::string less = std::to_string(std::stoi(std::string(a.bytes())) - 1);
      const std::string more = std::to_string(std::stoi(std::string(b.bytes())) + 1);
      using Kind = WriteOperation::Kind;
      ASSERT_TRUE(store.Transact({{.kind = Kind::kPut, .key = name(from), .end = "", .value = {less}, .if_generation = a.generation},
                                  {.kind = Kind::kPut, .key = name(to), .end = "", .value = {more}, .if_generation = b.generation}})
                      .ok());
      if (step % 50 == 0) {
        ASSERT_TRUE(store.CopyRange(KeyRange::Prefix("account/"), {.strip_bytes = 7, .prefix = "copy"}).ok());
      }
      if (step % 20 == 0) Put(store, "unrelated", "x");
    }
  });
  int sum = 0;
  for (uint32_t i = 0; i < accounts; ++i) sum += std::stoi(std::string(Get(store, name(i)).bytes()));
  EXPECT_EQ(sum, accounts * money);
}

// One thread writes 1, 2, 3 ...; the others always wait for a version after the one they know, and must see the last one.
TEST(StoreThreads, AWaiterMissesNoChange) {
  constexpr uint64_t steps = 3000;
  Store store(TestOptions());
  InThreads([&store](int t) {
    if (t == 0) {
      for (uint64_t step = 0; step < steps; ++step) Put(store, "k", "v");
      return;
    }
    Generation known = Generation::Missing();
    while (known.sequence() < steps) {
      std::promise<Generation> changed;
      ASSERT_TRUE(store.Watch("k", known, [&changed](const StatResult& now) { changed.set_value(now.generation); }).ok());
      const Generation next = changed.get_future().get();
      ASSERT_GT(next.sequence(), known.sequence());
      known = next;
    }
  });
}

}  // namespace
}  // namespace remote_dram::store
