// A Server and its Clients over every path, for tests with real sockets and the real UCX.
//
// Memory and threads: the fixture owns the server. Failure: as expectations of the test.
#ifndef REMOTE_DRAM_SERVER_SERVER_TESTING_H_
#define REMOTE_DRAM_SERVER_SERVER_TESTING_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram {

struct Way {
  const char* name;
  bool by_unix;
  Path path;
};

class ServerTest : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.listen_addr = "127.0.0.1:0";
    options.socket_path = testing::TempDir() + "rd-" + std::to_string(getpid()) + ".sock";
    options.memory_limit_bytes = uint64_t{1} << 30;
    options.threads = 2;
    Result<Server> server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_.emplace(std::move(*server));
  }

  std::string Address() const { return GetParam().by_unix ? "unix:" + server_->socket_path() : server_->listen_addr(); }

  Client Connect() const { return Connect(GetParam().path); }
  Client Connect(Path path) const {
    ClientOptions options;
    options.path = path;
    Result<Client> client = Client::Connect(Address(), options);
    EXPECT_TRUE(client.ok()) << client.status().ToString();
    return std::move(*client);
  }

  static std::string Bytes(size_t count) {
    std::string bytes(count, 0);
    for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(i * 131 + (i >> 8) * 17 + (i >> 16));
    return bytes;
  }

  std::optional<Server> server_;
};

inline auto EveryWay() {
  return testing::Values(Way{"UnixAuto", true, Path::kAuto}, Way{"UnixTcp", true, Path::kTcp},
                         Way{"UnixSocket", true, Path::kSocket}, Way{"UnixMapped", true, Path::kMapped},
                         Way{"TcpMapped", false, Path::kMapped},
                         Way{"TcpShm", false, Path::kShm}, Way{"TcpTcp", false, Path::kTcp});
}
inline std::string NameOf(const testing::TestParamInfo<Way>& way) { return way.param.name; }

}  // namespace remote_dram

#endif  // REMOTE_DRAM_SERVER_SERVER_TESTING_H_
