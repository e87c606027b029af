// RingPair: making and receiving a pair, what is refused, and when its memory is allocated.
#include "net/ring_pair.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "base/fork_testing.h"
#include "base/madvise_testing.h"
#include "net/descriptor_passing.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

// Whether the first page after the small ring is in memory.
bool HasMemoryForALargeRing(const PairEnd& end) {
  return IsInMemory(end.memory->base() + end.out_offset + ring_bytes);
}

void MakeOutLarge(PairEnd& end) {
  ASSERT_TRUE(end.TakeLargeMemory());
  ASSERT_TRUE(end.out.MayTurn());
  end.out.Turn();
}

// Sends a byte from one end to the other, after which the ring may turn.
void Bring(PairEnd& near, PairEnd& far) {
  ASSERT_GE(near.out.Room(1), 1u);
  near.out.Put("x");
  EXPECT_FALSE(near.out.Publish());
  char byte = 0;
  ASSERT_EQ(far.in.Available(), 1u);
  far.in.Take(&byte, 1);
  EXPECT_FALSE(far.in.Free(1));
}

TEST(RingPair, TakesTheMemoryOfALargeRingFromTheSystemAndGivesItBack) {
  Result<RingPair> pair = RingPair::Make();
  ASSERT_TRUE(pair.ok());
  PairEnd near = *PairEnd::Receive(pair->own), far = *PairEnd::Receive(pair->peers);
  near.GiveLargeMemoryBack();
  Bring(near, far);
  EXPECT_FALSE(HasMemoryForALargeRing(near));
  MakeOutLarge(near);
  EXPECT_TRUE(HasMemoryForALargeRing(near));
  near.GiveLargeMemoryBack();
  EXPECT_TRUE(near.out.large() && HasMemoryForALargeRing(near)) << "it may not turn where it has not been used";
  Bring(near, far);
  EXPECT_TRUE(far.in.large());
  near.out.Turn();
  EXPECT_TRUE(HasMemoryForALargeRing(near)) << "small again, it keeps the memory";
  Bring(near, far);
  MakeOutLarge(near);
  Bring(near, far);
  near.GiveLargeMemoryBack();
  EXPECT_FALSE(near.out.large());
  EXPECT_FALSE(HasMemoryForALargeRing(near));
  Bring(near, far);
}

// Takes the memory out of a socket, which then is no valid end any more.
base::Descriptor MemoryIn(const base::Descriptor& socket) {
  char ring = 0;
  std::vector<base::Descriptor> came;
  EXPECT_EQ(ReceiveBytes(socket.fd(), &ring, 1, &came), 1);
  return std::move(came.at(0));
}

uint64_t TakenFromTheSystem(const base::Descriptor& memory) {
  struct stat found;
  EXPECT_EQ(fstat(memory.fd(), &found), 0);
  return static_cast<uint64_t>(found.st_blocks) * 512;
}

TEST(RingPair, HoldsNoMemoryBeforeAnEndIsReceived) {
  Result<RingPair> pair = RingPair::Make();
  ASSERT_TRUE(pair.ok());
  const base::Descriptor memory = MemoryIn(pair->peers);
  EXPECT_EQ(TakenFromTheSystem(memory), 0u);
  const PairEnd near = *PairEnd::Receive(pair->own);
  EXPECT_EQ(TakenFromTheSystem(memory), kPairDataOffset + 2 * ring_bytes);
}

TEST(RingPair, HoldsNoMoreThanItsMemoryWhereAPeerTurnsAsHeLikes) {
  Result<RingPair> pair = RingPair::Make();
  ASSERT_TRUE(pair.ok());
  const base::Descriptor memory = MemoryIn(pair->peers);
  PairEnd near = *PairEnd::Receive(pair->own);
  RingWords& words = reinterpret_cast<PairWords*>(near.memory->base())->rings[1];
  std::string taken(ring_large_bytes, 'x');
  words.written = 1;
  ASSERT_EQ(near.in.Available(), 1u);
  near.in.Take(taken.data(), 1);
  words.turned = 1;  // the peer turns the ring without allocating its memory
  words.written = 1 + ring_large_bytes;
  ASSERT_EQ(near.in.Available(), ring_large_bytes);
  near.in.Take(taken.data(), ring_large_bytes);
  EXPECT_TRUE(taken == std::string(ring_large_bytes, '\0'));
  EXPECT_LE(TakenFromTheSystem(memory), pair_memory_bytes);
}

TEST(RingPair, HasMemoryForNoMoreThanLargeRingsMax) {
  std::list<PairEnd> ends;
  const auto take = [&ends] {
    Result<RingPair> pair = RingPair::Make();
    return ends.emplace_back(*PairEnd::Receive(pair->own)).TakeLargeMemory();
  };
  for (int i = 0; i < large_rings_max; ++i) ASSERT_TRUE(take());
  EXPECT_FALSE(take());
  EXPECT_TRUE(ends.front().TakeLargeMemory()) << "which it already has";
  ends.front().GiveLargeMemoryBack();
  EXPECT_TRUE(ends.back().TakeLargeMemory());
  EXPECT_FALSE(take());
  ends.pop_back();
  ends.pop_back();
  EXPECT_TRUE(take());
}

TEST(RingPair, StaysSmallAndCarriesItsBytesWhereTheSystemHasNoMemory) {
  Result<RingPair> pair = RingPair::Make();
  PairEnd near = *PairEnd::Receive(pair->own), far = *PairEnd::Receive(pair->peers);
  bool took = true;
  ASSERT_TRUE(base::OnAThreadWhoseMadviseFails(ENOMEM, [&near, &took] { took = near.TakeLargeMemory(); }));
  EXPECT_FALSE(took);
  EXPECT_FALSE(HasMemoryForALargeRing(near));
  EXPECT_EQ(near.large, nullptr) << "counts as one of large_rings_max";
  for (uint64_t i = 0; i < 3 * ring_bytes; ++i) Bring(near, far);
  EXPECT_FALSE(far.in.large());
  EXPECT_TRUE(near.TakeLargeMemory());
}

TEST(RingPair, RefusesMemoryThatCouldVanish) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const base::Descriptor open_ended([] { return memfd_create("test", MFD_CLOEXEC); });
  ASSERT_EQ(ftruncate(open_ended.fd(), pair_memory_bytes), 0);
  ASSERT_EQ(SendBytes(ends[1], std::string_view("\0", 1), open_ended.fd()), 1);
  close(ends[1]);
  const Status refused = PairEnd::Receive(base::Descriptor([&ends] { return ends[0]; })).status();
  EXPECT_EQ(refused.message(), "the memory of the data path: the memory is not sealed against shrinking");
}

TEST(RingPair, SaysThatNoDescriptorIsLeft) {
  if (RD_ADDRESS_SANITIZER) GTEST_SKIP() << "UndefinedBehaviorSanitizer looks at memory through descriptors of its own";
  const auto expect = [](const Status& status, const std::string& what) {
    EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
    EXPECT_NE(status.message().find(what), std::string::npos) << status.ToString();
  };
  Result<RingPair> pair = RingPair::Make();
  Status unmade, unreceived;
  {
    const NoDescriptorsLeft none;
    unmade = RingPair::Make().status();
    unreceived = PairEnd::Receive(pair->own).status();
  }
  expect(unmade, "no pair of sockets for the data: ");
  expect(unreceived, "no descriptor left for the memory of the data path");
  expect(PairEnd::Receive({}).status(), "no socket came for the data path: none was sent, or no descriptor was left for it");
}

}  // namespace
}  // namespace remote_dram::net
