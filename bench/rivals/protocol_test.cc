// Protocols: the bytes of requests, and that an unexpected reply is not taken for the expected one.
#include "bench/rivals/protocol.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace remote_dram::bench {
namespace {

class ProtocolTest : public testing::Test {
 protected:
  ProtocolTest() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    rival_ = std::make_unique<Socket>(ends[0]);
    client_ = std::make_unique<Socket>(ends[1]);
  }
  std::unique_ptr<Socket> rival_, client_;
};

TEST_F(ProtocolTest, MemcachedIsSpoken) {
  const auto protocol = ProtocolOf("memcached");
  EXPECT_EQ(protocol->Get({"a", "b"}), "get a b\r\n");
  EXPECT_EQ(protocol->SetHead("a", 5), "set a 0 0 5\r\n");
  rival_->Send({"VALUE a 0 2\r\n\r\n\r\nVALUE b 0 2\r\nxy\r\nEND\r\nSTORED\r\n"});
  char values[4];
  protocol->ReceiveValues(*client_, 2, values, 2);
  EXPECT_EQ(std::string(values, 4), "\r\nxy");
  protocol->ReceiveSet(*client_);
}

TEST_F(ProtocolTest, RedisIsSpoken) {
  const auto protocol = ProtocolOf("redis");
  EXPECT_EQ(protocol->Get({"a"}), "*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
  EXPECT_EQ(protocol->Get({"a", "b"}), "*3\r\n$4\r\nMGET\r\n$1\r\na\r\n$1\r\nb\r\n");
  EXPECT_EQ(protocol->SetHead("a", 5), "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\n");
  rival_->Send({"*2\r\n$2\r\n\r\n\r\n$2\r\nxy\r\n+OK\r\n"});
  char values[4];
  protocol->ReceiveValues(*client_, 2, values, 2);
  EXPECT_EQ(std::string(values, 4), "\r\nxy");
  protocol->ReceiveSet(*client_);
}

TEST_F(ProtocolTest, AMissingOrRefusedValueEndsTheBench) {
  char values[4];
  rival_->Send({"END\r\n"});
  EXPECT_EXIT(ProtocolOf("memcached")->ReceiveValues(*client_, 1, values, 2), testing::ExitedWithCode(1), "another value");
  rival_->Send({"-OOM\r\n"});
  EXPECT_EXIT(ProtocolOf("redis")->ReceiveSet(*client_), testing::ExitedWithCode(1), "-OOM");
}

}  // namespace
}  // namespace remote_dram::bench
