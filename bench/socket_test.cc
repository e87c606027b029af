// Socket: lines and bulk data arrive whole, however the stream splits them.
#include "bench/socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <climits>
#include <memory>
#include <thread>

namespace remote_dram::bench {
namespace {

class SocketTest : public testing::Test {
 protected:
  SocketTest() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    near_ = std::make_unique<Socket>(ends[0]);
    far_ = std::make_unique<Socket>(ends[1]);
  }
  std::unique_ptr<Socket> near_, far_;
};

TEST_F(SocketTest, LinesAndBulkComeInTheirOrder) {
  const std::string bulk(1 << 20, 'b');
  std::thread sender([this, &bulk] {
    far_->Send({"first\r\nsec"});
    far_->Send({"ond\n", bulk, "\r\nafter\r\n"});
  });
  EXPECT_EQ(near_->ReceiveLine(), "first");
  EXPECT_EQ(near_->ReceiveLine(), "second");
  std::string received(bulk.size(), 0);
  near_->Receive(received.data(), received.size());
  EXPECT_EQ(received, bulk);
  EXPECT_EQ(near_->ReceiveLine(), "");
  EXPECT_EQ(near_->ReceiveLine(), "after");
  sender.join();
}

TEST_F(SocketTest, SendsMorePiecesThanTheKernelTakesAtOnce) {
  const std::vector<std::string_view> pieces(3 * IOV_MAX, "p");
  std::thread sender([this, &pieces] { far_->Send(pieces); });
  std::string received(pieces.size(), 0);
  near_->Receive(received.data(), received.size());
  EXPECT_EQ(received, std::string(pieces.size(), 'p'));
  sender.join();
}

TEST_F(SocketTest, TakesMoreLinesThanTheKernelKeepsAndReadsThemLater) {
  constexpr int kLines = 1000;
  std::atomic<bool> sent{false};
  std::thread sender([this, &sent] {
    for (int i = 0; i < kLines; ++i) far_->Send({"stored\r\n"});
    sent = true;
  });
  while (!sent) near_->TakeArrived();
  sender.join();
  for (int i = 0; i < kLines; ++i) EXPECT_EQ(near_->ReceiveLine(), "stored");
}

TEST_F(SocketTest, SeesTheEnd) {
  far_->Send({"x"});
  EXPECT_FALSE(near_->IsAtEnd());
  char x;
  near_->Receive(&x, 1);
  far_.reset();
  EXPECT_TRUE(near_->IsAtEnd());
}

}  // namespace
}  // namespace remote_dram::bench
