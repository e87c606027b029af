// Stores: what is shared and for how long, and how a new handle takes the place of a dead one.
#include "driver/core/stores.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace remote_dram::driver {
namespace {

constexpr const char* kAnyPort = "127.0.0.1:0";

ServerOptions Lending(const char* listen_addr) {
  ServerOptions options;
  options.listen_addr = listen_addr;
  return options;
}

TEST(Stores, ShareOneServerAmongAllWhoLendOneAddress) {
  Stores stores;
  const Result<OpenStore> one = stores.Lend(kAnyPort, Lending(kAnyPort));
  ASSERT_TRUE(one.ok()) << one.status().ToString();
  ASSERT_TRUE(one->store->Put("key", "value").ok());

  const Result<OpenStore> other = stores.Lend(kAnyPort, Lending(kAnyPort));
  ASSERT_TRUE(other.ok()) << other.status().ToString();
  EXPECT_EQ(other->store->Get("key")->value.bytes(), "value");
  EXPECT_EQ(other->address, one->address);
}

TEST(Stores, FindAServerByItsRealPort) {
  Stores stores;
  const Result<OpenStore> one = stores.Lend(kAnyPort, Lending(kAnyPort));
  ASSERT_TRUE(one.ok()) << one.status().ToString();
  ASSERT_NE(one->address, kAnyPort);
  const Result<OpenStore> other = stores.Lend(one->address, Lending(one->address.c_str()));
  ASSERT_TRUE(other.ok()) << other.status().ToString();
  EXPECT_EQ(other->store.get(), one->store.get());
}

TEST(Stores, EndAServerWithTheLastWhoRefersToIt) {
  Stores stores;
  Result<OpenStore> one = stores.Lend(kAnyPort, Lending(kAnyPort));
  ASSERT_TRUE(one.ok()) << one.status().ToString();
  std::optional<OpenStore> other = *stores.Lend(kAnyPort, Lending(kAnyPort));
  const std::string address = one->address;
  *one = OpenStore();
  ASSERT_TRUE(other->store->Put("key", "value").ok());
  other.reset();
  EXPECT_EQ(stores.Use(address, {}).status().code(), StatusCode::kUnavailable);

  const Result<OpenStore> anew = stores.Lend(address, Lending(address.c_str()));
  ASSERT_TRUE(anew.ok()) << anew.status().ToString();
  EXPECT_EQ(anew->store->Get("key")->state, ReadState::kMissing);
}

// The end of a server waits for its completions. Here a completion checks that the server is still known meanwhile.
TEST(Stores, RememberAServerUntilItHasEnded) {
  Stores stores;
  OpenStore lent = *stores.Lend(kAnyPort, Lending(kAnyPort));
  const std::string address = lent.address;
  bool remembered = false;
  KeyValueStore* const store = lent.store.get();
  store->Get("key", {}, [store, &stores, &address, &remembered](const Result<GetResult>&) {
    while (store->Get("key").ok()) std::this_thread::yield();
    remembered = stores.Lends(address);
  });
  lent = OpenStore();
  EXPECT_TRUE(remembered);
  EXPECT_FALSE(stores.Lends(address));
}

// A free address that nobody else binds: its host is derived from the process id, and its port is below those that the
// kernel chooses.
std::string AddressOfThisProcess() {
  const int pid = getpid();
  return "127." + std::to_string(pid >> 16 & 255) + "." + std::to_string(pid >> 8 & 255) + "." +
         std::to_string(pid & 255) + ":20000";
}

// A Lend that comes while a server ends waits for its end, and does not find the address in use.
TEST(Stores, LendAnAddressAnewWhileItsServerEnds) {
  Stores stores;
  const std::string address = AddressOfThisProcess();
  std::atomic<bool> enough{false};
  std::atomic<int> lent{0};
  std::vector<std::string> failures(3);
  std::vector<std::thread> threads;
  for (std::string& failure : failures) {
    threads.emplace_back([&stores, &address, &enough, &lent, &failure] {
      while (!enough && failure.empty()) {
        const Result<OpenStore> open = stores.Lend(address, Lending(address.c_str()));
        if (!open.ok()) failure = open.status().ToString();
        if (++lent > 500) enough = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, std::vector<std::string>(3));
}

TEST(Stores, RefuseToLendOneAddressWithTwoLimits) {
  Stores stores;
  const Result<OpenStore> one = stores.Lend(kAnyPort, Lending(kAnyPort));
  ASSERT_TRUE(one.ok()) << one.status().ToString();
  ServerOptions more = Lending(kAnyPort);
  more.memory_limit_bytes *= 2;
  const Result<OpenStore> refused = stores.Lend(kAnyPort, more);
  EXPECT_EQ(refused.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.status().message().find(one->address), std::string::npos);
}

TEST(Stores, RefuseToLendOneAddressWithTwoCredentials) {
  Stores stores;
  const Result<OpenStore> one = stores.Lend(kAnyPort, Lending(kAnyPort));
  ASSERT_TRUE(one.ok()) << one.status().ToString();
  ServerOptions closed = Lending(kAnyPort);
  closed.credentials_file = "/etc/keys";
  const Status refused = stores.Lend(kAnyPort, closed).status();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.message().find("with other credentials"), std::string::npos) << refused.ToString();
}

TEST(Stores, ForgetAServerThatCouldNotStart) {
  Stores stores;
  EXPECT_EQ(stores.Lend("nonsense", Lending("nonsense")).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(stores.Lend("nonsense", Lending("nonsense")).status().code(), StatusCode::kInvalidArgument);
}

TEST(Stores, LendAtAUnixSocketAlone) {
  Stores stores;
  ServerOptions options;
  options.socket_path = testing::TempDir() + "rd-stores-" + std::to_string(getpid()) + ".sock";
  const std::string address = "unix:" + options.socket_path;
  const Result<OpenStore> lent = stores.Lend(address, options);
  ASSERT_TRUE(lent.ok()) << lent.status().ToString();
  EXPECT_EQ(lent->address, address);
  const Result<OpenStore> used = stores.Use(address, {});
  ASSERT_TRUE(used.ok()) << used.status().ToString();
  ASSERT_TRUE(used->store->Put("key", "value").ok());
  EXPECT_EQ(lent->store->Get("key")->value.bytes(), "value");
}

TEST(Stores, MakeAnAddressOlderWhenItsHandlesDie) {
  Stores stores;
  const OpenStore dead{nullptr, "host:1", 0};
  EXPECT_EQ(stores.Age("host:1"), 0u);
  stores.GiveUp(dead);
  EXPECT_EQ(stores.Age("host:1"), 1u);
  stores.GiveUp(dead);  // a second handle on the same server finds out, too
  EXPECT_EQ(stores.Age("host:1"), 1u);
  stores.GiveUp({nullptr, "host:1", 1});
  EXPECT_EQ(stores.Age("host:1"), 2u);
  EXPECT_EQ(stores.Age("host:2"), 0u);
}

TEST(Stores, TellAHandleTheAgeAtWhichItWasOpened) {
  Stores stores;
  const Result<OpenStore> lent = stores.Lend(kAnyPort, Lending(kAnyPort));
  ASSERT_TRUE(lent.ok()) << lent.status().ToString();
  const Result<OpenStore> before = stores.Use(lent->address, {});
  ASSERT_TRUE(before.ok()) << before.status().ToString();
  EXPECT_EQ(before->age, 0u);
  stores.GiveUp(*before);
  EXPECT_EQ(stores.Use(lent->address, {})->age, 1u);
}

}  // namespace
}  // namespace remote_dram::driver
