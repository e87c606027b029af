// Writes an array into a server's memory through TensorStore, and reads it back over a new connection.
//
//   remote_dram_client [--server_addr=HOST:PORT|unix:PATH] [--path=auto|mapped|socket|shm|tcp]
//
// Uses the native TensorStore driver; the same example in Python is remote_dram_client.py.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "driver/store_of.h"
#include "examples/two_nodes.h"
#include "tensorstore/kvstore/kvstore.h"
#include "tensorstore/kvstore/operations.h"
#include "tensorstore/open.h"
#include "tensorstore/tensorstore.h"

namespace {

using nlohmann::json;
using tensorstore::OpenMode;
using two_nodes::Check;
using two_nodes::Fail;
using Connection = std::shared_ptr<remote_dram::KeyValueStore>;

tensorstore::KvStore Connect(const json& spec) {
  const auto kvstore = Check(tensorstore::kvstore::Open(spec).result());
  const auto stat = remote_dram::driver::StoreOf(kvstore)->StatServer();
  if (!stat.ok()) Fail(stat.status().ToString());
  std::printf("connected: %s, path %s, lanes %s\n", stat->address.c_str(), stat->path.c_str(), stat->lanes.c_str());
  return kvstore;
}

json ArrayOn(json kvstore) {
  kvstore["path"] = "tensor/";
  return {{"driver", "zarr"}, {"kvstore", kvstore}};
}

Connection Write(const json& spec) {
  const auto kvstore = Connect(spec);
  json array_spec = ArrayOn(spec);
  array_spec["metadata"] = {
      {"shape", two_nodes::kShape}, {"chunks", two_nodes::kShape}, {"dtype", "<f4"}, {"compressor", nullptr}};
  const auto array =
      Check(tensorstore::Open<float, 3>(array_spec, OpenMode::create | OpenMode::delete_existing).result());
  Check(tensorstore::Write(two_nodes::Expected(), array).status());
  std::printf("wrote: %s float32, %zu bytes\n", two_nodes::kShapeText, two_nodes::kElements * sizeof(float));
  return remote_dram::driver::StoreOf(kvstore);
}

void Verify(json spec, const Connection& before) {
  spec["remote_dram"]["connect_timeout"] = "20s";  // makes the spec differ: for an equal one TensorStore shares the connection
  const auto kvstore = Connect(spec);
  if (remote_dram::driver::StoreOf(kvstore) == before) Fail("this is the connection that wrote");
  const auto array = Check(tensorstore::Open<float, 3>(ArrayOn(spec), OpenMode::open).result());
  two_nodes::ExpectEqual(Check(tensorstore::Read<tensorstore::zero_origin>(array).result()));
  std::printf("read back: %d elements, as written\n", two_nodes::kElements);
  Check(tensorstore::kvstore::Write(kvstore, "complete", absl::Cord()).result());
  std::printf("wrote: the key \"complete\"\n");
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags = {{"server_addr", "127.0.0.1:12345"}, {"path", "auto"}};
  two_nodes::ReadFlags(argc, argv, flags);
  const json spec = {{"driver", "remote_dram"},
                     {"remote_addr", flags["server_addr"]},
                     {"remote_dram", {{"path", flags["path"]}}}};
  Verify(spec, Write(spec));
}
