// Memory that a client allocates for the values of its results: it is reused on every path.
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/value_memory.h"
#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram {
namespace {

constexpr size_t kBytes = size_t{39} << 20;  // malloc would use fresh pages for it, which are zero

class ResultMemoryTest : public testing::TestWithParam<Path> {};

TEST_P(ResultMemoryTest, IsThatOfAResultThatIsGone) {
  ServerOptions server_options;
  server_options.listen_addr = "127.0.0.1:0";
  server_options.socket_path = testing::TempDir() + "rd-results-" + std::to_string(getpid()) + ".sock";
  Result<Server> server = Server::Start(server_options);
  ASSERT_TRUE(server.ok()) << server.status().ToString();
  ClientOptions options;
  options.path = GetParam();
  Result<Client> client = Client::Connect(server->listen_addr(), options);
  ASSERT_TRUE(client.ok()) << client.status().ToString();

  ASSERT_TRUE(client->Put("get", std::string(kBytes, 'g')).ok());
  ASSERT_EQ(client->Get("get")->value.bytes().back(), 'g');
  EXPECT_EQ(base::AllocateValue(kBytes).get()[kBytes / 2], 'g');

  ASSERT_TRUE(client->Put("batch", std::string(kBytes, 'b')).ok());
  ReadOperation read;
  read.key = "batch";
  ASSERT_EQ(client->BatchRead({read})->results[0]->value.bytes().back(), 'b');
  EXPECT_EQ(base::AllocateValue(kBytes).get()[kBytes / 2], 'b');
}

INSTANTIATE_TEST_SUITE_P(Paths, ResultMemoryTest, testing::Values(Path::kShm, Path::kTcp, Path::kMapped),
                         [](const auto& path) { return NameOfPath(path.param); });

}  // namespace
}  // namespace remote_dram
