// The load against a server in this process: it records a history of every verb, without violations.
#include "history/load.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "history/checker.h"
#include "remote_dram/server.h"

namespace remote_dram::history {
namespace {

// Few keys, so that the clients conflict with each other.
constexpr uint32_t kKeys = 16;
constexpr uint64_t kOperations = 12'000;

class LoadTest : public testing::TestWithParam<Path> {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_);
    ServerOptions options;
    options.listen_addr = "127.0.0.1:0";
    options.socket_path = directory_ + "/socket";
    options.threads = 2;
    Result<Server> server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_.emplace(*std::move(server));
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  LoadOptions Options() const {
    LoadOptions options;
    options.server = GetParam() == Path::kSocket ? "unix:" + server_->socket_path() : server_->listen_addr();
    options.path = GetParam();
    options.directory = directory_;
    options.keys = kKeys;
    options.operations = kOperations;
    return options;
  }

  History Recorded() const {
    Result<History> history = OpenAll(directory_);
    EXPECT_TRUE(history.ok()) << history.status().ToString();
    return *std::move(history);
  }

  const std::string directory_ = testing::TempDir() + "rd-history-" + std::to_string(getpid());
  std::optional<Server> server_;
};

TEST_P(LoadTest, FindsNothingWrong) {
  const Result<LoadReport> report = RunLoad(Options());
  ASSERT_TRUE(report.ok()) << report.status().ToString();
  for (const std::string& complaint : report->complaints) ADD_FAILURE() << complaint;
  const History history = Recorded();
  const Verdict verdict = Check(history);
  EXPECT_EQ(verdict.violations_found, 0u) << ToText(verdict.violations.front());
  EXPECT_GE(verdict.done + verdict.refused, kOperations / 2) << ToText(verdict);
  EXPECT_EQ(verdict.incarnations, 1u);
  uint64_t of_kind[5] = {}, transactions = 0;
  for (const Operation* each : history.operations()) {
    ++of_kind[static_cast<int>(each->kind)];
    transactions += each->kind == Kind::kWrite && each->items > 1;
  }
  for (const uint64_t count : of_kind) EXPECT_GT(count, 20u);
  EXPECT_GT(transactions, 100u);
}

INSTANTIATE_TEST_SUITE_P(Paths, LoadTest, testing::Values(Path::kShm, Path::kTcp, Path::kSocket, Path::kMapped), [](const auto& path) {
  return NameOfPath(path.param);
});

}  // namespace
}  // namespace remote_dram::history
