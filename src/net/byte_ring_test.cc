// ByteRing: all bytes arrive in order, a sleeping side is rung for, and impossible counts are noticed.
#include "net/byte_ring.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <thread>

#include "net/testing.h"

namespace remote_dram::net {
namespace {

constexpr uint64_t kStreamBytes = 16 << 20;
constexpr uint64_t kPieceBytesMax = 3 * ring_bytes / 4;  // large enough for some to wrap around the end

char ByteAt(uint64_t at) { return static_cast<char>(at * 131 + (at >> 8) * 17 + (at >> 16)); }

class ByteRingTest : public testing::Test {
 protected:
  std::string Take(uint64_t bytes) {
    std::string taken(bytes, '\0');
    reader_.Take(taken.data(), bytes);
    return taken;
  }

  void Bring(std::string_view bytes) {
    ASSERT_GE(writer_.Room(bytes.size()), bytes.size());
    writer_.Put(bytes);
    EXPECT_FALSE(writer_.Publish());
    ASSERT_EQ(reader_.Available(), bytes.size());
    EXPECT_TRUE(Take(bytes.size()) == bytes);
  }

  RingWords words_;
  const std::unique_ptr<char[]> data_ = std::make_unique<char[]>(ring_large_bytes);
  RingWriter writer_{&words_, data_.get()};
  RingReader reader_{&words_, data_.get()};
};

TEST_F(ByteRingTest, BringsEveryByteInItsOrder) {
  constexpr int kTurns = 100;
  int turned = 0, seen = 0;
  std::thread writes([this, &turned] {
    std::mt19937 random(1);
    for (uint64_t sent = 0; sent < kStreamBytes;) {
      std::string piece(std::min(random() % kPieceBytesMax + 1, kStreamBytes - sent), '\0');
      const bool turns = sent > 0 && random() % 4 == 0;  // otherwise the reader may still be behind
      for (char& byte : piece) byte = ByteAt(sent++);
      while (writer_.Room(piece.size()) < piece.size()) std::this_thread::yield();
      while (turns && !writer_.MayTurn()) std::this_thread::yield();
      if (turns) writer_.Turn();
      turned += turns;
      writer_.Put(piece);
      EXPECT_FALSE(writer_.Publish()) << "nobody has said that he sleeps";
    }
  });
  for (uint64_t read = 0; read < kStreamBytes;) {
    const bool large = reader_.large();
    const uint64_t available = reader_.Available();
    seen += reader_.large() != large;
    if (available == 0) std::this_thread::yield();
    for (const char byte : Take(available)) ASSERT_EQ(byte, ByteAt(read++));
    EXPECT_FALSE(reader_.Free(1));
  }
  writes.join();
  EXPECT_EQ(reader_.Available(), 0u);
  EXPECT_GE(turned, kTurns);
  EXPECT_EQ(seen, turned);
}

TEST_F(ByteRingTest, ShowsNothingBeforeItIsPublished) {
  writer_.Put("ab");
  EXPECT_EQ(reader_.Available(), 0u);
  EXPECT_FALSE(writer_.Publish());
  EXPECT_EQ(reader_.Available(), 2u);
  EXPECT_EQ(Take(2), "ab");
}

TEST_F(ByteRingTest, HasNoRoomForWhatWasNotFreed) {
  const std::string full(ring_bytes, 'x');
  EXPECT_EQ(writer_.Room(1), ring_bytes);
  writer_.Put(full);
  EXPECT_FALSE(writer_.Publish());
  EXPECT_EQ(Take(ring_lag_bytes - 1), full.substr(0, ring_lag_bytes - 1));
  EXPECT_FALSE(reader_.Free());
  EXPECT_EQ(writer_.Room(1), 0u) << "less than ring_lag_bytes is not told";
  EXPECT_EQ(Take(1), "x");
  EXPECT_EQ(writer_.Room(1), 0u);
  EXPECT_FALSE(reader_.Free());
  EXPECT_EQ(writer_.Room(1), ring_lag_bytes);
}

TEST_F(ByteRingTest, TurnsWhereEverythingWasReadAndTold) {
  EXPECT_FALSE(writer_.MayTurn()) << "it has not been used";
  Bring("abc");
  EXPECT_FALSE(writer_.MayTurn()) << "what was read is not told";
  EXPECT_FALSE(reader_.Free(1));
  ASSERT_TRUE(writer_.MayTurn());
  writer_.Turn();
  EXPECT_FALSE(writer_.MayTurn()) << "it did so here";
  EXPECT_TRUE(writer_.large());
  EXPECT_EQ(writer_.Room(1), ring_bytes) << "it is not wide";
  writer_.SetWide(true);
  EXPECT_EQ(writer_.Room(1), ring_large_bytes);
  const std::string full(ring_large_bytes, 'x');
  Bring(full);
  EXPECT_TRUE(reader_.large());
  EXPECT_EQ(data_[0], 'x');
  writer_.SetWide(false);
  EXPECT_EQ(writer_.Room(1), 0u) << "with more in transit than a narrow ring lets be";
  EXPECT_FALSE(reader_.Free(1));
  ASSERT_TRUE(writer_.MayTurn());
  writer_.Turn();
  EXPECT_EQ(writer_.Room(1), ring_bytes);
  Bring("def");
  EXPECT_FALSE(reader_.large());
}

TEST_F(ByteRingTest, KnowsWhetherItsReaderRanOnTheSameProcessor) {
  const OnOneProcessor here;
  EXPECT_FALSE(writer_.ReaderIsHere()) << "it has not told anything";
  Bring("a");
  EXPECT_FALSE(reader_.Free(1));
  EXPECT_TRUE(writer_.ReaderIsHere());
  ++words_.reader_processor;
  EXPECT_FALSE(writer_.ReaderIsHere());
}

TEST_F(ByteRingTest, RingsOnceForEachTimeThatSomebodySleeps) {
  reader_.SaySleeping();
  writer_.Put("a");
  EXPECT_TRUE(writer_.Publish());
  EXPECT_FALSE(writer_.Publish());
  writer_.SaySleeping();
  writer_.Put(std::string(ring_lag_bytes - 1, 'b'));
  Take(ring_lag_bytes);
  EXPECT_TRUE(reader_.Free());
  EXPECT_FALSE(reader_.Free());
}

TEST_F(ByteRingTest, NoticesCountsThatNoCorrectPeerWrites) {
  words_.written = ring_bytes + 1;
  EXPECT_EQ(reader_.Available(), 0u);
  EXPECT_TRUE(reader_.broken());
  words_.written = 1;
  EXPECT_EQ(reader_.Available(), 0u) << "it stays broken";
  RingReader turned(&words_, data_.get());
  words_.turned = 1;  // although not everything was read
  EXPECT_EQ(turned.Available(), 0u);
  EXPECT_TRUE(turned.broken());
  words_.read = 1;  // more than was ever written
  EXPECT_EQ(writer_.Room(ring_bytes + 1), 0u);
  EXPECT_TRUE(writer_.broken());
}

}  // namespace
}  // namespace remote_dram::net
