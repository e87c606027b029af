// What mapped readers see of a store: every change, every version, growth, links, pins, and the seals.
#include <map>
#include <random>

#include "base/sealed_memory.h"
#include "store/mapped_testing.h"

namespace remote_dram::store {
namespace {

using State = wire::MappedFound::State;

TEST(Mapped, ShowsWhatWasPutAndWhatIsMissing) {
  Store store(TestOptions());
  TestReader reader(store);
  EXPECT_EQ(reader.Find("k").state, State::kMissing);
  for (const std::string& key : {std::string(), std::string("a\0b", 3), std::string(key_bytes_max, '\xff')}) {
    const WriteResult written = Put(store, key, "value of " + key);
    const wire::MappedFound found = reader.Find(key);
    EXPECT_EQ(found.state, State::kFound);
    EXPECT_EQ(found.value, "value of " + key);
    EXPECT_EQ(found.version, written.generation.sequence());
    EXPECT_EQ(found.sequence, store.sequence());
    EXPECT_TRUE(store.Delete(key, {}).ok());
    EXPECT_EQ(reader.Find(key).state, State::kMissing);
    EXPECT_EQ(reader.Find(key).sequence, store.sequence());
  }
  EXPECT_EQ(store.incarnation(), kTestIncarnation);
}

TEST(Mapped, ShowsTheSameAsAGetAndAListAfterAnyMixOfVerbs) {
  constexpr int steps = 4000;
  Store store(TestOptions());
  TestReader reader(store);
  std::mt19937 random(7);
  const auto key = [&random] { return "k" + std::to_string(random() % 500); };
  for (int step = 0; step < steps; ++step) {
    switch (random() % 8) {
      case 0:
        EXPECT_TRUE(store.Delete(key(), {}).ok());
        break;
      case 1:
        EXPECT_TRUE(store.CopyRange(KeyRange::Prefix("k1"), {1, "c" + std::to_string(random() % 3)}).ok());
        break;
      case 2:
        if (step % 50 != 0) break;
        EXPECT_TRUE(store.DeleteRange(KeyRange::Prefix("c")).ok());
        break;
      case 3:
        EXPECT_TRUE(store.Transact({PutOf("t1", "v"), DeleteOf(key())}).ok());
        break;
      default:
        Put(store, key(), std::string(random() % 300, static_cast<char>('a' + step % 26)));
    }
    if (step % 100 != 0) continue;
    std::map<std::string, uint64_t> listed;
    const ListPage page = *store.List({}, {});
    for (const ListEntry& each : page.entries) listed[each.key] = each.value_bytes;
    for (int i = 0; i < 500; ++i) {
      for (const char* prefix : {"k", "c0", "c1", "t"}) {
        const std::string name = prefix + std::to_string(i);
        const Found expected = Get(store, name);
        const wire::MappedFound found = reader.Find(name);
        ASSERT_EQ(expected.state == ReadState::kValue, listed.contains(name)) << name;
        ASSERT_EQ(found.state == State::kFound, listed.contains(name)) << name;
        if (found.state == State::kFound) {
          ASSERT_EQ(found.value, expected.bytes()) << name;
          ASSERT_EQ(found.value.size(), listed[name]) << name;
          ASSERT_EQ(found.version, expected.generation.sequence()) << name;
        }
      }
    }
  }
}

TEST(Mapped, FindsEveryKeyWhileItsTablesGrow) {
  constexpr int keys = 20000;  // sixteen tables of 256 entries become tables of 2048
  Store store(TestOptions());
  TestReader reader(store);
  for (int i = 0; i < keys; ++i) {
    Put(store, "key" + std::to_string(i), std::to_string(i));
    const std::string other = std::to_string(i / 2);
    ASSERT_EQ(reader.Find("key" + other).value, other);
    ASSERT_EQ(Get(store, "key" + other).bytes(), other);
  }
  for (int i = 0; i < keys; i += 2) EXPECT_TRUE(store.Delete("key" + std::to_string(i), {}).ok());
  for (int i = 0; i < keys; ++i) {
    ASSERT_EQ(reader.Find("key" + std::to_string(i)).state, i % 2 == 0 ? State::kMissing : State::kFound);
  }
}

TEST(Mapped, SearchesEveryKeyWithTheSameHash) {
  Store store(TestOptions());
  Index& index = *store.index();
  for (uint64_t handle = 1; handle <= 4; ++handle) {
    const Index::Change change(&index, 0);
    index.Place(0, handle == 3 ? 8 : 7, 0, handle);  // 7 and 8 begin at the same entry
  }
  std::vector<uint64_t> seen;
  index.Search(0, 7, [&seen](uint64_t handle) { return seen.emplace_back(handle) == 2; });
  EXPECT_EQ(seen, (std::vector<uint64_t>{1, 2}));
  index.Search(0, 7, [&seen](uint64_t handle) { return seen.emplace_back(handle) == 5; });
  EXPECT_EQ(seen, (std::vector<uint64_t>{1, 2, 1, 2, 4}));
}

TEST(Mapped, IsSearchedForAKeyAndNotOnlyForItsHash) {
  StoreOptions options = TestOptions();
  options.shards = 1;
  Store store(options);
  Put(store, "a", "value of a");
  {
    const Index::Change change(store.index(), 0);
    const uint64_t hash_of_b = base::KeyHash(options.hash_seed, "b");
    store.index()->Place(0, hash_of_b, 0, Get(store, "a").block.address().handle());  // as if "a" had the hash of "b"
  }
  EXPECT_EQ(Get(store, "b").state, ReadState::kMissing);
  EXPECT_FALSE(store.Stat("b")->exists);
  Put(store, "b", "value of b");
  EXPECT_EQ(Get(store, "b").bytes(), "value of b");
  EXPECT_EQ(Get(store, "a").bytes(), "value of a");
}

TEST(Mapped, ClosesATableThatCannotGrowAndServesOn) {
  StoreOptions options = TestOptions();
  options.shards = 1;
  options.memory_limit_bytes = 200 * (kEntryBytes + kUnitBytes);  // tables for 200 keys
  Store store(options);
  TestReader reader(store);
  for (int i = 0; i < 100; ++i) Put(store, "key" + std::to_string(i), "");
  EXPECT_EQ(reader.Find("key99").state, State::kFound);
  Index& index = *store.index();
  for (uint64_t i = 0; i < 600; ++i) {
    const Index::Change change(&index, 0);
    index.Place(0, i << 16, 0, 1);
  }
  EXPECT_EQ(reader.FindOnce("key99").state, State::kDoubt);
  EXPECT_EQ(reader.FindOnce("none").state, State::kDoubt);
  Put(store, "one more", "value");
  EXPECT_EQ(Get(store, "one more").bytes(), "value");
}

TEST(Mapped, DoesNotUseABlockAgainWhileItIsPinned) {
  Store store(TestOptions());
  TestReader reader(store);
  Put(store, "key", std::string(1000, 'a'));
  const wire::MappedFound found = reader.Find("key");
  for (int i = 0; i < 1000; ++i) Put(store, "key", std::string(1000, static_cast<char>('b' + i % 20)));
  EXPECT_TRUE(store.Delete("key", {}).ok());
  EXPECT_EQ(found.value, std::string(1000, 'a'));
  store.arena().Reclaim();
  EXPECT_EQ(store.Usage().memory_bytes, StrideOf(1003) + kEntryBytes);  // a pinned block is in use
  reader.Unpin();
  store.arena().Reclaim();
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

TEST(Mapped, KeepsWhatAPinnedLinkLeadsTo) {
  Store store(TestOptions());
  TestReader reader(store);
  Put(store, "a/1", std::string(1000, 'a'));
  ASSERT_TRUE(store.CopyRange(KeyRange::Prefix("a/"), {1, "b"}).ok());
  ASSERT_TRUE(store.CopyRange(KeyRange::Prefix("b/"), {1, "c"}).ok());  // a copy of a copy
  const wire::MappedFound found = reader.Find("c/1");
  ASSERT_EQ(found.state, State::kFound);
  EXPECT_TRUE(store.DeleteRange({}).ok());
  for (int i = 0; i < 1000; ++i) Put(store, "key", std::string(1000, 'x'));
  EXPECT_EQ(found.value, std::string(1000, 'a'));
  reader.Unpin();
  EXPECT_TRUE(store.DeleteRange({}).ok());
  store.arena().Reclaim();
  store.arena().Reclaim();  // the first call frees the link, the second its target
  EXPECT_EQ(store.Usage().memory_bytes, 0u);
}

// How many values of this size can be overwritten until the retired blocks are freed.
uint64_t WritesUntilAReclaim(Store& store, size_t bytes) {
  const std::string value(bytes, 'x');
  Put(store, "key", value);
  store.arena().Reclaim();
  const Budget& budget = store.arena().budget();  // not Usage, which itself calls Reclaim
  const uint64_t current = budget.used_bytes();
  uint64_t writes = 0;
  do {
    Put(store, "key", value);
    ++writes;
  } while (budget.used_bytes() > current);
  return writes;
}

TEST(Mapped, LooksAtThePinsOnceForManyBlocksAndForMoreOfThemTheMorePagesThereAre) {
  Store store(TestOptions());
  std::vector<std::unique_ptr<TestReader>> readers;
  for (uint64_t pages = 1; pages <= retired_blocks_pages_max + 1; ++pages) {
    readers.push_back(std::make_unique<TestReader>(store));
    EXPECT_EQ(WritesUntilAReclaim(store, 1), retired_blocks_of_page * std::min(pages, retired_blocks_pages_max)) << pages;
  }
}

TEST(Mapped, LooksAtThePinsBeforeMuchMemoryWaitsForIt) {
  Store store(TestOptions());
  TestReader reader(store);
  constexpr uint64_t kValueBytes = retired_bytes_max / 8;
  EXPECT_EQ(WritesUntilAReclaim(store, kValueBytes - 100), 8u) << "with what lies around a value";
  EXPECT_EQ(WritesUntilAReclaim(store, retired_bytes_max), 1u);
}

TEST(Mapped, TakesBackRetiredMemoryBeforeItRefusesAPut) {
  StoreOptions options = TestOptions();
  options.memory_limit_bytes = 3 << 20;
  Store store(options);
  TestReader reader(store);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Put(store, "key", std::string(1 << 20, 'x')).state, WriteState::kApplied);
}

// For a process that has only the descriptor, which is open for reading and writing.
void ExpectNoWayToWrite(const base::Descriptor& memory) {
  const int fd = memory.fd();
  const char byte = 'x';
  EXPECT_EQ(mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
  EXPECT_NE(pwrite(fd, &byte, 1, 0), 1);
  EXPECT_NE(ftruncate(fd, 0), 0);
  EXPECT_NE(ftruncate(fd, 1 << 30), 0);
  EXPECT_NE(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kPageBytes), 0);
  EXPECT_NE(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
}

TEST(Mapped, SealsItsMemory) {
  Store store(TestOptions());
  Put(store, "key", "value");
  const std::vector<uint32_t> segments = store.arena().SharedSegments();
  ASSERT_EQ(segments.size(), 1u);
  const auto shared = store.arena().Share(segments[0]);
  ASSERT_TRUE(shared);
  for (const base::Descriptor* memory : {&shared->memory, &store.index()->memory()}) {
    ExpectNoWayToWrite(*memory);
    const std::string name = "/proc/self/fd/" + std::to_string(memory->fd());
    const base::Descriptor again([&name] { return open(name.c_str(), O_RDWR | O_CLOEXEC); });
    ASSERT_TRUE(again.valid()) << "seals are of the memory, whoever opens it";
    ExpectNoWayToWrite(again);
    const base::Descriptor emptied([&name] { return open(name.c_str(), O_RDWR | O_TRUNC | O_CLOEXEC); });
    EXPECT_FALSE(emptied.valid());
  }
  EXPECT_FALSE(store.arena().Share(segments[0] + 1));
}

TEST(Mapped, IsMappedByAClientInAWayThatCannotBecomeWritable) {
  Store store(TestOptions());
  Put(store, "key", "value");
  const auto shared = store.arena().Share(store.arena().SharedSegments().at(0));
  ASSERT_TRUE(shared);
  for (const base::Descriptor* memory : {&shared->memory, &store.index()->memory()}) {
    const auto mapped = base::SealedMemory::Map(*memory, 0, kPageBytes);
    ASSERT_TRUE(mapped.ok()) << mapped.status().ToString();
    char* const at = const_cast<char*>((*mapped)->bytes().data());
    const std::string before((*mapped)->bytes());
    EXPECT_NE(mprotect(at, kPageBytes, PROT_READ | PROT_WRITE), 0);
    EXPECT_NE(madvise(at, kPageBytes, MADV_REMOVE), 0);
    EXPECT_TRUE((*mapped)->bytes() == before);
  }
}

TEST(Mapped, RefusesAPageOfPinsThatCouldShrink) {
  Pins pins;
  const base::Descriptor open_ended([] { return memfd_create("pins", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  ASSERT_EQ(ftruncate(open_ended.fd(), wire::mapped_page_bytes), 0);
  EXPECT_EQ(pins.Add(open_ended).status().code(), StatusCode::kInvalidArgument);
  ASSERT_EQ(ftruncate(open_ended.fd(), 8), 0);
  ASSERT_EQ(fcntl(open_ended.fd(), F_ADD_SEALS, F_SEAL_SHRINK), 0);
  EXPECT_EQ(pins.Add(open_ended).status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(pins.any());
}

TEST(Mapped, IsOverForAllOnceItEnds) {
  Store store(TestOptions());
  auto reader = std::make_unique<TestReader>(store);
  Put(store, "key", std::string(1000, 'a'));
  const wire::MappedFound found = reader->Find("key", 1);
  store.EndMapping();
  EXPECT_EQ(reader->FindOnce("key").state, State::kDoubt);
  EXPECT_EQ(reader->FindOnce("none").state, State::kDoubt);
  for (int i = 0; i < 1000; ++i) Put(store, "key", std::string(1000, 'x'));
  EXPECT_EQ(found.value, std::string(1000, 'a'));
}

}  // namespace
}  // namespace remote_dram::store
