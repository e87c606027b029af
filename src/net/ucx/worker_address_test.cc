// Worker addresses: only complete, unchanged ones are accepted.
#include "net/ucx/worker_address.h"

#include <gtest/gtest.h>

#include "net/testing.h"
#include "net/ucx/real_network.h"

namespace remote_dram::net::ucx {
namespace {

TEST(WorkerAddress, ComesThroughAsItWas) {
  const std::string sealed = SealAddress("address");
  const Result<std::string_view> opened = OpenAddress(sealed);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened, "address");
}

TEST(WorkerAddress, IsRefusedIfAnyByteOfItIsMissingOrAnother) {
  const std::string sealed = SealAddress(std::string("an\0address", 10));
  for (size_t i = 0; i < sealed.size(); ++i) {
    EXPECT_EQ(OpenAddress(sealed.substr(0, i)).status().code(), StatusCode::kInvalidArgument) << i;
    EXPECT_FALSE(OpenAddress(sealed.substr(i + 1)).ok()) << i;
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(OpenAddress(changed).ok()) << i;
  }
  EXPECT_FALSE(OpenAddress(sealed + "x").ok());
  EXPECT_FALSE(OpenAddress(SealAddress("")).ok());
}

// UCX would abort this process if it were given such an address.
TEST(WorkerAddress, IsNeverGivenToUcxUnlessAWorkerMadeIt) {
  NoMessages sink;
  RealNetwork network;
  network.SetSink(&sink);
  RunOn(network.loop(), [&network] {
    Fabric* const fabric = *network.Shm();
    const std::string own = fabric->address();
    for (const std::string& wrong :
         {std::string(), std::string(own.size(), '\xff'), own.substr(0, own.size() / 2), own.substr(8),
          std::string("\x01\x02", 2)}) {
      const Status refused = fabric->Connect(wrong, [](const Status&) {}).status();
      EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument) << refused.ToString();
    }
    EXPECT_TRUE(fabric->Connect(own, [](const Status&) {}).ok());
  });
}

}  // namespace
}  // namespace remote_dram::net::ucx
