// SocketLink: frames, however the stream splits them, and every way in which a connection ends.
#include "net/socket_link.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_address.h"
#include "net/socket_listener.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

// Records the events, in order; the latches are set by the first of each kind.
class Events final : public ControlEvents {
 public:
  void OnFrame(std::string_view frame) override {
    frames.emplace_back(frame);
    if (on_frame) on_frame();
    if (frames.size() == awaited) enough.Set();
  }
  void OnClosed(LinkEnd, const Status& why) override {
    reasons.push_back(why);
    closed.Set();
  }

  std::vector<std::string> frames;
  std::vector<Status> reasons;
  std::function<void()> on_frame;
  size_t awaited = 1;
  Latch enough, closed;
};

std::string Framed(std::string_view bytes) {
  const auto length = static_cast<uint32_t>(bytes.size());
  return std::string(reinterpret_cast<const char*>(&length), sizeof length).append(bytes);
}

// A link on a loop; the test holds the other end as a plain socket.
class SocketLinkTest : public testing::Test {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const int smallest = 1;  // the kernel raises it to its minimum, a few KiB
    ASSERT_EQ(setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest), 0);
    peer_ = base::Descriptor([&ends] { return ends[1]; });
    loop_.Do([this, near = ends[0]] {
      loop_->AssertHeld();
      link_ = std::make_unique<SocketLink>(&loop_.get(), base::Descriptor([near] { return near; }), &events_);
    });
  }
  void TearDown() override {
    loop_.Do([this] { link_.reset(); });
  }

  void Write(std::string_view bytes) { ASSERT_EQ(send(peer_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size())); }
  std::string Read(size_t bytes) {
    std::string read(bytes, '\0');
    EXPECT_EQ(recv(peer_.fd(), read.data(), bytes, MSG_WAITALL), static_cast<ssize_t>(bytes));
    return read;
  }
  std::string WhyClosed() {
    events_.closed.Wait();
    std::string why;
    loop_.Do([this, &why] {
      EXPECT_EQ(events_.reasons.size(), 1u);
      why = events_.reasons[0].ToString();
    });
    return why;
  }

  Events events_;
  RunningLoop loop_;
  base::Descriptor peer_;
  std::unique_ptr<SocketLink> link_;
};

TEST_F(SocketLinkTest, JoinsAFrameThatComesByteByByte) {
  for (const char byte : Framed("hello")) {
    Write({&byte, 1});
    loop_.Do([] {});
  }
  events_.enough.Wait();
  EXPECT_EQ(events_.frames, std::vector<std::string>{"hello"});
}

TEST_F(SocketLinkTest, PartsFramesThatComeTogether) {
  events_.awaited = 4;
  const std::string longest(control_frame_bytes_max, 'x');
  Write(Framed("a") + Framed("") + Framed(longest) + Framed("b") + Framed("cut off").substr(0, 6));
  events_.enough.Wait();
  EXPECT_EQ(events_.frames, (std::vector<std::string>{"a", "", longest, "b"}));
}

TEST_F(SocketLinkTest, LetsTheLoopGoOnBetweenTheFramesOfAPeerWhoFloodsIt) {
  constexpr size_t kReads = 3 * SocketLink::reads_at_once_max;
  std::string flood;
  while (flood.size() < kReads * control_frame_bytes_max) flood += Framed("want");
  events_.awaited = flood.size() / Framed("want").size();
  size_t seen = 0;
  events_.on_frame = [&] {
    if (events_.frames.size() == 1) loop_->Post([&] { seen = events_.frames.size(); });
  };
  loop_.Do([&] { Write(flood); });  // on the loop, so that all of it is there before the loop looks
  events_.enough.Wait();
  loop_.Do([&] { EXPECT_EQ(seen * Framed("want").size(), SocketLink::reads_at_once_max * control_frame_bytes_max); });
}

TEST_F(SocketLinkTest, SendsFramesWithTheirLengths) {
  loop_.Do([this] {
    link_->Send("one");
    link_->Send("");
  });
  EXPECT_EQ(Read(11), Framed("one") + Framed(""));
}

TEST_F(SocketLinkTest, RefusesAFrameOverTheLimitAndQuotesHowItBegins) {
  Write(Framed("good") + Framed(std::string(control_frame_bytes_max + 1, 'x')).substr(0, 6) + "xx");
  EXPECT_EQ(WhyClosed(), "UNAVAILABLE: the peer does not speak remote_dram (it sent \"\\x01\\x10\\x00\\x00xxxx\")");
  EXPECT_EQ(events_.frames, std::vector<std::string>{"good"});
}

TEST_F(SocketLinkTest, KnowsTheAnswerOfAWebServer) {
  Write("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(WhyClosed(), "UNAVAILABLE: the peer speaks HTTP, not remote_dram");
}

TEST_F(SocketLinkTest, TellsThatThePeerClosed) {
  Write(Framed("last"));
  peer_.Close();
  EXPECT_EQ(WhyClosed(), "UNAVAILABLE: the peer closed the connection");
  EXPECT_EQ(events_.frames, std::vector<std::string>{"last"});
}

TEST_F(SocketLinkTest, SeesThatThePeerIsGoneBeforeTheEventComes) {
  loop_.Do([this] {
    EXPECT_TRUE(link_->PeerIsThere());
    Write(Framed("unread"));
    EXPECT_TRUE(link_->PeerIsThere());
  });
  events_.enough.Wait();
  loop_.Do([this] {
    peer_.Close();
    EXPECT_FALSE(link_->PeerIsThere());
    EXPECT_TRUE(events_.reasons.empty());  // no event inside a task of the owner
  });
  WhyClosed();
}

TEST_F(SocketLinkTest, CutShowsAtThePeerAtOnceAndBringsNoEvent) {
  loop_.Do([this] {
    link_->Cut();
    char byte;
    EXPECT_EQ(recv(peer_.fd(), &byte, 1, MSG_DONTWAIT), 0);
    EXPECT_FALSE(link_->PeerIsThere());
    link_->Send("into the void");
    link_->Cut();
  });
  peer_.Close();
  loop_.Do([] {});
  EXPECT_TRUE(events_.reasons.empty());
}

TEST_F(SocketLinkTest, MayBeDestroyedInsideItsOwnEvents) {
  Latch destroyed;
  events_.on_frame = [this, &destroyed] {
    link_.reset();
    destroyed.Set();
  };
  Write(Framed("first") + Framed("second"));
  destroyed.Wait();
  loop_.Do([] {});
  EXPECT_EQ(events_.frames, std::vector<std::string>{"first"});
}

TEST_F(SocketLinkTest, EndsForAPeerThatDoesNotRead) {
  const std::string frame(control_frame_bytes_max, 'x');
  bool returned = false;
  loop_.Do([&] {
    for (int i = 0; i < 1000 && link_->PeerIsThere(); ++i) link_->Send(frame);
    EXPECT_TRUE(events_.reasons.empty());  // not inside Send
    returned = true;
  });
  EXPECT_EQ(WhyClosed(), "UNAVAILABLE: the peer does not read what it is sent: more than control_unsent_bytes_max bytes wait for it");
  EXPECT_TRUE(returned);
}

TEST_F(SocketLinkTest, SendsTheRestWhenThePeerReadsAgain) {
  const std::string frame(1000, 'x');
  constexpr int kFrames = 14;  // more than the socket holds, less than control_unsent_bytes_max
  loop_.Do([&] {
    for (int i = 0; i < kFrames; ++i) link_->Send(frame);
    char held[2 * kFrames * 1000];
    EXPECT_LT(recv(peer_.fd(), held, sizeof held, MSG_PEEK | MSG_DONTWAIT), kFrames * 1004);
  });
  for (int i = 0; i < kFrames; ++i) ASSERT_EQ(Read(1004), Framed(frame)) << i;
  EXPECT_TRUE(events_.reasons.empty());
}

TEST(SocketLink, SaysThatNobodyListens) {
  RunningLoop loop;
  Events tcp_events, unix_events;
  std::unique_ptr<SocketLink> tcp, local;
  const Address nobody{.host = "127.0.0.1", .port = 1, .path = ""}, nowhere{.host = "", .path = "/tmp/no-such.sock"};
  loop.Do([&] {
    loop->AssertHeld();
    tcp = std::make_unique<SocketLink>(&loop.get(), nobody, &tcp_events);
    tcp->Send("hello");
    local = std::make_unique<SocketLink>(&loop.get(), nowhere, &unix_events);
    local->Send("hello");
    EXPECT_TRUE(tcp_events.reasons.empty() && unix_events.reasons.empty());
  });
  tcp_events.closed.Wait();
  unix_events.closed.Wait();
  loop.Do([&] {
    EXPECT_EQ(tcp_events.reasons[0].ToString(), "UNAVAILABLE: no server at 127.0.0.1:1 (connection refused)");
    EXPECT_EQ(unix_events.reasons[0].ToString(), "UNAVAILABLE: no server at unix:/tmp/no-such.sock (no such file or directory)");
    tcp.reset();
    local.reset();
  });
}

}  // namespace
}  // namespace remote_dram::net
