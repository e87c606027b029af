// GatewayFixture: a gateway in front of a FakeStore, and a gRPC client of it, for tests.
//
// Memory: owns all of them and a folder for the socket.
// Threads: used by the test's thread only.
// Failure: shows as failed expectations.
#ifndef REMOTE_DRAM_GATEWAY_GATEWAY_FIXTURE_H_
#define REMOTE_DRAM_GATEWAY_GATEWAY_FIXTURE_H_

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/fake_store.h"
#include "gateway/kvstore.grpc.pb.h"
#include "gateway/read_parts.h"
#include "remote_dram/gateway.h"

namespace remote_dram::gateway {

namespace proto = tensorstore_grpc::kvstore;

// A new folder that the destructor removes.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "rd_gateway_XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A value whose parts all differ from each other, so that a test notices if parts are swapped.
inline std::string Pattern(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 131 + (i >> 8) * 31 + (i >> 20));
  return bytes;
}

// The result of a Read, as the gRPC client received it.
struct ReadOutcome {
  grpc::Status status;
  std::vector<proto::ReadResponse> responses;
  std::string value;
  const proto::ReadResponse& first() const { return responses.at(0); }
  std::string generation() const { return first().generation_and_timestamp().generation(); }
};

class GatewayFixture : public testing::Test {
 protected:
  GatewayFixture() { Serve(GatewayOptions()); }

  void Serve(GatewayOptions options) {
    gateway_.reset();
    options.listen = "unix:" + (folder_.path() / "gateway.sock").string();
    Result<Gateway> started = Gateway::Start(store_, options);
    EXPECT_TRUE(started.ok()) << started.status().ToString();
    gateway_.emplace(*std::move(started));
    stub_ = proto::KvStoreService::NewStub(Connect(gateway_->target()));
  }

  static std::shared_ptr<grpc::Channel> Connect(const std::string& target) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // gives each channel a connection of its own
    return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
  }

  ReadOutcome Read(const proto::ReadRequest& request) {
    grpc::ClientContext context;
    ReadOutcome outcome;
    auto reader = stub_->Read(&context, request);
    for (proto::ReadResponse response; reader->Read(&response);) {
      outcome.value += response.value_part();
      outcome.responses.push_back(response);
    }
    outcome.status = reader->Finish();
    return outcome;
  }
  ReadOutcome Read(const std::string& key) {
    proto::ReadRequest request;
    request.set_key(key);
    return Read(request);
  }

  // Writes as TensorStore does: in parts of 1 MiB; an empty value is one empty part.
  grpc::Status Write(const std::string& key, std::string_view value, const std::string& condition = {},
                     proto::WriteResponse* response = nullptr) {
    grpc::ClientContext context;
    proto::WriteResponse unwanted;
    auto writer = stub_->Write(&context, response ? response : &unwanted);
    proto::WriteRequest request;
    request.set_key(key);
    request.set_generation_if_equal(condition);
    do {
      request.set_value_part(std::string(value.substr(0, part_bytes_max)));
      value.remove_prefix(request.value_part().size());
      if (!writer->Write(request)) break;
      request.Clear();
    } while (!value.empty());
    writer->WritesDone();
    return writer->Finish();
  }

  TemporaryFolder folder_;
  FakeStore store_;
  std::optional<Gateway> gateway_;
  std::unique_ptr<proto::KvStoreService::Stub> stub_;
};

// A generation that a remote_dram store never makes: 00 and only 8 bytes.
inline std::string ForeignGeneration() { return std::string("\0\0\x05\x07\x08\x76\xf7\x44\xcc", 9); }
inline std::string MissingGeneration() { return "\x02"; }

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_GATEWAY_FIXTURE_H_
