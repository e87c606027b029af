// UcxFabric: messages of every size arrive whole over shared memory and TCP, on the configured transports.
#include <gtest/gtest.h>

#include <dlfcn.h>
#include <netinet/in.h>
#include <linux/tcp.h>
#include <signal.h>
#include <sys/socket.h>

#include <filesystem>
#include <numeric>
#include <thread>

#include "net/ucx/queue_testing.h"
#include "net/ucx/real_network.h"
#include "remote_dram/limits.h"
#include "remote_dram/value.h"

namespace remote_dram::net::ucx {
namespace {

struct Message {
  std::string header;
  std::string payload;
  bool came_along = false;
};

// Receives whole messages; keeps the endpoint of an introduction.
class Inbox final : public MessageSink {
 public:
  void OnMessage(Arrival& arrival) override {
    if (auto endpoint = arrival.TakeEndpoint([this](Status why) { broken = why; })) {
      back = std::move(endpoint);
      return;
    }
    auto message = std::make_shared<Message>();
    message->header = arrival.header();
    message->came_along = arrival.came_along();
    TransferEnded received = [this, message](const Status& status) {
      statuses.push_back(status);
      messages.push_back(std::move(*message));
      if (arrived) arrived->Set();
    };
    message->payload.resize(arrival.payload_bytes());
    if (!arrival.came_along()) return arrival.Fetch(message->payload.data(), std::move(received));
    message->payload = arrival.payload();
    received(Status());
  }

  std::unique_ptr<Endpoint> back;
  Status broken;
  std::vector<Status> statuses;
  std::vector<Message> messages;
  Latch* arrived = nullptr;
};

// Two networks in one process: the server's loop has a thread of its own, and the test's thread drives the client's.
class FabricTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    server_.SetSink(&server_inbox_);
    client_.SetSink(&client_inbox_);
    thread_ = std::thread([this] { server_.loop().Run(); });
    On(server_, [this] {
      Result<Fabric*> fabric = GetParam() == Kind::kShm ? server_.Shm() : server_.Tcp("127.0.0.1", true);
      ASSERT_TRUE(fabric.ok()) << fabric.status().ToString();
      server_fabric_ = *fabric;
    });
    On(client_, [this] {
      Result<Fabric*> fabric = GetParam() == Kind::kShm ? client_.Shm() : client_.Tcp("127.0.0.1", false);
      ASSERT_TRUE(fabric.ok()) << fabric.status().ToString();
      client_fabric_ = *fabric;
      Result<std::unique_ptr<Endpoint>> made =
          client_fabric_->Connect(server_fabric_->address(), [this](Status why) { client_broken_ = why; });
      ASSERT_TRUE(made.ok()) << made.status().ToString();
      endpoint_ = std::move(*made);
    });
  }

  void TearDown() override {
    On(client_, [this] { endpoint_.reset(); });
    On(server_, [this] { server_inbox_.back.reset(); });
    server_.loop().Stop();
    thread_.join();
  }

  // The network's current shared-memory fabric; a new one if the last is blocked.
  static Result<Fabric*> NextOf(RealNetwork& network) {
    Result<Fabric*> fabric = nullptr;
    On(network, [&] { fabric = network.Shm(); });
    return fabric;
  }
  static void On(RealNetwork& network, const std::function<void()>& function) { RunOn(network.loop(), function); }

  // Sends a message from client to server, and waits until it has arrived and its transfer has ended.
  Message RoundTrip(const std::string& header, const Pieces& payload) {
    Latch arrived, sent;
    On(server_, [this, &arrived] { server_inbox_.arrived = &arrived; });
    client_.loop().RunAndAwait(
        [&, this] {
          client_.loop().Post([&, this] {
            TransferEnded* const under_way = endpoint_->Send(header, payload);
            client_.loop().AssertHeld();
            if (under_way == nullptr) return client_.loop().Complete([&sent] { sent.Set(); });
            *under_way = [&sent](const Status& status) {
              EXPECT_TRUE(status.ok()) << status.ToString();
              sent.Set();
            };
          });
        },
        sent);
    sent.Wait();
    arrived.Wait();
    Message message;
    On(server_, [this, &message] {
      EXPECT_TRUE(server_inbox_.statuses.back().ok());
      message = server_inbox_.messages.back();
      server_inbox_.arrived = nullptr;
    });
    return message;
  }

  size_t Received() {
    size_t messages = 0;
    On(server_, [this, &messages] { messages = server_inbox_.messages.size(); });
    return messages;
  }

  static std::string Bytes(size_t count) {
    std::string bytes(count, 0);
    for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(i * 131 + (i >> 8) * 17);
    return bytes;
  }

  Inbox server_inbox_, client_inbox_;
  RealNetwork server_, client_;
  std::thread thread_;
  Fabric* server_fabric_ = nullptr;
  Fabric* client_fabric_ = nullptr;
  std::unique_ptr<Endpoint> endpoint_;
  Status client_broken_;
};

TEST_P(FabricTest, CarriesPayloadsOfEverySizeWhole) {
  for (const size_t size : {0, 1, 63, 4096, 8191, 8192, 8256, 8257, 20'000, 65'535, 65'536, 65'537, 262'144, 1 << 20, 20 << 20}) {
    const std::string sent = Bytes(size);
    const Message got = RoundTrip("header of " + std::to_string(size), {sent});
    EXPECT_EQ(got.header, "header of " + std::to_string(size));
    EXPECT_TRUE(got.payload == sent) << size;
  }
}

TEST_P(FabricTest, JoinsThePiecesOfAPayload) {
  for (const size_t size : {3, 3000, 30'000, 3'000'000}) {
    const std::string sent = Bytes(size);
    const std::string_view all = sent;
    const Message got = RoundTrip("h", {all.substr(0, 1), all.substr(1, size / 2), all.substr(1 + size / 2)});
    EXPECT_TRUE(got.payload == sent) << size;
  }
}

TEST_P(FabricTest, CopiesNoMoreThanItsLimitOfPayloadsInPieces) {
  // This may take longer than hello_timeout, after which a connection that has not introduced itself is closed.
  if (GetParam() == Kind::kTcp) On(client_, [this] { endpoint_->SendIntroduction("hello"); });
  RoundTrip("h", {});
  constexpr size_t bytes = 8 << 20, count = UcxFabric::gathered_bytes_max / bytes + 2;
  const std::string sent = Bytes(bytes);
  const Pieces pieces{std::string_view(sent).substr(0, 1000), std::string_view(sent).substr(1000)};
  const auto& sender = static_cast<const UcxFabric&>(*client_fabric_);
  size_t under_way = 0;
  Latch ended;
  On(server_, [&, this] {  // occupies the server's loop, so that every message stays under way
    On(client_, [&, this] {
      for (size_t i = 0; i < count; ++i) {
        TransferEnded* const each = endpoint_->Send("h", pieces);
        ASSERT_NE(each, nullptr);
        ++under_way;
        *each = [&](const Status& status) {
          EXPECT_TRUE(status.ok()) << status.ToString();
          client_.loop().AssertHeld();
          if (--under_way == 0) client_.loop().Complete([&ended] { ended.Set(); });
        };
      }
      EXPECT_EQ(sender.gathered_bytes(), UcxFabric::gathered_bytes_max);
    });
  });
  client_.loop().RunAndAwait([] {}, ended);
  EXPECT_EQ(sender.gathered_bytes(), 0u);
  while (Received() < 1 + count) std::this_thread::yield();
  On(server_, [&, this] {
    for (size_t i = 1; i <= count; ++i) EXPECT_TRUE(server_inbox_.messages[i].payload == sent) << i;
  });
}

TEST_P(FabricTest, GivesNothingToASinkThatHasLeft) {
  RoundTrip("h", {});
  Inbox next;
  Latch arrived;
  next.arrived = &arrived;
  On(server_, [this, &next] { server_.SetSink(&next); });
  On(client_, [this] { (void)endpoint_->Send("for the next", {}); });
  arrived.Wait();
  EXPECT_EQ(server_inbox_.messages.size(), 1u);
  On(server_, [this] { server_.SetSink(nullptr); });
  On(client_, [this] { (void)endpoint_->Send("for nobody", {}); });
}

TEST_P(FabricTest, EndsSoonWhatIsUnderWayWhenATimerClosesItsEndpoint) {
  RoundTrip("h", {});
  const std::string bytes = Bytes(4 << 20);
  const Pieces payload{bytes};
  Latch ended;
  TimePoint closed_at;
  const auto send = [&, this] {
    client_.loop().AssertHeld();
    TransferEnded* const under_way = endpoint_->Send("h", payload);
    ASSERT_NE(under_way, nullptr);
    *under_way = [&, this](const Status& status) {
      EXPECT_FALSE(status.ok());
      client_.loop().AssertHeld();
      client_.loop().Complete([&ended] { ended.Set(); });
    };
    client_.loop().At(Clock::now() + std::chrono::milliseconds(20), [&, this] {
      closed_at = Clock::now();
      endpoint_.reset();
    });
  };
  On(server_, [&, this] {  // occupies the server's loop meanwhile
    client_.loop().RunAndAwait([&, this] { client_.loop().Post(send); }, ended);
  });
  EXPECT_LT(Clock::now() - closed_at, EpollLoop::idle_sleep_min / 2);
}

TEST_P(FabricTest, CarriesTheLongestHeader) {
  const std::string header = Bytes(message_header_bytes_max);
  EXPECT_TRUE(RoundTrip(header, {}).header == header);
  const std::string payload = Bytes(100'000);
  EXPECT_TRUE(RoundTrip(header, {payload}).header == header);
}

TEST_P(FabricTest, UsesTheLanesThatItsKindPromises) {
  RoundTrip("h", {});
  std::string lanes;
  On(client_, [this, &lanes] { lanes = endpoint_->Lanes(); });
  if (GetParam() == Kind::kShm) {
    EXPECT_NE(lanes.find("posix/memory"), std::string::npos) << lanes;
    EXPECT_NE(lanes.find("cma/memory"), std::string::npos) << lanes;
    EXPECT_EQ(lanes.find("tcp"), std::string::npos) << lanes;
  } else {
    EXPECT_EQ(lanes, "tcp/lo");
  }
}

// The segments with data that this process has sent over TCP.
uint64_t SegmentsSent() {
  uint64_t sent = 0;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    tcp_info info{};
    socklen_t bytes = sizeof info;
    const int fd = std::stoi(each.path().filename());
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) == 0) sent += info.tcpi_data_segs_out;
  }
  return sent;
}

class SocketsTest : public FabricTest {};

TEST_P(SocketsTest, CarryManySmallPiecesAsOne) {
  RoundTrip("h", {});
  constexpr size_t count = 1000, bytes = 64;
  const std::string sent = Bytes(count * bytes);
  Pieces pieces;
  for (size_t i = 0; i < count; ++i) pieces.push_back(std::string_view(sent).substr(i * bytes, bytes));
  const uint64_t before = SegmentsSent();
  EXPECT_TRUE(RoundTrip("h", pieces).payload == sent);
  EXPECT_LE(SegmentsSent() - before, 5u);  // five pieces at a time are 200 sends, which the kernel joins to about 15 segments
}

TEST_P(SocketsTest, CarryUpTo64KiBWithoutAHandshake) {
  EXPECT_TRUE(RoundTrip("h", {Bytes(64 << 10)}).came_along);
  EXPECT_FALSE(RoundTrip("h", {Bytes(128 << 10)}).came_along);
}

TEST_P(SocketsTest, DropAConnectionThatDoesNotIntroduceItself) {
  Latch dropped;
  std::unique_ptr<Endpoint> silent;
  const auto connect = [&, this] {
    client_.loop().AssertHeld();
    silent = *client_fabric_->Connect(server_fabric_->address(), [&, this](const Status&) {
      client_.loop().AssertHeld();
      client_.loop().Complete([&dropped] { dropped.Set(); });
    });
  };
  const TimePoint began = Clock::now();
  client_.loop().RunAndAwait([&, this] { client_.loop().Post(connect); }, dropped);
  EXPECT_GE(Clock::now() - began, hello_timeout);
  On(client_, [&silent] { silent.reset(); });
}

TEST_P(SocketsTest, LeaveNoTimerBehindThatNeedsTheFabric) {
  std::unique_ptr<UcxFabric> brief;
  On(server_, [&, this] { brief = *UcxFabric::Make(&server_.loop(), &server_inbox_, Kind::kTcp, "127.0.0.1", true); });
  On(client_, [&, this] { endpoint_ = *client_fabric_->Connect(brief->address(), {}); });
  RoundTrip("h", {});
  Latch later;
  On(server_, [&, this] {
    brief.reset();
    server_.loop().AssertHeld();
    server_.loop().At(server_.loop().Now() + hello_timeout, [&later] { later.Set(); });
  });
  later.Wait();  // a timer that needs the fabric would have found it destroyed by now
}

class QueueTest : public FabricTest {};

TEST_P(QueueTest, IsReplacedWhenASenderWasKilledInTheMidstOfWriting) {
  RoundTrip("before", {});
  ASSERT_GT(BlockQueues(), 0);
  Status why;
  Latch told;
  std::unique_ptr<Endpoint> other;
  On(server_, [&, this] {
    other = *server_fabric_->Connect(server_fabric_->address(), [&why, &told](Status status) {
      why = std::move(status);
      told.Set();
    });
    server_fabric_->Connect(server_fabric_->address(), {})->reset();  // simulates that a peer has gone
  });
  told.Wait();
  EXPECT_EQ(why.code(), StatusCode::kUnavailable);
  EXPECT_NE(why.message().find("queue"), std::string::npos) << why.ToString();
  On(server_, [&] {
    other.reset();
    server_fabric_ = *server_.Shm();
  });
  On(client_, [this] { endpoint_.reset(); });
  while (*NextOf(client_) == client_fabric_) std::this_thread::yield();
  On(client_, [this] { endpoint_ = *(*client_.Shm())->Connect(server_fabric_->address(), {}); });
  EXPECT_EQ(RoundTrip("after", {}).header, "after");
}

TEST_P(QueueTest, StaysWhenSendersComeAndGo) {
  for (int i = 0; i < 20; ++i) {
    On(client_, [this] { endpoint_ = *client_fabric_->Connect(server_fabric_->address(), {}); });
    RoundTrip("h", {});
  }
  EXPECT_EQ(*NextOf(client_), client_fabric_);
}

TEST(Library, GetsItsSignalHandlersTakenAway) {
  TameLibrary();
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGHUP}) {
    struct sigaction action;
    ASSERT_EQ(sigaction(signal, nullptr, &action), 0);
    Dl_info where{};
    const bool known = dladdr(reinterpret_cast<void*>(action.sa_sigaction), &where) != 0 && where.dli_fname;
    EXPECT_TRUE(!known || std::string(where.dli_fname).find("libucs") == std::string::npos) << signal;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, QueueTest, testing::Values(Kind::kShm), [](const auto&) { return "Shm"; });
INSTANTIATE_TEST_SUITE_P(Kinds, SocketsTest, testing::Values(Kind::kTcp), [](const auto&) { return "Tcp"; });
INSTANTIATE_TEST_SUITE_P(Kinds, FabricTest, testing::Values(Kind::kShm, Kind::kTcp),
                         [](const auto& kind) { return kind.param == Kind::kShm ? "Shm" : "Tcp"; });

}  // namespace
}  // namespace remote_dram::net::ucx
