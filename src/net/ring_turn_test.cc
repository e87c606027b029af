// MessageWriter: when its ring turns, how much is in transit, and when the memory of a large ring is given back. No loop runs;
// the other end reads when the test says so, by hand or with a MessageReader.
#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "net/ring_messages.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

constexpr uint64_t kElsewhere = UINT64_MAX;
constexpr uint64_t kSmallMessages = ring_large_bytes / ring_small_message_weight;  // as many cancel any amount of bulk
constexpr int kRounds = 10'000;                                                    // no message takes as many

std::string Framed(std::string_view header, std::string_view payload) {
  const MessagePrefix prefix{.header_bytes = static_cast<uint32_t>(header.size()), .payload_bytes = payload.size()};
  return std::string(reinterpret_cast<const char*>(&prefix), sizeof prefix).append(header).append(payload);
}

class RingTurnTest : public testing::Test {
 protected:
  // `payload` must live until the far end has taken it.
  void Send(std::string_view header, const std::string& payload) {
    (void)writer_.Send(header, std::vector<std::string_view>{payload});
  }
  std::string Take(uint64_t bytes) {
    std::string taken(bytes, '\0');
    far_.in.Take(taken.data(), taken.size());
    return taken;
  }
  // Reports what was taken, as a reader on that processor. The writer goes on.
  void Report(uint64_t processor) {
    (void)far_.in.Free(1);
    reinterpret_cast<PairWords*>(far_.memory->base())->rings[0].reader_processor = processor;
    (void)writer_.WriteMore();
  }
  // Takes the bytes of whole messages, and reports them from another processor than the writer's.
  std::string TakeAll(uint64_t bytes) {
    std::string taken;
    for (int i = 0; i < kRounds && taken.size() < bytes; ++i) {
      const uint64_t available = far_.in.Available();
      EXPECT_LE(available, ring_bytes) << "in transit to another processor";
      taken += Take(available);
      Report(kElsewhere);
    }
    EXPECT_EQ(taken.size(), bytes);
    return taken;
  }
  void Bring(std::string_view header, const std::string& payload) {
    Send(header, payload);
    EXPECT_TRUE(TakeAll(Framed(header, payload).size()) == Framed(header, payload));
  }
  bool HasMemoryForALargeRing() const { return IsInMemory(near_.memory->base() + near_.out_offset + ring_bytes); }

  RingPair pair_ = *RingPair::Make();
  PairEnd near_ = *PairEnd::Receive(pair_.own), far_ = *PairEnd::Receive(pair_.peers);
  const RingBell bell_{std::move(pair_.own)}, far_bell_{std::move(pair_.peers)};
  MessageWriter writer_{&near_, &bell_};
  const std::string bulk_ = std::string(ring_large_bytes + 1, 'b');
};

TEST_F(RingTurnTest, MakesARingLargeForBulkAndSmallAgainAmongManySmallMessages) {
  Bring("tiny", "");
  EXPECT_FALSE(far_.in.large());
  Bring("bulk", bulk_);
  EXPECT_TRUE(far_.in.large());
  for (uint64_t i = 0; i < kSmallMessages - 1; ++i) Bring("tiny", "");
  EXPECT_TRUE(far_.in.large());
  Bring("tiny", "");
  EXPECT_FALSE(far_.in.large());
  Bring("bulk", bulk_);
  EXPECT_TRUE(far_.in.large());
}

TEST_F(RingTurnTest, TakesNoMemoryForALargeRingBeforeAsMuchBulkCame) {
  const std::string part(ring_large_bytes / 4, 'b');
  for (int i = 0; i < 3; ++i) Bring("bulk", part);
  EXPECT_FALSE(far_.in.large() || HasMemoryForALargeRing());
  for (int i = 0; i < 2; ++i) Bring("bulk", part);
  EXPECT_TRUE(far_.in.large());
}

TEST_F(RingTurnTest, HoldsBackForAReaderThatWouldNeverCatchUp) {
  Send("bulk", bulk_);
  std::string came;
  while (!far_.in.large() && came.size() < bulk_.size() / 2) {
    came += Take((far_.in.Available() + 1) / 2);
    Report(kElsewhere);
  }
  EXPECT_TRUE(far_.in.large());
  EXPECT_LT(came.size(), ring_bytes);
  came += TakeAll(Framed("bulk", bulk_).size() - came.size());
  EXPECT_TRUE(came == Framed("bulk", bulk_));
}

class Inbox final : public MessageSink {
 public:
  void OnMessage(Arrival& arrival) override {
    headers.emplace_back(arrival.header());
    if (headers.back() != "fetched") return;
    payload.resize(arrival.payload_bytes());
    arrival.Fetch(payload.data(), [](const Status& status) { EXPECT_TRUE(status.ok()); });
  }
  std::vector<std::string> headers;
  std::string payload;
};

// A reader reports small messages late. Until it has read a header, it cannot know that the writer waits.
TEST_F(RingTurnTest, NeedsNoMoreThanAnIncompletePayloadForItsReaderToReportEverything) {
  for (const std::string bulk : {"fetched", "skipped"}) {
    Inbox inbox;
    const RingPair pair = *RingPair::Make();
    PairEnd near = *PairEnd::Receive(pair.own), far = *PairEnd::Receive(pair.peers);
    MessageWriter writer(&near, &bell_);
    MessageReader reader(&far.in, &far_bell_, &inbox);
    const auto send = [&](std::string_view header, std::string_view payload) {
      (void)writer.Send(header, std::vector<std::string_view>{payload});
    };
    send(std::string(message_header_bytes_max, 'h'), "");
    EXPECT_EQ(reader.Read(), nullptr);
    send(bulk, bulk_);
    send("behind it", "");
    for (int i = 0; i < kRounds && inbox.headers.size() < 3; ++i) {
      EXPECT_EQ(reader.Read(), nullptr);
      (void)writer.WriteMore();
    }
    EXPECT_EQ(inbox.headers.back(), "behind it");
    EXPECT_TRUE(bulk != "fetched" || inbox.payload == bulk_);
    EXPECT_TRUE(far.in.large());
  }
}

TEST_F(RingTurnTest, GivesTheMemoryOfALargeRingBackWhereNothingNeedsIt) {
  Bring("bulk", bulk_);
  writer_.GiveUnusedBack();
  EXPECT_TRUE(HasMemoryForALargeRing()) << "it was needed since the call before";
  writer_.GiveUnusedBack();
  EXPECT_FALSE(HasMemoryForALargeRing());
  Bring("tiny", "");
  EXPECT_FALSE(far_.in.large());
  Bring("bulk", bulk_);
  EXPECT_TRUE(far_.in.large());
}

TEST_F(RingTurnTest, KeepsTheMemoryOfALargeRingAsLongAsBulkIsUnderWay) {
  const std::string more = bulk_ + bulk_;
  Send("bulk", more);
  Send("tiny", "");
  std::string came = Take(far_.in.Available());
  for (int i = 0; i < 3; ++i) {
    Send("bulk", bulk_);
    Report(kElsewhere);
    writer_.GiveUnusedBack();
    EXPECT_TRUE(near_.out.large() && HasMemoryForALargeRing());
    writer_.GiveUnusedBack();
    came += Take(far_.in.Available());
    writer_.GiveUnusedBack();
    EXPECT_TRUE(near_.out.large() && HasMemoryForALargeRing());
  }
  Report(kElsewhere);
  came += TakeAll(Framed("bulk", more).size() + Framed("tiny", "").size() + 3 * Framed("bulk", bulk_).size() - came.size());
  EXPECT_TRUE(came.starts_with(Framed("bulk", more) + Framed("tiny", "")));
}

TEST_F(RingTurnTest, StaysLargeToTheEndOfAMessage) {
  const OnOneProcessor one;
  const std::string value(ring_large_bytes / 2, 'v');  // not enough to want a large ring
  Send("wide", value);
  std::string came = Take(far_.in.Available());
  Report(static_cast<uint64_t>(sched_getcpu() + 1));
  came += Take(far_.in.Available());
  EXPECT_FALSE(far_.in.Free(1));
  for (int i = 0; i < 2; ++i) writer_.GiveUnusedBack();
  EXPECT_TRUE(writer_.waits() && near_.out.large() && HasMemoryForALargeRing());
  while (writer_.WriteMore()) came += Take(far_.in.Available());
  EXPECT_TRUE(came == Framed("wide", value));
}

// As many answers, some of them large, leave a server.
TEST_F(RingTurnTest, MakesARingLargeForBulkWithSmallMessagesBehindIt) {
  const std::string part(ring_large_bytes / 4, 'b');
  std::string all;
  for (int i = 0; i < 8; ++i) {
    Send("bulk", part);
    Send("tiny", "");
    all += Framed("bulk", part) + Framed("tiny", "");
  }
  EXPECT_TRUE(TakeAll(all.size()) == all);
  EXPECT_TRUE(far_.in.large());
}

// Simulates two processes that share a processor, because there are more busy threads than processors.
TEST_F(RingTurnTest, MakesARingLargeAndWideForAReaderOnItsOwnProcessor) {
  const OnOneProcessor one;
  const auto here = static_cast<uint64_t>(sched_getcpu() + 1);
  const std::string value(1'000'000, 'v');
  Send("wide", value);
  std::string came = Take(far_.in.Available());
  EXPECT_EQ(came.size(), ring_bytes);
  Report(here);
  came += Take(far_.in.Available());  // the rest arrives in one go
  EXPECT_TRUE(came == Framed("wide", value));
  Report(here);
  Bring("tiny", "");
  EXPECT_TRUE(far_.in.large());
  Bring("tiny", "");
  EXPECT_FALSE(far_.in.large());
}

TEST_F(RingTurnTest, MakesARingNarrowForAReaderThatLeftItsProcessor) {
  const OnOneProcessor one;
  const std::string value(2 * ring_large_bytes, 'v');
  Send("bulk", value);
  uint64_t taken = 0;
  for (int i = 0; i < 2; ++i) {  // the ring turns, then was full
    taken += Take(far_.in.Available()).size();
    Report(static_cast<uint64_t>(sched_getcpu() + 1));
  }
  for (int i = 0; i < kRounds && writer_.WriteMore(); ++i) continue;
  EXPECT_EQ(far_.in.Available(), ring_large_bytes);
  taken += Take(ring_large_bytes).size();
  Report(kElsewhere);
  TakeAll(Framed("bulk", value).size() - taken);
}

TEST_F(RingTurnTest, CarriesBulkThroughASmallRingWhereNoMemoryIsLeftForALargeOne) {
  std::vector<PairEnd> others;
  for (int i = 0; i < large_rings_max; ++i) {
    others.push_back(*PairEnd::Receive(RingPair::Make()->own));
    ASSERT_TRUE(others.back().TakeLargeMemory());
  }
  Bring("bulk", bulk_);
  EXPECT_FALSE(far_.in.large());
  others.clear();
  Bring("bulk", bulk_.substr(bulk_.size() / 2));
  EXPECT_FALSE(far_.in.large()) << "it asks for memory after each message";
  Bring("bulk", bulk_);
  EXPECT_TRUE(far_.in.large());
}

}  // namespace
}  // namespace remote_dram::net
