// RingChannel: both ends of a pair on one loop, or a hostile peer at one end.
#include "net/ring_channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <optional>
#include <thread>

#include "base/fork_testing.h"
#include "net/descriptor_passing.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

std::string Bytes(size_t count) {
  std::string bytes(count, 0);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(i * 131 + (i >> 8) * 17 + (i >> 16));
  return bytes;
}

// Records the messages that arrive, in order; fetches payloads unless the header says "skip".
class Inbox final : public MessageSink {
 public:
  struct Message {
    std::string header, payload;
    bool came_along = false;
  };

  void OnMessage(Arrival& arrival) override {
    if (arrival.header() == "last") arrived.Set();
    Message& next = messages.emplace_back(Message{std::string(arrival.header()), "", arrival.came_along()});
    EXPECT_EQ(arrival.TakeEndpoint([](const Status&) {}), nullptr);
    if (arrival.came_along()) {
      next.payload = arrival.payload();
    } else if (next.header != "skip") {
      const size_t at = messages.size() - 1;
      next.payload.resize(arrival.payload_bytes());
      arrival.Fetch(next.payload.data(), [this, at](const Status& status) {
        fetched = status;
        if (messages[at].header == "last") done.Set();
      });
      return;
    }
    if (next.header == "last") done.Set();
  }

  std::deque<Message> messages;  // a deque, because the target of a fetch must not move
  Status fetched;
  Latch arrived, done;  // for the last message: its header arrived; all of it did
};

class RingChannelTest : public testing::Test {
 protected:
  RingChannelTest() {
    Result<RingPair> pair = RingPair::Make();
    EXPECT_TRUE(pair.ok());
    socket_ = std::move(pair->peers);
    loop_.Do([&] { near_ = Make(std::move(pair->own), &near_inbox_); });
  }
  ~RingChannelTest() override {
    loop_.Do([this] {
      near_.reset();
      far_.reset();
    });
  }

  std::unique_ptr<Endpoint> Make(base::Descriptor socket, Inbox* inbox) {
    Result<std::unique_ptr<Endpoint>> made = MakeRingEndpoint(&loop_.get(), inbox, std::move(socket), [this](const Status& why) {
      EXPECT_FALSE(failed_.has_value()) << "told twice";
      failed_ = why;
      broken_.Set();
    });
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    return std::move(*made);
  }
  void MakeFar() {
    loop_.Do([this] { far_ = Make(std::move(socket_), &far_inbox_); });
  }
  // Sends a message, and counts in pending_ a transfer that has not yet ended.
  void Send(Endpoint& endpoint, std::string_view header, std::vector<std::string_view> pieces) {
    if (TransferEnded* const ended = endpoint.Send(header, pieces)) {
      ++pending_;
      *ended = [this](const Status& status) {
        ended_ = status;
        --pending_;
        settled_.Set();
      };
    }
  }
  // Writes raw bytes into the far end's ring, as a hostile peer could.
  static void Write(PairEnd& end, const base::Descriptor& socket, std::string_view bytes) {
    ASSERT_GE(end.out.Room(bytes.size()), bytes.size());
    end.out.Put(bytes);
    if (end.out.Publish()) {
      ASSERT_EQ(write(socket.fd(), "!", 1), 1);
    }
  }
  static std::string Prefix(uint32_t header, uint32_t reserved, uint64_t payload) {
    std::string prefix(reinterpret_cast<const char*>(&header), 4);
    prefix.append(reinterpret_cast<const char*>(&reserved), 4);
    return prefix.append(reinterpret_cast<const char*>(&payload), 8);
  }

  RunningLoop loop_;
  Inbox near_inbox_, far_inbox_;
  std::unique_ptr<Endpoint> near_, far_;
  base::Descriptor socket_;  // the far end, until an endpoint takes it over
  std::optional<Status> failed_;
  Status ended_;
  int pending_ = 0;
  Latch broken_, settled_;
};

TEST_F(RingChannelTest, BringsMessagesOfEverySizeBothWaysInTheirOrder) {
  MakeFar();
  const size_t sizes[] = {0, 1, 8191, 8192, 8193, 16'000, 65'536, 1'000'003, 20'000'000, 5};
  std::vector<std::string> values;
  for (const size_t size : sizes) values.push_back(Bytes(size));
  loop_.Do([&] {
    near_->SendIntroduction("first");
    far_->SendIntroduction("first");
    for (const std::string& value : values) {
      const std::string_view all(value);
      const std::vector<std::string_view> pieces{all.substr(0, value.size() / 3), "", all.substr(value.size() / 3)};
      for (Endpoint* const each : {near_.get(), far_.get()}) Send(*each, std::string(message_header_bytes_max, 'h'), pieces);
    }
    Send(*near_, "last", {});
    Send(*far_, "last", {});
  });
  for (Inbox* const inbox : {&far_inbox_, &near_inbox_}) {
    inbox->done.Wait();
    loop_.Do([&] {
      ASSERT_EQ(inbox->messages.size(), values.size() + 2);
      EXPECT_EQ(inbox->messages.front().header, "first");
      for (size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(inbox->messages[i + 1].header.size(), message_header_bytes_max);
        EXPECT_TRUE(inbox->messages[i + 1].payload == values[i]) << sizes[i];
        EXPECT_EQ(inbox->messages[i + 1].came_along, sizes[i] <= MessageReader::payload_along_bytes_max);
      }
    });
  }
  loop_.Do([&] {
    EXPECT_EQ(pending_, 0);
    EXPECT_TRUE(ended_.ok()) << ended_.ToString();
    EXPECT_FALSE(failed_.has_value());
  });
}

TEST_F(RingChannelTest, BringsManyPiecesOfOneMessage) {
  MakeFar();
  const std::string value = Bytes(300'000);
  std::vector<std::string_view> pieces;
  for (size_t at = 0; at < value.size(); at += 1000) pieces.push_back(std::string_view(value).substr(at, 1000));
  loop_.Do([&] { Send(*near_, "last", pieces); });
  far_inbox_.done.Wait();
  loop_.Do([&] { EXPECT_TRUE(far_inbox_.messages[0].payload == value); });
}

TEST_F(RingChannelTest, NeedsNobodyToAskWhenAMessageHasLeft) {
  const std::string value = Bytes(3'000'000);
  loop_.Do([&] {
    EXPECT_NE(near_->Send("header", {}), near_->Send("header", std::vector<std::string_view>{value}));
    EXPECT_NE(near_->Send("last", {}), nullptr);
  });
  MakeFar();
  far_inbox_.done.Wait();
  loop_.Do([&] { EXPECT_EQ(far_inbox_.messages.size(), 3u); });
}

TEST_F(RingChannelTest, SkipsAPayloadThatNobodyFetches) {
  MakeFar();
  const std::string value = Bytes(3'000'000);
  loop_.Do([&] {
    Send(*near_, "skip", {value});
    Send(*near_, "last", {"after"});
  });
  far_inbox_.done.Wait();
  loop_.Do([&] { EXPECT_EQ(far_inbox_.messages.back().payload, "after"); });
}

TEST_F(RingChannelTest, GivesTheMemoryOfALargeRingBackAndLooksNoMoreOnceClosed) {
  const std::string value = Bytes(ring_large_bytes + 1);
  PairEnd far = *PairEnd::Receive(socket_);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto has_memory = [&far] { return IsInMemory(far.memory->base() + kPairDataOffset + ring_bytes); };
  const auto bring = [&] {
    loop_.Do([&] { Send(*near_, "header", {value}); });
    std::string taken;
    while (taken.size() < Prefix(6, 0, 0).size() + 6 + value.size() && std::chrono::steady_clock::now() < give_up) {
      std::string piece(far.in.Available(), '\0');
      far.in.Take(piece.data(), piece.size());
      if (far.in.Free(1)) {
        ASSERT_EQ(write(socket_.fd(), "!", 1), 1);
      }
      taken += piece;
    }
    EXPECT_TRUE(taken == Prefix(6, 0, value.size()) + "header" + value);
    EXPECT_TRUE(has_memory());
  };
  bring();
  while (has_memory() && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  EXPECT_FALSE(has_memory());
  bring();
  Latch later;
  loop_.Do([&] {
    near_.reset();
    loop_->AssertHeld();
    loop_->At(loop_->DeadlineIn(2 * RingChannel::large_ring_check_interval), [&later] { later.Set(); });
  });
  later.Wait();
}

TEST_F(RingChannelTest, TakesBytesThatComeOneByOne) {
  const std::string bytes = Prefix(4, 0, 3) + "last" + "abc";
  PairEnd far = *PairEnd::Receive(socket_);
  for (const char byte : bytes) {
    Write(far, socket_, std::string_view(&byte, 1));
    loop_.Do([] {});
  }
  near_inbox_.done.Wait();
  loop_.Do([&] { EXPECT_EQ(near_inbox_.messages.at(0).payload, "abc"); });
}

TEST_F(RingChannelTest, BreaksOnceAtWhatIsNoMessage) {
  for (const std::string& nonsense : {Prefix(0, 0, 1), Prefix(message_header_bytes_max + 1, 0, 0), Prefix(1, 1, 0)}) {
    Result<RingPair> pair = RingPair::Make();
    ASSERT_TRUE(pair.ok());
    Latch broken;
    Status why;
    std::unique_ptr<Endpoint> endpoint;
    loop_.Do([&] {
      endpoint = *MakeRingEndpoint(&loop_.get(), &near_inbox_, std::move(pair->own), [&](const Status& status) {
        why = status;
        broken.Set();
      });
    });
    PairEnd far = *PairEnd::Receive(pair->peers);
    Write(far, pair->peers, nonsense);
    broken.Wait();
    EXPECT_EQ(why.message(), "what came by the data path is no message");
    loop_.Do([&] { endpoint.reset(); });
  }
  EXPECT_TRUE(near_inbox_.messages.empty());
}

TEST_F(RingChannelTest, BreaksAtCountsThatNoCorrectPeerWrites) {
  PairEnd far = *PairEnd::Receive(socket_);
  auto* const words = reinterpret_cast<PairWords*>(far.memory->base());
  std::atomic_ref<uint64_t>(words->rings[1].written).store(ring_bytes + 1);
  ASSERT_EQ(write(socket_.fd(), "!", 1), 1);
  broken_.Wait();
  loop_.Do([&] { EXPECT_EQ(failed_->message(), "the data path has counts that no correct peer writes"); });
}

TEST_F(RingChannelTest, BreaksWhereARingTurnsAndNotEverythingWasRead) {
  PairEnd far = *PairEnd::Receive(socket_);
  auto* const words = reinterpret_cast<PairWords*>(far.memory->base());
  const std::string message = Prefix(4, 0, 100'000) + "last";
  Write(far, socket_, message);
  near_inbox_.arrived.Wait();
  loop_.Do([&] {  // on the loop, so that it cannot look between the two steps
    std::atomic_ref<uint64_t>(words->rings[1].turned).store(message.size() + 1);
    Write(far, socket_, "the beginning");
  });
  broken_.Wait();
  loop_.Do([&] {
    EXPECT_EQ(failed_->code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(failed_->message(), "the data path has counts that no correct peer writes");
    EXPECT_EQ(near_inbox_.fetched.message(), failed_->message());
  });
}

TEST_F(RingChannelTest, EndsWhatIsUnderWayWhenThePeerIsGone) {
  const std::string value = Bytes(10'000'000);  // more than the ring holds
  PairEnd far = *PairEnd::Receive(socket_);
  Write(far, socket_, Prefix(4, 0, 100'000) + "last" + "the beginning");
  near_inbox_.arrived.Wait();  // otherwise the end of the channel may overtake the message
  loop_.Do([&] { Send(*near_, "header", {value}); });
  EXPECT_EQ(pending_, 1);
  socket_.Close();
  broken_.Wait();
  loop_.Do([&] {
    EXPECT_EQ(pending_, 0);
    EXPECT_EQ(ended_.code(), StatusCode::kUnavailable);
    EXPECT_EQ(near_inbox_.fetched.code(), StatusCode::kUnavailable);
    EXPECT_EQ(failed_->code(), StatusCode::kUnavailable);
  });
  settled_.Wait();
  loop_.Do([&] { Send(*near_, "header", {value}); });  // sent after the channel has ended
  loop_.Do([&] { EXPECT_EQ(pending_, 0); });
}

TEST_F(RingChannelTest, EndsWhatIsUnderWaySoonAfterItsEndpointIsDestroyed) {
  const std::string value = Bytes(10'000'000);
  loop_.Do([&] {
    Send(*near_, "header", {value});
    near_.reset();
    EXPECT_EQ(pending_, 1);
  });
  settled_.Wait();
  loop_.Do([&] {
    EXPECT_EQ(pending_, 0);
    EXPECT_FALSE(ended_.ok());
    EXPECT_FALSE(failed_.has_value()) << "of an endpoint that its owner closed";
  });
}

TEST_F(RingChannelTest, IsNotHeldUpByAPeerWhoMakesTheSocketBlock) {
  Result<RingPair> pair = RingPair::Make();
  ASSERT_TRUE(pair.ok());
  const int duplicate = dup(pair->own.fd());  // the sender of a socket may keep such a duplicate
  ASSERT_EQ(fcntl(duplicate, F_SETFL, 0), 0);
  const std::string value = Bytes(10'000'000);
  std::unique_ptr<Endpoint> endpoint;
  loop_.Do([&] {
    endpoint = *MakeRingEndpoint(&loop_.get(), &near_inbox_, std::move(pair->own), [](const Status&) {});
    Send(*endpoint, "header", {value});
    EXPECT_EQ(pending_, 1);
    endpoint.reset();
  });
  settled_.Wait();
  close(duplicate);
}

TEST_F(RingChannelTest, RefusesWhatIsNoUnixStreamSocketWithMemory) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  close(ends[1]);
  int without_memory[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, without_memory), 0);
  ASSERT_EQ(write(without_memory[1], "\0", 1), 1);
  close(without_memory[1]);
  const int other_kinds[] = {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const int strange[] = {ends[0], without_memory[0], other_kinds[0], other_kinds[1]};
  for (const int fd : strange) {
    loop_.Do([&] {
      const auto made = MakeRingEndpoint(&loop_.get(), &near_inbox_, base::Descriptor([fd] { return fd; }), [](const Status&) {});
      EXPECT_EQ(made.status().code(), StatusCode::kInvalidArgument);
    });
  }
}

}  // namespace
}  // namespace remote_dram::net
