// Descriptors over a Unix socket: each arrives with its frame, also through a full socket, and a link keeps a limited number.
#include "net/descriptor_passing.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket_link.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

base::Descriptor FileWith(const std::string& text) {
  base::Descriptor file([] { return memfd_create("file", MFD_CLOEXEC); });
  EXPECT_EQ(write(file.fd(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return file;
}

std::string TextOf(const base::Descriptor& file) {
  char text[64] = {};
  return file.valid() && pread(file.fd(), text, sizeof text - 1, 0) > 0 ? text : "nothing";
}

// Takes a descriptor with each frame that ends in "+".
class Receiver final : public ControlEvents {
 public:
  void OnFrame(std::string_view frame) override {
    const bool with = takes && frame.back() == '+';
    received.push_back(std::string(frame.substr(0, 3)) + (with ? " " + TextOf(link->TakeDescriptor()) : ""));
    if (received.size() == awaited) enough.Set();
  }
  void OnClosed(LinkEnd, const Status& why) override {
    reason = why;
    closed.Set();
  }

  SocketLink* link = nullptr;
  bool takes = true;
  size_t awaited = 0;
  std::vector<std::string> received;
  Status reason;
  Latch enough, closed;
};

class DescriptorPassingTest : public testing::Test {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const int smallest = 1;  // the kernel makes it a few KiB: so small that frames are split
    ASSERT_EQ(setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest), 0);
    loop_.Do([this, &ends] {
      loop_->AssertHeld();
      sender_ = std::make_unique<SocketLink>(&loop_.get(), base::Descriptor([&ends] { return ends[0]; }), &sent_);
      receiver_ = std::make_unique<SocketLink>(&loop_.get(), base::Descriptor([&ends] { return ends[1]; }), &events_);
      events_.link = receiver_.get();
    });
  }
  void TearDown() override {
    loop_.Do([this] {
      sender_.reset();
      receiver_.reset();
    });
  }

  Receiver sent_, events_;
  RunningLoop loop_;
  std::unique_ptr<SocketLink> sender_, receiver_;
};

TEST_F(DescriptorPassingTest, EachComesWithItsFrame) {
  events_.awaited = 9;
  loop_.Do([this] {
    for (const char* name : {"one", "two", "six"}) {
      sender_->Send(std::string(name) + "-");
      sender_->SendWith(std::string(name) + std::string(3000, '.') + "+", FileWith(name));
      sender_->SendWith(std::string(name) + "+", FileWith(std::string(name) + " again"));
    }
  });
  events_.enough.Wait();
  const std::vector<std::string> expected = {"one", "one one", "one one again", "two", "two two", "two two again",
                                             "six", "six six", "six six again"};
  loop_.Do([this, &expected] {
    EXPECT_EQ(events_.received, expected);
    EXPECT_EQ(TextOf(receiver_->TakeDescriptor()), "nothing");
  });
}

TEST_F(DescriptorPassingTest, ALinkKeepsSoManyAndClosesTheRest) {
  events_.takes = false;
  events_.awaited = 20;
  loop_.Do([this] {
    for (int i = 0; i < 20; ++i) sender_->SendWith("x+", FileWith(std::to_string(i)));
  });
  events_.enough.Wait();
  loop_.Do([this] {
    for (size_t i = 0; i < control_descriptors_max; ++i) EXPECT_EQ(TextOf(receiver_->TakeDescriptor()), std::to_string(i));
    EXPECT_FALSE(receiver_->TakeDescriptor().valid());
  });
}

TEST_F(DescriptorPassingTest, SoManyWaitForAPeerThatDoesNotReadAndOneMoreEndsTheConnection) {
  base::Descriptor peer;
  loop_.Do([this, &peer] {
    peer = receiver_->Duplicate();
    receiver_.reset();  // from here on nobody reads
    const base::Descriptor socket = sender_->Duplicate();
    while (SendBytes(socket.fd(), "x", -1) > 0) {
    }
    for (size_t i = 0; i < control_unsent_descriptors_max; ++i) sender_->SendWith("x+", FileWith("x"));
    EXPECT_TRUE(sender_->PeerIsThere());
    sender_->SendWith("x+", FileWith("x"));
    EXPECT_FALSE(sender_->PeerIsThere());
    EXPECT_FALSE(sent_.closed.IsSet()) << "not inside Send";
  });
  ASSERT_FALSE(HasFailure());
  sent_.closed.Wait();
  EXPECT_EQ(sent_.reason.ToString(), "UNAVAILABLE: the peer does not read what it is sent: more than "
                                     "control_unsent_descriptors_max descriptors wait for it");
}

// If the process has no descriptor left, the kernel closes the received one; the next one must not take its place.
TEST_F(DescriptorPassingTest, OneThatFoundNoRoomIsNotValid) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const base::Descriptor from([&ends] { return ends[0]; }), to([&ends] { return ends[1]; });
  const base::Descriptor file = FileWith("file");
  ASSERT_EQ(SendBytes(from.fd(), "x", file.fd()), 1);
  ASSERT_EQ(SendBytes(from.fd(), "y", file.fd()), 1);
  char byte = 0;
  std::vector<base::Descriptor> came;
  {
    const NoDescriptorsLeft none;
    EXPECT_EQ(ReceiveBytes(to.fd(), &byte, 1, &came), 1);
  }
  EXPECT_EQ(ReceiveBytes(to.fd(), &byte, 1, &came), 1);
  ASSERT_EQ(came.size(), 2u);
  EXPECT_FALSE(came[0].valid());
  EXPECT_EQ(TextOf(came[1]), "file");
}

TEST_F(DescriptorPassingTest, ADuplicateKeepsTheConnectionOpenUntilItIsCut) {
  base::Descriptor duplicate;
  loop_.Do([this, &duplicate] {
    duplicate = sender_->Duplicate();
    sender_.reset();
    EXPECT_TRUE(receiver_->PeerIsThere());
  });
  shutdown(duplicate.fd(), SHUT_RDWR);
  loop_.Do([this] { EXPECT_FALSE(receiver_->PeerIsThere()); });
}

}  // namespace
}  // namespace remote_dram::net
