// Mapped reads between a real server and its clients: what they return, what they keep in memory, and how mappings end.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>

#include "base/fork_testing.h"
#include "server/mapped_testing.h"

namespace remote_dram {
namespace {

TEST_F(MappedTest, ReadsWhatWasWrittenByWhoeverWroteIt) {
  Client reader = Connect(), writer = Connect();
  EXPECT_EQ(reader.StatServer()->path, "mapped");
  EXPECT_EQ(reader.StatServer()->connections, 2u);  // connections that only carry a mapping are not counted
  EXPECT_EQ(reader.Get("key")->state, ReadState::kMissing);
  for (int i = 0; i < 200; ++i) {
    const std::string value(static_cast<size_t>(i) * 1000, static_cast<char>('a' + i % 26));
    const Generation written = (i % 2 == 0 ? writer : reader).Put("key", value)->generation;
    const Result<GetResult> got = reader.Get("key");
    ASSERT_EQ(got->state, ReadState::kValue);
    ASSERT_EQ(got->generation, written);
    ASSERT_TRUE(got->value.bytes() == value);
    const Result<StatResult> stat = reader.Stat("key");
    ASSERT_EQ(stat->generation, written);
    ASSERT_EQ(stat->value_bytes, value.size());
  }
  ASSERT_TRUE(writer.Delete("key").ok());
  EXPECT_EQ(reader.Get("key")->state, ReadState::kMissing);
  EXPECT_FALSE(reader.Stat("key")->exists);
}

TEST_F(MappedTest, ReadsAlthoughTheServerStandsStill) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("key", "value").ok());
  View(client, "key");
  std::promise<void> go_on = StandStill();
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.Get("key")->value.bytes(), "value");
  EXPECT_EQ(client.Get("none")->state, ReadState::kMissing);
  go_on.set_value();
}

TEST_F(MappedTest, KeepsTheConditionsRangesAndLimitsOfAnyRead) {
  Client client = Connect();
  const Generation written = client.Put("key", "0123456789")->generation;
  View(client, "key");
  GetOptions options;
  options.if_not_generation = written;
  EXPECT_EQ(client.Get("key", options)->state, ReadState::kConditionFailed);
  options = {};
  options.range = {2, 5};
  EXPECT_EQ(client.Get("key", options)->value.bytes(), "234");
  EXPECT_EQ(client.Get("key", options)->value_bytes, 10u);
  options.range = {2, 50};
  EXPECT_EQ(client.Get("key", options).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(client.Get("none", options)->state, ReadState::kMissing);
  options.range = {5, 2};
  EXPECT_EQ(client.Get("none", options).status().code(), StatusCode::kInvalidArgument);
  char room[10];
  options = {};
  options.into = {room, 9};
  EXPECT_EQ(client.Get("key", options).status().code(), StatusCode::kOutOfRange);
  options.into = {room, 10};
  EXPECT_EQ(client.Get("key", options)->value.data(), room);
  EXPECT_EQ(std::string_view(room, 10), "0123456789");
  EXPECT_EQ(client.Get(std::string(key_bytes_max + 1, 'k')).status().code(), StatusCode::kInvalidArgument);
  options = {};
  options.timeout = std::chrono::milliseconds(-1);
  EXPECT_EQ(client.Get("key", options).status().code(), StatusCode::kDeadlineExceeded);
  options = {};
  options.cancel = Cancellation::Make();
  options.cancel.Cancel();
  EXPECT_EQ(client.Get("key", options).status().code(), StatusCode::kCancelled);
}

TEST_F(MappedTest, CompletesAnAsynchronousReadAfterTheCall) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("key", "value").ok());
  View(client, "key");
  for (int i = 0; i < 100; ++i) {
    std::promise<std::thread::id> ran;
    client.Get("key", {}, [&ran](const Result<GetResult>& got) {
      EXPECT_EQ(got->value.bytes(), "value");
      ran.set_value(std::this_thread::get_id());
    });
    EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
  }
}

TEST_F(MappedTest, AViewStaysWhatItWasUntilItIsDropped) {
  Client client = Connect();
  const std::string first(100'000, 'a');
  ASSERT_TRUE(client.Put("key", first).ok());
  Value view = View(client, "key");
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(client.Put("key", std::string(100'000, 'b')).ok());
  EXPECT_TRUE(view.bytes() == first);
  ASSERT_TRUE(client.Delete("key").ok());
  EXPECT_TRUE(view.bytes() == first);
  EXPECT_GE(MemoryInUse(), first.size());
  view = Value();
  while (MemoryInUse() != 0) std::this_thread::yield();  // until the next tick of the server's Mapping
}

TEST_F(MappedTest, AViewOutlivesTheClientTheServerAndItsMemory) {
  const std::string value(5'000'000, 'v');
  std::optional<Client> client(Connect());
  ASSERT_TRUE(client->Put("key", value).ok());
  const Value view = View(*client, "key");
  client.reset();
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(server_->local().Put("key", std::string(5'000'000, 'w')).ok());
  EXPECT_TRUE(view.bytes() == value);
  server_.reset();
  EXPECT_TRUE(view.bytes() == value);
}

TEST_F(MappedTest, BeyondTheLimitOfViewsAReadIsACopy) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("key", "value").ok());
  const char* const place = View(client, "key").data();
  GetOptions options;
  options.view = true;
  std::vector<Value> views;
  for (uint32_t i = 0; i < views_max; ++i) views.push_back(client.Get("key", options)->value);
  for (const Value& view : views) ASSERT_EQ(view.data(), place);
  EXPECT_NE(client.Get("key", options)->value.data(), place);
  EXPECT_EQ(client.Get("key", options)->value.bytes(), "value");
  views.pop_back();
  EXPECT_EQ(client.Get("key", options)->value.data(), place);
}

TEST_F(MappedTest, AReadIsACopyBelowAndBeyondTheBytesThatViewsMayHave) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("key", std::string(1000, 'v')).ok());
  const char* const place = View(client, "key").data();
  GetOptions options;
  options.view = true;
  options.view_bytes_min = 1001;
  EXPECT_NE(client.Get("key", options)->value.data(), place);
  options.view_bytes_min = 1000;
  options.view_bytes_max = 2500;  // of all views together
  std::vector<Value> values;
  for (int i = 0; i < 3; ++i) values.push_back(client.Get("key", options)->value);
  EXPECT_EQ(values[0].data(), place);
  EXPECT_EQ(values[1].data(), place);
  EXPECT_NE(values[2].data(), place);
  values.clear();
  EXPECT_EQ(client.Get("key", options)->value.data(), place);
}

TEST_F(MappedTest, FailsLikeAnyOtherOnceTheServerIsGone) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("key", "value").ok());
  View(client, "key");
  server_.reset();
  EXPECT_EQ(client.Get("key").status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(client.Get("none").status().code(), StatusCode::kUnavailable);
  Start();
  EXPECT_EQ(client.Get("key").status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(MappedTest, GoesOnWithTheNextServerIfToldTo) {
  ClientOptions options;
  options.path = Path::kMapped;
  options.on_restart = OnRestart::kAccept;
  Result<Client> client = Client::Connect("unix:" + server_->socket_path(), options);
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE(client->Put("key", "value").ok());
  View(*client, "key");
  server_.reset();
  Start();
  Result<GetResult> got = client->Get("key");
  while (!got.ok()) got = client->Get("key");
  EXPECT_EQ(got->state, ReadState::kMissing);
  ASSERT_TRUE(client->Put("key", "new").ok());
  EXPECT_EQ(View(*client, "key").bytes(), "new");
  EXPECT_EQ(client->StatServer()->path, "mapped");
}

TEST_F(MappedTest, AClientThatCameThroughTcpMapsToo) {
  Client mapped = Connect(server_->listen_addr(), Path::kAuto);
  EXPECT_EQ(mapped.StatServer()->path, "mapped");
  EXPECT_EQ(Connect(server_->listen_addr(), Path::kTcp).StatServer()->path, "tcp");
  EXPECT_EQ(Connect(server_->listen_addr(), Path::kShm).StatServer()->path, "shm");
}

TEST_F(MappedTest, LetsGoOfSegmentsThatTheServerDropped) {
  Client client = Connect();
  const std::string large(300 << 20, 'x');  // a segment of its own, which the server does not keep
  ASSERT_TRUE(client.Put("large", large).ok());
  EXPECT_TRUE(View(client, "large").bytes() == large);
  const auto mapped = [] {
    const std::vector<std::string> memory = SharedMemory();
    return std::count(memory.begin(), memory.end(), "r--s remote_dram");
  };
  const auto before = mapped();
  ASSERT_TRUE(client.Delete("large").ok());
  while (mapped() >= before) std::this_thread::yield();
}

TEST_F(MappedTest, AServerThatHasNoFileForASocketCanBeMappedThroughTcp) {
  ServerOptions options;
  options.listen_addr = "127.0.0.1:0";
  Result<Server> plain = Server::Start(options);
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->socket_path(), "");
  Client client = Connect(plain->listen_addr(), Path::kMapped);
  ASSERT_TRUE(client.Put("key", std::string(100'000, 'x')).ok());
  EXPECT_EQ(client.Get("key")->value.size(), 100'000u);
  const ServerStat stat = *Connect(plain->listen_addr(), Path::kAuto).StatServer();
  EXPECT_EQ(stat.path, "mapped");
  EXPECT_EQ(stat.lanes, "ring/memory");
}

bool HasSocketWithoutAFile(const Server& server) {
  std::ifstream sockets("/proc/net/unix");
  const std::string text((std::istreambuf_iterator<char>(sockets)), {});
  return text.find("@remote_dram-" + ShowIncarnation(server.incarnation())) != std::string::npos;
}

TEST_F(MappedTest, ASocketsPathThatIsTooLongOnceItIsWholeIsNotToldToOthers) {
  const std::string directory = testing::TempDir() + std::string(60, 'd');
  mkdir(directory.c_str(), 0700);
  const std::string before = std::filesystem::current_path();
  ASSERT_EQ(chdir(directory.c_str()), 0);
  ServerOptions options;
  options.listen_addr = "127.0.0.1:0";
  options.socket_path = std::string(60, 's');
  Result<Server> server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status().ToString();
  EXPECT_EQ(Connect(server->listen_addr(), Path::kAuto).StatServer()->path, "mapped");
  EXPECT_EQ(Connect("unix:" + options.socket_path, Path::kAuto).StatServer()->path, "mapped");
  EXPECT_TRUE(HasSocketWithoutAFile(*server));
  server->Stop();
  options.listen_addr = "";  // without TCP no client needs the abstract socket
  server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status().ToString();
  EXPECT_EQ(Connect("unix:" + options.socket_path, Path::kMapped).StatServer()->path, "mapped");
  EXPECT_FALSE(HasSocketWithoutAFile(*server));
  server->Stop();
  ASSERT_EQ(chdir(before.c_str()), 0);
  rmdir(directory.c_str());
}

TEST_F(MappedTest, ReadsFromManyThreadsBesideAWriter) {
  Client client = Connect();
  std::atomic<bool> writing{true};
  std::vector<std::thread> readers;
  ASSERT_TRUE(client.Put("key", std::string(30'000, 'a')).ok());
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&client, &writing, t] {
      GetOptions options;
      options.view = t % 2 == 0;
      while (writing) {
        const Result<GetResult> got = client.Get("key", options);
        ASSERT_TRUE(got.ok()) << got.status().ToString();
        const std::string_view bytes = got->value.bytes();
        ASSERT_TRUE(bytes.find_first_not_of(bytes[0]) == std::string_view::npos) << "torn";
      }
    });
  }
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(server_->local().Put("key", std::string(30'000, static_cast<char>('a' + i % 26))).ok());
  writing = false;
  for (std::thread& reader : readers) reader.join();
}

TEST_F(MappedTest, AForkedChildLeavesTheViewsOfItsParentAlone) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer cannot follow a fork of a process with threads";
#endif
  Client client = Connect();
  const std::string value(50'000, 'v');
  ASSERT_TRUE(client.Put("key", value).ok());
  auto view = std::make_unique<Value>(View(client, "key"));
  EXPECT_TRUE(base::HoldsInChild([&view, &client] {
    view.reset();
    return !client.Get("key").ok();
  }));
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(client.Put("key", std::string(50'000, 'w')).ok());
  EXPECT_TRUE(view->bytes() == value);
}

TEST_F(MappedTest, AValueOfTheServersOwnStaysWhatItIsInAForkedChild) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer cannot follow a fork of a process with threads";
#endif
  const std::string value(50'000, 'v');
  ASSERT_TRUE(server_->local().Put("key", value).ok());
  auto held = std::make_unique<Value>(server_->local().Get("key")->value);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    char byte;
    const bool told = read(ends[0], &byte, 1) == 1;
    const bool whole = held->bytes() == value;
    held.reset();
    _exit(told && whole ? 0 : 1);
  }
  held.reset();
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(server_->local().Put("key", std::string(50'000, 'w')).ok());
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace remote_dram
