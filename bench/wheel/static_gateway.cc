// Answers from slices that are built once; it looks up, checks and stores nothing.
#include "bench/wheel/static_gateway.h"

#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <utility>

#include "bench/child.h"
#include "bench/fail.h"
#include "bench/process.h"
#include "bench/wheel/wheel.h"
#include "gateway/kvstore.grpc.pb.h"
#include "remote_dram/gateway.h"

namespace remote_dram::bench {
namespace {

namespace proto = tensorstore_grpc::kvstore;
using google::protobuf::MessageLite;
using google::protobuf::io::CodedOutputStream;

constexpr int kMessageBytesMax = 8 << 20;
constexpr char kGeneration[] = "\1static";

void SetStamp(proto::GenerationAndTimestamp* stamp) {
  stamp->set_generation(kGeneration);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  stamp->mutable_timestamp()->set_seconds(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

// The encoded value_part field of a ReadResponse: tag, length, part.
grpc::Slice PartField() {
  std::string field(1, static_cast<char>(proto::ReadResponse::kValuePartFieldNumber << 3 | 2));
  uint8_t length[8];
  const uint8_t* const end = CodedOutputStream::WriteVarint32ToArray(wheel_part_bytes, length);
  field.append(reinterpret_cast<const char*>(length), static_cast<size_t>(end - length));
  for (size_t i = 0; i < wheel_part_bytes; ++i) field += static_cast<char>(WheelByte(i));
  return grpc::Slice(field);
}

class ReadCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  ReadCall(const grpc::ByteBuffer& request, const grpc::Slice& part) : part_(part) {
    grpc::Slice bytes;
    proto::ReadRequest read;
    if (!request.DumpToSingleSlice(&bytes).ok() || !read.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size()))) {
      Finish(grpc::Status(grpc::StatusCode::INTERNAL, "not a request"));
      return;
    }
    parts_ = std::strtoull(read.key().c_str(), nullptr, 10) / wheel_part_bytes;
    proto::ReadResponse head;
    SetStamp(head.mutable_generation_and_timestamp());
    head.set_state(parts_ > 0 ? proto::ReadResponse::VALUE : proto::ReadResponse::MISSING);
    const grpc::Slice slices[] = {grpc::Slice(head.SerializeAsString()), part_};
    message_ = grpc::ByteBuffer(slices, parts_ > 0 ? 2 : 1);
    Send();
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    message_ = grpc::ByteBuffer(&part_, 1);
    Send();
  }
  void OnDone() override { delete this; }

 private:
  void Send() {
    if (parts_ <= 1) return StartWriteAndFinish(&message_, {}, grpc::Status::OK);
    --parts_;
    StartWrite(&message_);
  }

  const grpc::Slice part_;
  size_t parts_ = 0;  // not yet sent
  grpc::ByteBuffer message_;
};

class WriteCall final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  explicit WriteCall(grpc::ByteBuffer* response) : response_(response) { StartRead(&message_); }
  void OnReadDone(bool ok) override {
    if (ok) return StartRead(&message_);
    proto::WriteResponse answer;
    SetStamp(answer.mutable_generation_and_timestamp());
    const grpc::Slice bytes(answer.SerializeAsString());
    *response_ = grpc::ByteBuffer(&bytes, 1);
    Finish(grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer* const response_;
  grpc::ByteBuffer message_;
};

using Rpcs = proto::KvStoreService;

class StaticService final : public Rpcs::WithRawCallbackMethod_Read<Rpcs::WithRawCallbackMethod_Write<Rpcs::Service>> {
 public:
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Read(grpc::CallbackServerContext*,
                                                   const grpc::ByteBuffer* request) override {
    return new ReadCall(*request, part_);
  }
  grpc::ServerReadReactor<grpc::ByteBuffer>* Write(grpc::CallbackServerContext*, grpc::ByteBuffer* response) override {
    return new WriteCall(response);
  }

 private:
  const grpc::Slice part_ = PartField();
};

}  // namespace

void ServeStatic() {
  KeepFreedMemory();  // as our gateway does
  const TemporaryFolder folder;
  const std::string address = "unix:" + (folder / "socket");
  StaticService service;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  Require(server != nullptr, "the static gateway does not start");
  TellParent(address);
  AwaitEndOfInput();
  server->Shutdown(std::chrono::system_clock::now());
}

}  // namespace remote_dram::bench
