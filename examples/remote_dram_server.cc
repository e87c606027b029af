// Lends this process's memory, waits until a client wrote its array there, and verifies the array.
//
//   remote_dram_server [--listen_addr=HOST:PORT|unix:PATH] [--timeout=SECONDS] [--exit_after_verify]
//
// Uses the native TensorStore driver; the same example in Python is remote_dram_server.py.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
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
using two_nodes::Check;
using two_nodes::Fail;

void Await(remote_dram::KeyValueStore& store, const std::string& key, const std::string& seconds) {
  remote_dram::WaitOptions options;
  options.timeout = std::chrono::milliseconds(static_cast<int64_t>(1000 * std::atof(seconds.c_str())));
  const auto waited = store.Wait(key, options);
  if (waited.ok()) return;
  if (waited.status().code() != remote_dram::StatusCode::kDeadlineExceeded) Fail(waited.status().ToString());
  Fail("no client wrote the key \"" + key + "\" within " + seconds + " s");
}

void Verify(const tensorstore::KvStore& kvstore) {
  const auto spec = Check(Check(kvstore.WithPathSuffix("tensor/").spec()).ToJson());
  const auto array =
      Check(tensorstore::Open<float, 3>(json{{"driver", "zarr"}, {"kvstore", spec}}, tensorstore::OpenMode::open,
                                        tensorstore::ReadWriteMode::read)
                .result());
  if (!tensorstore::internal::RangesEqual(array.domain().shape(), tensorstore::span(two_nodes::kShape))) {
    Fail("the array has another shape");
  }
  two_nodes::ExpectEqual(Check(tensorstore::Read<tensorstore::zero_origin>(array).result()));
  const auto chunk = Check(tensorstore::kvstore::Read(kvstore, "tensor/0.0.0").result());
  const std::string payload(chunk.value);
  const auto expected = two_nodes::Expected();
  const size_t bytes = two_nodes::kElements * sizeof(float);
  if (payload.size() != bytes || std::memcmp(payload.data(), expected.data(), bytes) != 0) {
    Fail("the chunk is not the " + std::to_string(bytes) + " bytes of the array");
  }
  std::printf("verified: %s float32, %d elements, %zu payload bytes\n", two_nodes::kShapeText, two_nodes::kElements,
              payload.size());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags = {
      {"listen_addr", "127.0.0.1:12345"}, {"timeout", "60"}, {"exit_after_verify", "false"}};
  two_nodes::ReadFlags(argc, argv, flags);
  for (const int number : {SIGTERM, SIGINT}) std::signal(number, [](int) { _exit(0); });  // there is nothing to save

  const auto kvstore = Check(
      tensorstore::kvstore::Open({{"driver", "remote_dram"}, {"listen_addr", flags["listen_addr"]}}).result());
  const std::shared_ptr<remote_dram::KeyValueStore> store = remote_dram::driver::StoreOf(kvstore);
  const std::string address = Check(Check(kvstore.spec()).ToJson())["listen_addr"];
  const std::string incarnation = remote_dram::ShowIncarnation(store->StatServer()->incarnation);
  std::printf("ready: %s, incarnation %s\n", address.c_str(), incarnation.c_str());
  std::fflush(stdout);
  Await(*store, "complete", flags["timeout"]);
  Verify(kvstore);
  while (flags["exit_after_verify"] == "false") pause();
}
