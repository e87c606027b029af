// A Server and its Clients over every path, with real sockets and the real UCX.
#include "remote_dram/server.h"

#include <gtest/gtest.h>

#include <future>

#include "net/ucx/queue_testing.h"
#include "server/server_testing.h"

namespace remote_dram {
namespace {

TEST_P(ServerTest, TakesThePathThatWasAskedFor) {
  Client client = Connect();
  const Result<ServerStat> stat = client.StatServer();
  ASSERT_TRUE(stat.ok()) << stat.status().ToString();
  const Path path = GetParam().path == Path::kAuto ? Path::kMapped : GetParam().path;
  EXPECT_EQ(stat->path, NameOfPath(path));
  EXPECT_EQ(stat->lanes, path == Path::kTcp ? "tcp/lo" : path == Path::kShm ? "posix/memory cma/memory" : "ring/memory");
  EXPECT_EQ(stat->incarnation, server_->incarnation());
  EXPECT_EQ(stat->connections, 1u);
  EXPECT_EQ(stat->address, Address());
}

TEST_P(ServerTest, GivesNoGenerationOfTheServerBeforeIt) {
  const Result<WriteResult> before = Connect().Put("key", "value");
  ASSERT_TRUE(before.ok()) << before.status().ToString();
  server_.reset();
  SetUp();
  Client client = Connect();
  const Result<WriteResult> after = client.Put("key", "value");
  ASSERT_TRUE(after.ok()) << after.status().ToString();
  EXPECT_EQ(after->sequence, before->sequence);
  EXPECT_NE(after->generation, before->generation);
  const Result<WriteResult> old = client.Put("key", "other", PutOptions{.if_generation = before->generation});
  ASSERT_TRUE(old.ok()) << old.status().ToString();
  EXPECT_EQ(old->state, WriteState::kConditionFailed);
}

TEST_P(ServerTest, GivesBackWhatItWasGivenAroundEveryThreshold) {
  Client writer = Connect(), reader = Connect();
  for (const size_t size : {0, 1, 64, 8191, 8192, 8193, 8255, 8256, 8257, 65'528, 65'529, 65'530, 90'762, 90'763, 90'764,
                            262'143, 262'145, 100'000'000}) {
    const std::string value = Bytes(size);
    const Result<WriteResult> put = writer.Put("key", value);
    ASSERT_TRUE(put.ok()) << size << ": " << put.status().ToString();
    const Result<GetResult> got = reader.Get("key");
    ASSERT_TRUE(got.ok()) << size << ": " << got.status().ToString();
    ASSERT_EQ(got->state, ReadState::kValue);
    EXPECT_TRUE(got->value.bytes() == value) << size;
    EXPECT_EQ(got->generation, put->generation);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(got->value.data()) % kValueAlignment, 0u);
  }
}

TEST_P(ServerTest, PutsPiecesAndGetsIntoTheCallersMemory) {
  Client client = Connect();
  for (const size_t size : {9, 9000, 900'000}) {
    const std::string value = Bytes(size);
    const std::string_view all = value;
    ASSERT_TRUE(client.Put("p", Pieces{all.substr(0, 1), "", all.substr(1, size / 3), all.substr(1 + size / 3)}).ok());
    std::string place(size + 1, '#');
    GetOptions whole;
    whole.into = {place.data(), place.size()};
    const Result<GetResult> got = client.Get("p", whole);
    ASSERT_TRUE(got.ok()) << got.status().ToString();
    EXPECT_EQ(got->value.data(), place.data());
    EXPECT_TRUE(place == value + "#") << size;
    GetOptions small;
    small.into = {place.data(), size - 1};
    EXPECT_EQ(client.Get("p", small).status().code(), StatusCode::kOutOfRange);
  }
}

TEST_P(ServerTest, AnswersEveryVerb) {
  Client client = Connect();
  EXPECT_EQ(client.Get("a")->state, ReadState::kMissing);
  const WriteResult first = *client.Put("a", "one");
  PutOptions absent;
  absent.if_generation = Generation::Missing();
  EXPECT_EQ(client.Put("a", "two", absent)->state, WriteState::kConditionFailed);
  GetOptions tail;
  tail.range = {-2, -1};
  EXPECT_EQ(client.Get("a", tail)->value.bytes(), "ne");
  tail.range = {0, 9};
  EXPECT_EQ(client.Get("a", tail).status().code(), StatusCode::kOutOfRange);
  GetOptions unless;
  unless.if_not_generation = first.generation;
  EXPECT_EQ(client.Get("a", unless)->state, ReadState::kConditionFailed);
  EXPECT_TRUE(client.Put("b", "2").ok());
  EXPECT_TRUE(client.Put("c", "3").ok());
  const ListPage page = *client.List(KeyRange::Prefix(""));
  ASSERT_EQ(page.entries.size(), 3u);
  EXPECT_EQ(page.entries[0].key, "a");
  EXPECT_EQ(page.entries[0].value_bytes, 3u);
  EXPECT_EQ(client.Stat("a")->value_bytes, 3u);
  EXPECT_EQ(client.Delete("a")->generation, Generation::Missing());
  EXPECT_FALSE(client.Stat("a")->exists);
  EXPECT_EQ(client.DeleteRange({"b", ""})->keys_deleted, 2u);
  EXPECT_EQ(client.StatServer()->keys, 0u);
  EXPECT_EQ(server_->local().Get("b")->state, ReadState::kMissing);
}

TEST_P(ServerTest, TellsItsOwnProcessTheSameAsAClient) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("key", "value").ok());
  const ServerStat told = *client.StatServer(), own = *server_->local().StatServer();
  EXPECT_EQ(own.keys, 1u);
  EXPECT_EQ(own.sequence, 1u);
  EXPECT_GT(own.memory_bytes, 0u);
  EXPECT_EQ(own.incarnation, server_->incarnation());
  EXPECT_EQ(own.memory_bytes, told.memory_bytes);
  EXPECT_EQ(own.connections, told.connections);
  EXPECT_EQ(own.version, told.version);
}

TEST_P(ServerTest, TakesTimeoutsOfAnyLength) {
  using std::chrono::milliseconds;
  ClientOptions options;
  options.path = GetParam().path;
  options.connect_timeout = milliseconds::max();
  Result<Client> client = Client::Connect(Address(), options);
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  PutOptions put;
  WaitOptions wait;
  for (KeyValueStore* const store : {static_cast<KeyValueStore*>(&*client), &server_->local()}) {
    put.timeout = wait.timeout = milliseconds::max();
    EXPECT_TRUE(store->Put("key", "value", put).ok());
    EXPECT_TRUE(store->Wait("key", wait)->exists);
    put.timeout = wait.timeout = milliseconds::min();
    EXPECT_EQ(store->Put("key", "value", put).status().code(), StatusCode::kDeadlineExceeded);
    EXPECT_EQ(store->Wait("none", wait).status().code(), StatusCode::kDeadlineExceeded);
  }
}

TEST_P(ServerTest, AnswersManyCallsAtOnce) {
  Client client = Connect();
  constexpr int kCalls = 5000;  // more than requests_in_flight_max
  std::atomic<int> right{0};
  Latch all;
  std::vector<std::string> values;
  for (int i = 0; i < kCalls; ++i) values.push_back(Bytes(static_cast<size_t>(i) * 7 % 3000));
  std::atomic<int> left{kCalls};
  for (int i = 0; i < kCalls; ++i) {
    const std::string key = "k" + std::to_string(i);
    client.Put(key, Pieces{values[i]}, {}, [&, i, key](Result<WriteResult> put) {
      EXPECT_TRUE(put.ok()) << put.status().ToString();
      client.Get(key, {}, [&, i](Result<GetResult> got) {
        right += got.ok() && got->value.bytes() == values[i];
        if (--left == 0) all.Set();
      });
    });
  }
  all.Wait();
  EXPECT_EQ(right, kCalls);
}

TEST_P(ServerTest, ServesSeveralThreadsOfOneClient) {
  Client client = Connect();
  std::vector<std::future<int>> threads;
  for (int t = 0; t < 4; ++t) {
    threads.push_back(std::async(std::launch::async, [&client, t] {
      int right = 0;
      for (int i = 0; i < 300; ++i) {
        const std::string key = std::to_string(t), value = std::to_string(i);
        right += client.Put(key, value).ok() && client.Get(key)->value.bytes() == value;
      }
      return right;
    }));
  }
  for (std::future<int>& thread : threads) EXPECT_EQ(thread.get(), 300);
}

TEST_P(ServerTest, FailsPendingAndLaterCallsWhenTheServerStops) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("a", "1").ok());
  server_->Stop();
  const Result<GetResult> got = client.Get("a");
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.status().code(), StatusCode::kUnavailable) << got.status().ToString();
}

// Blocks the queues of both sides in the way a process does that is killed while it writes to them.
TEST_P(ServerTest, GoesOnWhenAPeerWasKilledInTheMidstOfWriting) {
  Client client = Connect();
  ASSERT_TRUE(client.Put("a", "1").ok());
  std::vector<Client> others;  // one on each of the server's loops
  for (int i = 0; i < 2; ++i) others.push_back(Connect(Path::kShm));
  ASSERT_GT(net::ucx::BlockQueues(), 0);
  others.clear();
  EXPECT_TRUE(client.Put("b", "2").ok());
  EXPECT_EQ(client.Get("a")->value.bytes(), "1");
  EXPECT_EQ(Connect().Get("b")->value.bytes(), "2");
}

INSTANTIATE_TEST_SUITE_P(Ways, ServerTest, EveryWay(), NameOf);

}  // namespace
}  // namespace remote_dram
