// StorePace: when stores go past the caches, and for how long. The times are given, but for one test.
#include "net/store_pace.h"

#include <gtest/gtest.h>

namespace remote_dram::net {
namespace {

using base::Stores;

constexpr size_t kPiece = 16 << 10;
constexpr std::chrono::nanoseconds kLimit{kPiece / StorePace::slow_bytes_per_nanosecond};
constexpr std::chrono::nanoseconds kSlow = 2 * kLimit, kFast = kLimit / 2;

Stores Next(StorePace& pace, size_t bytes = kPiece) {
  int calls = 0;
  Stores chosen = Stores::kCached;
  pace.StorePiece(bytes, [&](Stores stores) {
    chosen = stores;
    ++calls;
  });
  EXPECT_EQ(calls, 1);
  return chosen;
}

void Record(StorePace& pace, std::chrono::nanoseconds taken, int times) {
  for (int i = 0; i < times; ++i) pace.Record(kPiece, taken);
}

void ExpectToStreamAfterOneMoreSlowPiece(StorePace& pace) {
  EXPECT_EQ(Next(pace), Stores::kCached);
  Record(pace, kSlow, 1);
  EXPECT_EQ(Next(pace), Stores::kStreaming);
}

TEST(StorePace, GoesPastTheCachesAfterSlowPiecesInSuccession) {
  StorePace pace;
  Record(pace, kSlow, StorePace::slow_pieces_max - 1);
  Record(pace, kFast, 1);
  Record(pace, kSlow, StorePace::slow_pieces_max - 1);
  ExpectToStreamAfterOneMoreSlowPiece(pace);
}

TEST(StorePace, TriesTheCachesAgainAfterAWhile) {
  StorePace pace;
  Record(pace, kSlow, StorePace::slow_pieces_max);
  EXPECT_EQ(Next(pace, StorePace::streamed_bytes - 1), Stores::kStreaming);
  EXPECT_EQ(Next(pace, 2), Stores::kStreaming);  // one byte of it
  EXPECT_EQ(Next(pace), Stores::kCached);
  Record(pace, kSlow, StorePace::slow_pieces_max - 1);
  ExpectToStreamAfterOneMoreSlowPiece(pace);
}

TEST(StorePace, TimesItsOwnPieces) {
  StorePace pace;
  const auto wait = [](Stores) {
    const auto until = std::chrono::steady_clock::now() + kSlow;
    while (std::chrono::steady_clock::now() < until) continue;
  };
  constexpr unsigned kPieces = StorePace::timed_piece_interval * StorePace::slow_pieces_max;
  for (unsigned i = 0; i < kPieces; ++i) pace.StorePiece(1, wait);  // too small to be timed
  EXPECT_EQ(Next(pace, 1), Stores::kCached);
  for (unsigned i = 0; i < kPieces; ++i) pace.StorePiece(kPiece, wait);
  EXPECT_EQ(Next(pace), Stores::kStreaming);
}

}  // namespace
}  // namespace remote_dram::net
