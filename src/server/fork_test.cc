// A process with a server and a client forks: calls in the child fail with a clear error, nothing hangs, and the parent
// continues.
#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <optional>

#include "base/fork_testing.h"
#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram {
namespace {

using base::HoldsInChild;
using base::InChild;

class ForkTest : public testing::TestWithParam<Path> {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "ThreadSanitizer cannot follow a fork of a process with threads";
#endif
    ServerOptions options;
    options.listen_addr = "127.0.0.1:0";
    options.socket_path = testing::TempDir() + "rd-fork-" + std::to_string(getpid()) + ".sock";
    Result<Server> server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status().ToString();
    server_.emplace(std::move(*server));
    client_.emplace(Connect());
    ASSERT_TRUE(client_->Put("key", "value").ok());
  }

  Result<Client> TryToConnect() const {
    ClientOptions options;
    options.path = GetParam();
    const bool by_unix = GetParam() == Path::kSocket;
    return Client::Connect(by_unix ? "unix:" + server_->socket_path() : server_->listen_addr(), options);
  }

  Client Connect() const {
    Result<Client> client = TryToConnect();
    EXPECT_TRUE(client.ok()) << client.status().ToString();
    return std::move(*client);
  }

  static bool IsForeign(const Status& status) {
    return status.code() == StatusCode::kFailedPrecondition && status.message().find("fork") != std::string::npos;
  }

  std::optional<Server> server_;
  std::optional<Client> client_;
};

TEST_P(ForkTest, RefusesEveryVerbOfTheClientInTheChild) {
  EXPECT_TRUE(HoldsInChild([this] {
    return IsForeign(client_->Get("key").status()) && IsForeign(client_->Put("key", "2").status()) &&
           IsForeign(client_->Delete("key").status()) && IsForeign(client_->DeleteRange({"", ""}).status()) &&
           IsForeign(client_->List({"", ""}).status()) && IsForeign(client_->Stat("key").status()) &&
           IsForeign(client_->StatServer().status());
  }));
  EXPECT_EQ(client_->Get("key")->value.bytes(), "value");
}

TEST_P(ForkTest, CompletesAnAsynchronousCallInTheChildToo) {
  EXPECT_TRUE(HoldsInChild([this] {
    std::promise<Status> promise;
    client_->Get("key", {}, [&promise](Result<GetResult> got) { promise.set_value(got.status()); });
    std::promise<Status> local;
    server_->local().Get("key", {}, [&local](Result<GetResult> got) { local.set_value(got.status()); });
    return IsForeign(promise.get_future().get()) && IsForeign(local.get_future().get());
  }));
}

TEST_P(ForkTest, RefusesTheServerInTheChildAndStopsNothing) {
  EXPECT_TRUE(HoldsInChild([this] {
    const bool foreign = IsForeign(server_->local().Get("key").status());
    server_->Stop();
    return foreign;
  }));
  EXPECT_EQ(Connect().Get("key")->value.bytes(), "value");
}

TEST_P(ForkTest, LetsTheChildDestroyItsCopies) {
  EXPECT_TRUE(HoldsInChild([this] {
    client_.reset();
    server_.reset();
    return true;
  }));
  EXPECT_EQ(client_->Get("key")->value.bytes(), "value");
  EXPECT_EQ(server_->local().Get("key")->value.bytes(), "value");
}

TEST_P(ForkTest, LeavesTheParentsUploadsAlone) {
  const std::string part(100'000, 'x');
  const auto append = [&part](Upload& upload) { upload.Append({std::string_view(part)}, nullptr); };
  std::unique_ptr<Upload> upload = server_->local().StartUpload("upload");
  for (int i = 0; i < 2; ++i) append(*upload);
  EXPECT_TRUE(HoldsInChild([this, &upload, &append] {
    append(*upload);
    upload.reset();
    const std::unique_ptr<Upload> another = server_->local().StartUpload("another");
    for (int i = 0; i < 2; ++i) append(*another);
    return true;
  }));
  ASSERT_TRUE(server_->local().Put("after", std::string(200'000, 'y')).ok());
  append(*upload);
  Latch latch;
  upload->Commit({}, [&latch](Result<WriteResult> written) {
    EXPECT_TRUE(written.ok()) << written.status().ToString();
    latch.Set();
  });
  latch.Wait();
  EXPECT_TRUE(client_->Get("upload")->value.bytes() == part + part + part);
  EXPECT_TRUE(client_->Get("after")->value.bytes() == std::string(200'000, 'y'));
}

TEST_P(ForkTest, ForksWhileOtherThreadsAreInCalls) {
  if (RD_ADDRESS_SANITIZER) GTEST_SKIP() << base::kNoAddressSanitizer;
  std::atomic<bool> stop{false};
  std::vector<std::future<int>> busy;
  for (int t = 0; t < 2; ++t) {
    busy.push_back(std::async(std::launch::async, [this, &stop] {
      int failed = 0;
      while (!stop) failed += !client_->Get("key").ok();
      return failed;
    }));
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(HoldsInChild([this] {
      const bool foreign = IsForeign(client_->Get("key").status()) && IsForeign(server_->local().Get("key").status());
      client_.reset();
      server_.reset();
      return foreign;
    }));
  }
  stop = true;
  for (std::future<int>& each : busy) EXPECT_EQ(each.get(), 0);
}

TEST_P(ForkTest, LetsTheChildConnectByItselfOrSaysWhyNot) {
  enum Outcome { kConnected, kWrongValue, kTold, kOtherError };
  const auto connect = [this] {
    Result<Client> own = TryToConnect();
    if (!own.ok()) return IsForeign(own.status()) ? kTold : kOtherError;
    return own->Get("key")->value.bytes() == "value" ? kConnected : kWrongValue;
  };
  if (GetParam() == Path::kTcp) {  // UCX needs a thread that the child does not have
    EXPECT_EQ(InChild(connect), kTold);
    return;
  }
  int outcome = kTold;  // possible if another thread held a lock of UCX at the fork
  for (int i = 0; i < 5 && outcome == kTold; ++i) outcome = InChild(connect);
  EXPECT_EQ(outcome, kConnected);
}

INSTANTIATE_TEST_SUITE_P(Paths, ForkTest, testing::Values(Path::kShm, Path::kTcp, Path::kMapped, Path::kSocket), [](const auto& path) {
  return NameOfPath(path.param);
});

}  // namespace
}  // namespace remote_dram
