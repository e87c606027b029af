// Mapped readers and writers of the store in several threads; meant to be run under ThreadSanitizer, too.
#include <atomic>
#include <random>
#include <thread>

#include "store/mapped_testing.h"

namespace remote_dram::store {
namespace {

using State = wire::MappedFound::State;

class MappedThreads : public testing::TestWithParam<ReadAt> {};

INSTANTIATE_TEST_SUITE_P(At, MappedThreads, testing::Values(ReadAt::kItsOwnAddresses, ReadAt::kTheStoresAddresses), [](const auto& at) {
  return at.param == ReadAt::kItsOwnAddresses ? "ItsOwnAddresses" : "TheStoresAddresses";
});

// Fewer steps with the store's addresses, for ThreadSanitizer: it needs few steps to find a race, and makes them slow.
int StepsOf(int steps) { return MappedThreads::GetParam() == ReadAt::kItsOwnAddresses ? steps : steps / 5; }

// Runs the readers until the writers are done.
template <typename Write, typename Read>
void Race(int writers, int readers, Write write, Read read) {
  std::atomic<int> writing{writers};
  std::vector<std::thread> threads;
  for (int t = 0; t < writers; ++t) {
    threads.emplace_back([&write, &writing, t] {
      write(t);
      --writing;
    });
  }
  for (int t = 0; t < readers; ++t) {
    threads.emplace_back([&read, &writing, t] { read(t, [&writing] { return writing > 0; }); });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(MappedThreads, AReaderSeesOneWholeVersionUnderItsOwnGeneration) {
  const int steps = StepsOf(20000);
  Store store(TestOptions());
  const std::vector<std::string> keys = {"a", "b", "c"};
  using Versions = std::map<uint64_t, uint64_t>;  // sequence to id
  std::vector<Versions> written(2), seen(2);
  const auto write = [&store, &keys, &written, steps](int t) {
    std::mt19937 random(static_cast<uint32_t>(t));
    for (int step = 0; step < steps; ++step) {
      if (step % 8 == 0) store.arena().Reclaim();  // so that blocks without a reader are reused soon
      const std::string& key = keys[random() % keys.size()];
      const uint64_t id = static_cast<uint64_t>(t + 1) << 32 | static_cast<uint64_t>(step + 1);
      if (random() % 4 == 0) {
        EXPECT_TRUE(store.Delete(key, {}).ok());
      } else {
        written[t].emplace(Put(store, key, Pattern(id)).sequence, id);
      }
    }
  };
  const auto read = [&store, &keys, &seen, at = GetParam()](int t, const auto& writing) {
    TestReader reader(store, at);
    std::map<std::string, uint64_t> newest;  // by key: the newest version or absence seen
    while (writing()) {
      const std::string& key = keys[static_cast<size_t>(std::rand()) % keys.size()];
      const wire::MappedFound found = reader.Find(key);
      ASSERT_GE(found.sequence, newest[key]);
      newest[key] = found.sequence;
      if (found.state != State::kFound) continue;
      ASSERT_LE(found.version, found.sequence);
      const uint64_t id = IdOf(found.value);
      ASSERT_NE(id, 0u) << "torn";
      ASSERT_EQ(seen[t].emplace(found.version, id).first->second, id);
      reader.Unpin();
    }
  };
  Race(2, 2, write, read);
  written[0].merge(written[1]);
  for (const Versions& of_thread : seen) {
    for (const auto& [sequence, id] : of_thread) ASSERT_EQ(written[0].at(sequence), id);
  }
  store.arena().Reclaim();
}

// Links and their targets are written and deleted, tables grow, and entries move into gaps of their table.
TEST_P(MappedThreads, AReaderSeesWholeValuesBesideEveryVerb) {
  const int steps = StepsOf(15000);
  Store store(TestOptions());
  const auto any_key = [](std::mt19937& random) { return "k" + std::to_string(random() % 5000); };
  const auto write = [&store, &any_key, steps](int t) {
    std::mt19937 random(static_cast<uint32_t>(t));
    for (int step = 0; step < steps; ++step) {
      const std::string value = Pattern(1 + random() % 100);
      switch (random() % 40) {
        case 0:
          EXPECT_TRUE(store.CopyRange(KeyRange::Prefix("k12"), {1, "c"}).ok());
          break;
        case 1:
          EXPECT_TRUE(store.DeleteRange(KeyRange::Prefix("c")).ok());
          break;
        case 2:
          EXPECT_TRUE(store.Transact({PutOf(any_key(random), value), DeleteOf("k12")}).ok());
          break;
        case 3:
          store.arena().Reclaim();
          break;
        default:
          if (step % 4 != 0) {
            Put(store, any_key(random), value);
          } else {
            EXPECT_TRUE(store.Delete(any_key(random), {}).ok());
          }
      }
    }
  };
  const auto read = [&store, &any_key, at = GetParam()](int t, const auto& writing) {
    TestReader reader(store, at);
    std::mt19937 random(static_cast<uint32_t>(t));
    while (writing()) {
      std::string key = any_key(random);
      if (random() % 2 == 0) key[0] = 'c';
      const wire::MappedFound found = reader.Find(key);
      ASSERT_TRUE(found.state == State::kMissing || IdOf(found.value) != 0) << "torn";
      reader.Unpin();
    }
  };
  Race(2, 2, write, read);
}

TEST_P(MappedThreads, AReadThatBeginsAfterAWriteSeesIt) {
  const int steps = StepsOf(30000);
  Store store(TestOptions());
  std::atomic<uint64_t> acknowledged{0};
  const auto write = [&store, &acknowledged, steps](int) {
    for (int step = 0; step < steps; ++step) acknowledged = Put(store, "key", std::to_string(step)).sequence;
  };
  const auto read = [&store, &acknowledged, at = GetParam()](int, const auto& writing) {
    TestReader reader(store, at);
    while (writing()) {
      const uint64_t before = acknowledged;
      const wire::MappedFound found = reader.Find("key");
      ASSERT_GE(found.version, before);
      reader.Unpin();
    }
  };
  Race(1, 2, write, read);
}

TEST_P(MappedThreads, NobodySeesHalfATransaction) {
  const int steps = StepsOf(2000);
  constexpr int keys = 32;  // so many that most of the time some of them are written and some are not
  Store store(TestOptions());
  std::vector<WriteOperation> operations;
  for (int i = 0; i < keys; ++i) operations.push_back(PutOf("key" + std::to_string(i), "v"));
  const auto write = [&store, &operations, steps](int) {
    for (int step = 0; step < steps; ++step) ASSERT_TRUE(store.Transact(operations).ok());
  };
  const auto read = [&store, &operations, at = GetParam()](int, const auto& writing) {
    TestReader reader(store, at);
    while (writing()) {
      // The second read is never older: it has the sequence of the same transaction, or of a later one.
      const uint64_t first = reader.Find(operations.front().key).version;
      ASSERT_GE(reader.Find(operations.back().key).version, first);
    }
  };
  Race(1, 2, write, read);
}

TEST_P(MappedThreads, APinnedValueStaysAsItIs) {
  const int steps = StepsOf(20000);
  Store store(TestOptions());
  const auto write = [&store, steps](int t) {
    for (int step = 0; step < steps; ++step) {
      Put(store, "key", Pattern(static_cast<uint64_t>(t + 1) << 32 | static_cast<uint64_t>(step + 1)));
    }
  };
  const auto read = [&store, at = GetParam()](int, const auto& writing) {
    TestReader reader(store, at);
    std::vector<std::pair<std::string_view, uint64_t>> views(20);
    for (size_t turn = 0; writing(); ++turn) {
      auto& [view, id] = views[turn % views.size()];
      ASSERT_EQ(id == 0 ? 0 : IdOf(view), id) << "another value came into pinned memory";
      reader.Unpin(turn % views.size());
      const wire::MappedFound found = reader.Find("key", turn % views.size());
      view = found.value;
      id = found.state == State::kFound ? IdOf(view) : 0;
      ASSERT_EQ(found.state == State::kFound, id != 0) << "torn";
    }
  };
  Race(2, 2, write, read);
}

}  // namespace
}  // namespace remote_dram::store
