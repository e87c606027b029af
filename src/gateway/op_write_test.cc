// Writes through the service.
#include "gateway/op_write.h"

#include <grpcpp/create_channel_posix.h>
#include <grpcpp/generic/generic_stub.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <numeric>

#include "gateway/gateway_fixture.h"

namespace remote_dram::gateway {
namespace {

class WriteTest : public GatewayFixture {
 protected:
  static proto::WriteRequest Part(const std::string& key, const std::string& part) {
    proto::WriteRequest request;
    request.set_key(key);
    request.set_value_part(part);
    return request;
  }

  // Waits for the end of every call and returns how many puts reached the store.
  size_t PutsAtTheEnd() {
    gateway_->Stop();
    return store_.puts;
  }
};

TEST_F(WriteTest, AppliesOnceHoweverManyParts) {
  proto::WriteResponse response;
  ASSERT_TRUE(Write("key", Pattern(3 * part_bytes_max + 5), {}, &response).ok());
  EXPECT_EQ(store_.puts, 1u);
  EXPECT_EQ(Read("key").value, Pattern(3 * part_bytes_max + 5));
  EXPECT_EQ(response.generation_and_timestamp().generation(), Read("key").generation());
  EXPECT_GT(response.generation_and_timestamp().timestamp().seconds(), 1'700'000'000);
}

TEST_F(WriteTest, ChecksItsCondition) {
  proto::WriteResponse response;
  ASSERT_TRUE(Write("key", "1", MissingGeneration(), &response).ok());
  const std::string first = response.generation_and_timestamp().generation();
  EXPECT_NE(first, "");
  for (const std::string& wrong : {MissingGeneration(), ForeignGeneration(), std::string("\x10")}) {
    ASSERT_TRUE(Write("key", "2", wrong, &response).ok()) << "a failed condition is no failure";
    EXPECT_TRUE(response.has_generation_and_timestamp());
    EXPECT_EQ(response.generation_and_timestamp().generation(), "");
  }
  EXPECT_EQ(Read("key").value, "1");
  ASSERT_TRUE(Write("key", "3", first, &response).ok());
  EXPECT_NE(response.generation_and_timestamp().generation(), first);
  EXPECT_EQ(Read("key").value, "3");
}

TEST_F(WriteTest, TellsTheStoresFailureInItsResponseSoThatNobodyWritesTwice) {
  for (int code = 1; code <= kStatusCodeMax; ++code) {
    store_.FailWith(Status(static_cast<StatusCode>(code), "memory_limit_bytes"));
    proto::WriteResponse response;
    ASSERT_TRUE(Write("key", "value", {}, &response).ok());
    EXPECT_EQ(response.status().code(), code);
    EXPECT_EQ(response.status().message(), "memory_limit_bytes");
    EXPECT_FALSE(response.has_generation_and_timestamp()) << "would be a success, or a failed condition";
  }
}

TEST_F(WriteTest, WritesNothingIfTheStreamIsCancelled) {
  for (int i = 0; i < 300; ++i) {
    grpc::ClientContext context;
    proto::WriteResponse response;
    auto writer = stub_->Write(&context, &response);
    ASSERT_TRUE(writer->Write(Part("key", std::string(1 + i * 100, 'x'))));
    context.TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_EQ(PutsAtTheEnd(), 0u);
}

TEST_F(WriteTest, WritesNothingIfTheConnectionBreaks) {
  const std::string path = (folder_.path() / "gateway.sock").string();
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, path.c_str());
  for (int i = 0; i < 100; ++i) {
    const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(connect(connection, reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
    const int cutter = dup(connection);
    auto stub = proto::KvStoreService::NewStub(grpc::CreateInsecureChannelFromFd("cut", connection));
    grpc::ClientContext context;
    proto::WriteResponse response;
    auto writer = stub->Write(&context, &response);
    ASSERT_TRUE(writer->Write(Part("key", std::string(1000, 'x'))));
    shutdown(cutter, SHUT_RDWR);
    close(cutter);
    EXPECT_FALSE(writer->Finish().ok());
  }
  EXPECT_EQ(PutsAtTheEnd(), 0u);
}

TEST_F(WriteTest, WritesNothingIfItIsStoppedInTheMiddle) {
  grpc::ClientContext context;
  proto::WriteResponse response;
  auto writer = stub_->Write(&context, &response);
  ASSERT_TRUE(writer->Write(Part("key", "half")));
  EXPECT_EQ(PutsAtTheEnd(), 0u);
  EXPECT_FALSE(writer->Finish().ok());
}

TEST_F(WriteTest, WritesNothingIfTheDeadlinePassesInTheMiddle) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(30));
  proto::WriteResponse response;
  auto writer = stub_->Write(&context, &response);
  writer->Write(Part("key", "half"));
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(PutsAtTheEnd(), 0u);
}

TEST_F(WriteTest, WritesNothingIfAMessageIsBroken) {
  grpc::GenericStub generic(Connect(gateway_->target()));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  void* tag;
  bool ok;
  auto call = generic.PrepareCall(&context, "/tensorstore_grpc.kvstore.KvStoreService/Write", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  const grpc::Slice whole(Part("key", "half").SerializeAsString()), broken(std::string("\x1a\x7f"
                                                                                       "x"));
  for (const grpc::Slice& slice : {whole, broken}) {
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    ASSERT_TRUE(queue.Next(&tag, &ok));
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  EXPECT_EQ(PutsAtTheEnd(), 0u);
}

TEST_F(WriteTest, WritesNothingIfAMessageIsTooLarge) {
  const grpc::Status status = [this] {
    grpc::ClientContext context;
    proto::WriteResponse response;
    auto writer = stub_->Write(&context, &response);
    writer->Write(Part("key", "half"));
    writer->Write(Part("", std::string(gateway_message_bytes_max, 'x')));
    writer->WritesDone();
    return writer->Finish();
  }();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_EQ(PutsAtTheEnd(), 0u);
}

TEST_F(WriteTest, TakesMessagesOfFourMebibytes) {
  grpc::ClientContext context;
  proto::WriteResponse response;
  auto writer = stub_->Write(&context, &response);
  ASSERT_TRUE(writer->Write(Part(std::string(key_bytes_max, 'k'), std::string(4 << 20, 'x'))));
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
}

TEST_F(WriteTest, RefusesAStreamWithoutAMessage) {
  grpc::ClientContext context;
  proto::WriteResponse response;
  auto writer = stub_->Write(&context, &response);
  writer->WritesDone();
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(PutsAtTheEnd(), 0u);
}

TEST_F(WriteTest, RefusesAValueOverTheLimit) {
  GatewayOptions options;
  options.value_bytes_max = 2 * part_bytes_max;
  Serve(options);
  EXPECT_TRUE(Write("key", Pattern(2 * part_bytes_max)).ok());
  const grpc::Status over = Write("key", Pattern(2 * part_bytes_max + 1));
  EXPECT_EQ(over.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(over.error_message().find("value_bytes_max"), std::string::npos) << over.error_message();
  EXPECT_EQ(PutsAtTheEnd(), 1u);
}

TEST_F(WriteTest, KeepsTheBytesForTheStoreWhenTheClientIsGone) {
  store_.KeepAnswers();
  grpc::ClientContext context;
  proto::WriteResponse response;
  auto writer = stub_->Write(&context, &response);
  const std::string value = Pattern(part_bytes_max);
  ASSERT_TRUE(writer->Write(Part("key", value)));
  writer->WritesDone();
  store_.AwaitKept(1);
  context.TryCancel();
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  gateway_->Stop();
  store_.ReleaseAnswers();
  const Result<GetResult> written = store_.KeyValueStore::Get("key");
  ASSERT_TRUE(written.ok());
  EXPECT_TRUE(written->value.bytes() == value);
}

TEST(ValueSizes, ExpectTheLargestOfTheLatestValues) {
  ValueSizes sizes;
  EXPECT_EQ(sizes.expected_bytes(), 0u);
  sizes.Add(1000);
  sizes.Add(999);
  EXPECT_EQ(sizes.expected_bytes(), 999u);
  for (int i = 0; i < 5; ++i) sizes.Add(100);
  EXPECT_GT(sizes.expected_bytes(), 900u) << "a few small values among large ones change little";
  for (int i = 0; i < 1000; ++i) sizes.Add(100);
  EXPECT_EQ(sizes.expected_bytes(), 100u) << "large values of long ago are forgotten";
}

}  // namespace
}  // namespace remote_dram::gateway
