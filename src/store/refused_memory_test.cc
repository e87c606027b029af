// When the system has no memory left: calls that need some are refused, no access to memory is fatal, and nothing is leaked.
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "base/madvise_testing.h"
#include "store/mapped_testing.h"

namespace remote_dram::store {
namespace {

using State = wire::MappedFound::State;

template <typename Function>
void WithoutMemory(Function function) {
  EXPECT_TRUE(base::OnAThreadWhoseMadviseFails(ENOMEM, function)) << "no thread may filter its system calls here";
}

TEST(RefusedMemory, IsNotReservedAndCanBeLater) {
  constexpr uint64_t pages = 4;
  const auto segment = Segment::Map(pages * kPageBytes, Sharing::kShared);
  ASSERT_TRUE(segment.ok());
  WithoutMemory([&segment] {
    const Status refused = (*segment)->Reserve(0, pages);
    EXPECT_EQ(refused.code(), StatusCode::kResourceExhausted);
    EXPECT_NE(refused.message().find("the system refused 16 KiB of memory (cannot allocate memory)"), std::string::npos)
        << refused.ToString();
  });
  EXPECT_EQ((*segment)->FirstUnreserved(), 0u);
  EXPECT_TRUE((*segment)->Reserve(0, pages).ok());
  std::memset((*segment)->base(), 'x', pages * kPageBytes);
}

TEST(RefusedMemory, IsAPutRefusedAndNothingLost) {
  for (const uint64_t bytes : {1, 100'000, 40 << 20}) {
    Store store(TestOptions());
    const auto refuse = [&store, bytes] {
      EXPECT_EQ(store.Prepare("key", bytes).status().code(), StatusCode::kResourceExhausted) << bytes;
    };
    WithoutMemory(refuse);
    EXPECT_EQ(store.Usage().memory_bytes, 0u);
    Put(store, "key", std::string(bytes, 'v'));
    EXPECT_EQ(Get(store, "key").bytes(), std::string(bytes, 'v'));
    EXPECT_EQ(store.arena().usage().segments, 1u);
  }
}

TEST(RefusedMemory, IsAPutRefusedOfWhichTheFirstPageWasThere) {
  Store store(TestOptions());
  Put(store, "key", std::string(100'000, 'v'));
  EXPECT_TRUE(store.Delete("key", {}).ok());
  WithoutMemory([&store] {
    EXPECT_EQ(store.Prepare("key", 200'000).status().code(), StatusCode::kResourceExhausted);
    Put(store, "key", std::string(100'000, 'w'));  // reuses pages that the deleted value had
  });
  EXPECT_EQ(store.Usage().memory_bytes, StrideOf(100'003) + kEntryBytes);
  EXPECT_EQ(Get(store, "key").bytes(), std::string(100'000, 'w'));
  Put(store, "key", std::string(200'000, 'x'));
  EXPECT_EQ(Get(store, "key").bytes(), std::string(200'000, 'x'));
}

TEST(RefusedMemory, OfTheIndexSendsItsClientsToTheServerAndNoOthers) {
  StoreOptions options = TestOptions();
  options.shards = 1;
  Store store(options);
  TestReader reader(store);
  constexpr uint64_t fit = index_entries_min / 8 * 7;
  std::vector<Reservation> prepared;
  for (uint64_t i = 0; i <= fit; ++i) prepared.push_back(*store.Prepare("key" + std::to_string(i), 0));
  const auto publish = [&store, &prepared](uint64_t i) { store.Publish(std::move(prepared[i]), {}); };
  WithoutMemory([&publish, &reader] {
    for (uint64_t i = 0; i < fit; ++i) publish(i);
    EXPECT_EQ(reader.Find("key0").state, State::kFound);
    publish(fit);
    EXPECT_EQ(reader.FindOnce("key0").state, State::kDoubt);
  });
  for (uint64_t i = 0; i <= fit; ++i) EXPECT_EQ(Get(store, "key" + std::to_string(i)).state, ReadState::kValue);
}

}  // namespace
}  // namespace remote_dram::store
