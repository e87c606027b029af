// For tests of mapped reads: a real server, clients that map its memory, and a way to block its loop.
#ifndef REMOTE_DRAM_SERVER_MAPPED_TESTING_H_
#define REMOTE_DRAM_SERVER_MAPPED_TESTING_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram {

// The memory of clients and servers that this process has mapped, as sorted "rights name": "r--s remote_dram" is the index
// or a segment.
inline std::vector<std::string> SharedMemory() {
  constexpr std::string_view mark = "/memfd:";
  std::vector<std::string> memory;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const size_t at = line.find(std::string(mark) + "remote_dram");
    if (at == std::string::npos) continue;
    const size_t name = at + mark.size();
    memory.push_back(line.substr(line.find(' ') + 1, 4) + " " + line.substr(name, line.find(" (deleted)") - name));
  }
  std::sort(memory.begin(), memory.end());
  return memory;
}

class MappedTest : public testing::Test {
 protected:
  void SetUp() override { Start(); }
  void Start(uint64_t memory_limit_bytes = uint64_t{1} << 30) {
    ServerOptions options;
    options.listen_addr = "127.0.0.1:0";
    options.socket_path = testing::TempDir() + "rd-mapped-" + std::to_string(getpid()) + ".sock";
    options.memory_limit_bytes = memory_limit_bytes;
    options.log = [this](LogLevel, std::string_view) {
      if (const auto once = TakeOnLog({})) once();
    };
    Result<Server> server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_.emplace(std::move(*server));
  }
  Client Connect(const std::string& address, Path path = Path::kMapped) {
    ClientOptions options;
    options.path = path;
    options.timeout = std::chrono::seconds(10);
    Result<Client> client = Client::Connect(address, options);
    EXPECT_TRUE(client.ok()) << client.status().ToString();
    return std::move(*client);
  }
  Client Connect() { return Connect("unix:" + server_->socket_path()); }

  // Reads the key until a read needs no message: the client first has to ask for the value's segment.
  static Value View(Client& client, std::string_view key) {
    GetOptions options;
    options.view = true;
    while (true) {
      Result<GetResult> got = client.Get(key, options);
      EXPECT_TRUE(got.ok()) << got.status().ToString();
      if (!got.ok() || !IsCopy(client, *got, key)) return got.ok() ? got->value : Value();
    }
  }
  // Two views of one version have the same address; a copy has another one.
  static bool IsCopy(Client& client, const GetResult& got, std::string_view key) {
    GetOptions options;
    options.view = true;
    const Result<GetResult> again = client.Get(key, options);
    return !again.ok() || again->value.data() != got.value.data();
  }
  // Blocks the server's only loop until the returned promise is set.
  std::promise<void> StandStill() {
    std::promise<void> go_on;
    const auto stands = std::make_shared<std::promise<void>>();
    TakeOnLog([stands, until = go_on.get_future().share()] {
      stands->set_value();
      until.wait();
    });
    Connect("unix:" + server_->socket_path(), Path::kShm);  // the end of this client is logged, and the log function blocks
    stands->get_future().wait();
    return go_on;
  }
  uint64_t MemoryInUse() { return server_->local().StatServer()->memory_bytes; }

  // Sets what runs when the server next logs something; returns what was set before.
  std::function<void()> TakeOnLog(std::function<void()> next) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(on_log_, std::move(next));
  }

  std::mutex mutex_;
  std::function<void()> on_log_;
  std::optional<Server> server_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_SERVER_MAPPED_TESTING_H_
