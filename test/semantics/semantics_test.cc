// Runs every case of test/semantics.json through the doors of C++: the store in process, and clients on each path.
// To add a door, add a line to kDoors and its name to the table.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>

#include "remote_dram/client.h"
#include "remote_dram/server.h"
#include "semantics/run.h"
#include "semantics/table.h"

namespace remote_dram::semantics {
namespace {

struct Way {
  const char* door;          // the name in the table, and in the answer of StatServer
  std::optional<Path> path;  // nothing: in process
};
constexpr Way kDoors[] = {{"local", std::nullopt}, {"tcp", Path::kTcp}, {"shm", Path::kShm}, {"mapped", Path::kMapped},
                          {"socket", Path::kSocket}};
struct Manner {
  Puts puts;
  const char* suffix;  // of the door's name, in the names of tests
};
constexpr Manner kManners[] = {{Puts::kWhole, ""}, {Puts::kInParts, "_in_parts"}};

const Table& TheTable() {
  static const Table table = [] {
    std::ifstream text(REMOTE_DRAM_SOURCE_DIR "/test/semantics.json");
    return ReadTable(text);
  }();
  return table;
}

// One server and one client for all cases of a door; each case begins with an empty store.
class Semantics : public testing::Test {
 public:
  Semantics(Way way, Puts puts, const Json* entry) : way_(way), puts_(puts), entry_(entry) {}

  static void SetUpTestSuite() {
    ServerOptions options;
    options.listen_addr = "127.0.0.1:0";
    options.socket_path = testing::TempDir() + "rd-semantics-" + std::to_string(getpid()) + ".sock";
    options.memory_limit_bytes = TheTable().limits.at("memory_limit_bytes");
    options.value_bytes_max = TheTable().limits.at("server_value_bytes_max");
    options.threads = 2;
    Result<Server> server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_.emplace(std::move(*server));
  }

  static void TearDownTestSuite() {
    client_.reset();
    server_.reset();
  }

  void SetUp() override {
    ASSERT_TRUE(server_);
    if (way_.path && !client_) {
      ClientOptions options;
      options.path = *way_.path;
      Result<Client> client = Client::Connect(
          *way_.path == Path::kSocket ? "unix:" + server_->socket_path() : server_->listen_addr(), options);
      ASSERT_TRUE(client.ok()) << client.status().ToString();
      client_.emplace(std::move(*client));
    }
    const Result<ServerStat> stat = Store().StatServer();
    ASSERT_TRUE(stat.ok()) << stat.status().ToString();
    ASSERT_EQ(stat->path, way_.door);
    ASSERT_EQ(stat->keys, 0u);
  }

  // Leaves the store empty. The server may free memory a moment after its answer, but it must free all of it.
  void TearDown() override {
    constexpr auto kAtMost = std::chrono::seconds(20);
    ASSERT_TRUE(server_ && server_->local().DeleteRange({"", ""}).ok());
    const auto in_use = [] { return server_->local().StatServer()->memory_bytes; };
    const auto deadline = std::chrono::steady_clock::now() + kAtMost;
    while (in_use() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_EQ(in_use(), 0u) << "the case left memory behind";
  }

  void TestBody() override {
    if (const std::string why = TheTable().WhyNot(way_.door, *entry_); !why.empty())
      GTEST_SKIP() << why;
    EXPECT_EQ(RunCase(Store(), *entry_, TheTable().limits, puts_), "")
        << entry_->dump(2, ' ', true).substr(0, 4000);
  }

 private:
  KeyValueStore& Store() {
    return way_.path ? static_cast<KeyValueStore&>(*client_) : server_->local();
  }

  static inline std::optional<Server> server_;
  static inline std::optional<Client> client_;
  const Way way_;
  const Puts puts_;
  const Json* const entry_;
};

// Registers the cases before main, as gtest does with its own tests, so that any main works. An error in the table
// becomes a failing test.
std::string RegisterAll() try {
  for (const Way& way : kDoors) {
    for (const auto& [puts, suffix] : kManners) {
      for (const Json& entry : TheTable().cases) {
        testing::RegisterTest((std::string("Semantics/") + way.door + suffix).c_str(),
                              TestName(entry.at("name").get<std::string>()).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              [way, how = puts, &entry]() -> Semantics* { return new Semantics(way, how, &entry); });
      }
    }
  }
  return "";
} catch (const std::exception& wrong) {
  return wrong.what();
}
const std::string what_is_wrong = RegisterAll();

TEST(SemanticsTable, CanBeRead) { ASSERT_EQ(what_is_wrong, ""); }

TEST(SemanticsTable, KnowsTheLimits) {
  Limits limits = TheTable().limits;
  limits.erase("memory_limit_bytes");
  limits.erase("server_value_bytes_max");
  const Limits known = {{"key_bytes_max", key_bytes_max},
                        {"value_bytes_max", value_bytes_max},
                        {"list_entries_max", list_entries_max},
                        {"list_page_bytes_max", list_page_bytes_max},
                        {"batch_operations_max", batch_operations_max},
                        {"batch_bytes_max", batch_bytes_max},
                        {"batch_reply_bytes_max", batch_reply_bytes_max},
                        {"transaction_keys_max", transaction_keys_max},
                        {"transaction_bytes_max", transaction_bytes_max},
                        {"transaction_value_ahead_min", transaction_value_ahead_min}};
  EXPECT_EQ(limits, known);
}

TEST(SemanticsTable, NamesEveryDoorOfThisProgram) {
  for (const Way& way : kDoors) EXPECT_EQ(TheTable().doors.count(way.door), 1u) << way.door;
}

}  // namespace
}  // namespace remote_dram::semantics
