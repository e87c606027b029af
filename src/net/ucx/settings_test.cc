// Settings: what UCX sets up is what this library says, not what the environment says.
#include "net/ucx/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace remote_dram::net::ucx {
namespace {

// Of this process's queues and segments of shared memory, each in its own mapping.
std::vector<uint64_t> PosixMappings() {
  std::vector<uint64_t> sizes;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("ucx_shm_posix") == std::string::npos) continue;
    const uint64_t begin = std::stoull(line, nullptr, 16);
    const uint64_t end = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
    sizes.push_back(end - begin);
  }
  return sizes;
}

// A worker's mappings, made under these variables; "" leaves one alone.
std::vector<uint64_t> MappingsOfAWorker(const std::string& variable, const std::string& value) {
  if (!variable.empty()) setenv(variable.c_str(), value.c_str(), 1);
  Result<Context> context = MakeContext(Kind::kShm, "");
  EXPECT_TRUE(context.ok()) << context.status().ToString();
  ucp_worker_params_t params{};
  ucp_worker_h worker = nullptr;
  EXPECT_EQ(ucp_worker_create(context->get(), &params, &worker), UCS_OK);
  const std::vector<uint64_t> mappings = PosixMappings();
  if (!variable.empty()) unsetenv(variable.c_str());
  ucp_worker_destroy(worker);
  return mappings;
}

TEST(Settings, SizesOfSharedMemoryAreNotTheEnvironments) {
  const std::vector<uint64_t> alone = MappingsOfAWorker("", "");
  ASSERT_FALSE(alone.empty());
  EXPECT_EQ(MappingsOfAWorker("UCX_POSIX_FIFO_ELEM_SIZE", "1024"), alone);
  EXPECT_EQ(MappingsOfAWorker("UCX_POSIX_FIFO_SIZE", "1024"), alone);
  EXPECT_EQ(MappingsOfAWorker("UCX_POSIX_SEG_SIZE", "65536"), alone);
}

TEST(Settings, AQueueElementHoldsASmallRequest) {
  uint64_t smallest = UINT64_MAX;  // of the mappings: the queue
  for (const uint64_t bytes : MappingsOfAWorker("", "")) smallest = std::min(smallest, bytes);
  EXPECT_GE(smallest, 64u * 512);
  EXPECT_LT(smallest, 64u * 1024);
}

}  // namespace
}  // namespace remote_dram::net::ucx
