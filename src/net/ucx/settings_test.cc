// Settings: UCX knows each key, and the values of this library take precedence over environment variables.
#include "net/ucx/settings.h"

#include <gtest/gtest.h>
#include <uct/api/uct.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace remote_dram::net::ucx {
namespace {

// The sizes of the shared-memory mappings of UCX in this process: one mapping for each queue and each segment.
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

// The sizes of the mappings of a worker that is made while an environment variable has a value; no variable if its name is "".
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
  uint64_t smallest = UINT64_MAX;  // the smallest mapping is the queue
  for (const uint64_t bytes : MappingsOfAWorker("", "")) smallest = std::min(smallest, bytes);
  EXPECT_GE(smallest, 64u * 512);
  EXPECT_LT(smallest, 64u * 1024);
}

// Whether UCP itself knows the setting. UCP prints such a setting with the prefix of its environment variables, and any other
// without.
bool UcpKnows(const Setting& setting) {
  ucp_config_t* config = nullptr;
  EXPECT_EQ(ucp_config_read(nullptr, nullptr, &config), UCS_OK);
  EXPECT_EQ(ucp_config_modify(config, setting.key.c_str(), setting.value.c_str()), UCS_OK);
  char* text = nullptr;
  size_t bytes = 0;
  FILE* const stream = open_memstream(&text, &bytes);
  ucp_config_print(config, stream, "", UCS_CONFIG_PRINT_CONFIG);
  fclose(stream);
  const std::string printed = std::string("\n").append(text, bytes);
  std::free(text);
  ucp_config_release(config);
  return printed.find("\nUCX_" + setting.key + "=" + setting.value + "\n") != std::string::npos;
}

bool Takes(void* config, const Setting& setting) {
  const ucs_status_t status = uct_config_modify(config, setting.key.c_str(), setting.value.c_str());
  uct_config_release(config);
  return status == UCS_OK;
}

// Whether one of the component's configurations has the setting: of its memory domain, its connection manager, or its
// interfaces.
bool ComponentKnows(uct_component_h component, const uct_component_attr_t& its, const Setting& setting) {
  uct_md_config_t* of_memory = nullptr;
  EXPECT_EQ(uct_md_config_read(component, nullptr, nullptr, &of_memory), UCS_OK);
  uct_md_h memory = nullptr;
  EXPECT_EQ(uct_md_open(component, its.name, of_memory, &memory), UCS_OK) << its.name;
  uct_iface_config_t* of_sender = nullptr;
  EXPECT_EQ(uct_md_iface_config_read(memory, its.name, nullptr, nullptr, &of_sender), UCS_OK) << its.name;
  bool knows = Takes(of_memory, setting);
  knows |= Takes(of_sender, setting);
  uct_md_close(memory);
  if ((its.flags & UCT_COMPONENT_FLAG_CM) == 0) return knows;
  uct_cm_config_t* of_acceptor = nullptr;
  EXPECT_EQ(uct_cm_config_read(component, nullptr, nullptr, &of_acceptor), UCS_OK) << its.name;
  return Takes(of_acceptor, setting) || knows;
}

// `transports`: the names, each with a comma before and after it.
bool ATransportKnows(const std::string& transports, const Setting& setting) {
  uct_component_h* components = nullptr;
  unsigned count = 0;
  EXPECT_EQ(uct_query_components(&components, &count), UCS_OK);
  bool knows = false;
  for (unsigned i = 0; i < count; ++i) {
    uct_component_attr_t its{};
    its.field_mask = UCT_COMPONENT_ATTR_FIELD_NAME | UCT_COMPONENT_ATTR_FIELD_FLAGS;
    EXPECT_EQ(uct_component_query(components[i], &its), UCS_OK);
    const bool used = transports.find("," + std::string(its.name) + ",") != std::string::npos;
    knows |= used && ComponentKnows(components[i], its, setting);
  }
  uct_release_component_list(components);
  return knows;
}

// UCX passes a key that UCP does not know on to the transports, and does not report it if none of them knows it either.
TEST(Settings, AreAllKnownToUcxOrToATransportThatItUses) {
  TameLibrary();
  for (const Kind kind : {Kind::kShm, Kind::kTcp}) {
    const std::vector<Setting> settings = SettingsOf(kind, "lo");
    ASSERT_EQ(settings.at(0).key, "TLS");
    const std::string transports = "," + settings[0].value + ",";
    for (const Setting& setting : settings) {
      EXPECT_TRUE(UcpKnows(setting) || ATransportKnows(transports, setting)) << setting.key << "=" << setting.value;
      const Setting misspelt{setting.key + "X", setting.value};
      EXPECT_FALSE(UcpKnows(misspelt) || ATransportKnows(transports, misspelt)) << misspelt.key;
    }
  }
}

}  // namespace
}  // namespace remote_dram::net::ucx
