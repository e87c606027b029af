// Gateway: starting, stopping and refusing.
#include "remote_dram/gateway.h"

#include "gateway/gateway_fixture.h"

namespace remote_dram::gateway {
namespace {

using GatewayTest = GatewayFixture;

TEST_F(GatewayTest, ServesOnATcpPortOfItsOwnChoice) {
  Result<Gateway> tcp = Gateway::Start(store_, {.listen = "127.0.0.1:0"});
  ASSERT_TRUE(tcp.ok()) << tcp.status().ToString();
  EXPECT_NE(tcp->target(), "127.0.0.1:0");
  stub_ = proto::KvStoreService::NewStub(Connect(tcp->target()));
  ASSERT_TRUE(Write("key", "value").ok());
  EXPECT_EQ(Read("key").value, "value");
}

TEST_F(GatewayTest, RefusesAPortOrPathThatAnotherGatewayServes) {
  Result<Gateway> tcp = Gateway::Start(store_, {.listen = "127.0.0.1:0"});
  ASSERT_TRUE(tcp.ok());
  for (const std::string& taken : {tcp->target(), gateway_->target()}) {
    const Result<Gateway> second = Gateway::Start(store_, {.listen = taken});
    ASSERT_FALSE(second.ok()) << taken;
    EXPECT_EQ(second.status().code(), StatusCode::kAlreadyExists);
  }
  EXPECT_TRUE(Write("key", "value").ok());
}

TEST_F(GatewayTest, RefusesToServeOtherHosts) {
  const Result<Gateway> open = Gateway::Start(store_, {.listen = "0.0.0.0:0"});
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.status().code(), StatusCode::kInvalidArgument);
}

TEST_F(GatewayTest, ServesAPathThatNeedsEncoding) {
  const std::string path = (folder_.path() / "a b%20#?").string();
  Result<Gateway> gateway = Gateway::Start(store_, {.listen = "unix:" + path});
  ASSERT_TRUE(gateway.ok()) << gateway.status().ToString();
  stub_ = proto::KvStoreService::NewStub(Connect(gateway->target()));
  EXPECT_TRUE(Write("key", "value").ok());
}

TEST_F(GatewayTest, SaysWhereItServes) {
  std::string said;
  GatewayOptions options;
  options.log = [&said](LogLevel, std::string_view message) { said += message; };
  Serve(options);
  EXPECT_NE(said.find(gateway_->target()), std::string::npos) << said;
}

TEST_F(GatewayTest, FailsItsClientsAndRemovesItsSocketWhenStopped) {
  ASSERT_TRUE(Write("key", "value").ok());
  gateway_->Stop();
  gateway_->Stop();
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "gateway.sock"));
  EXPECT_EQ(Read("key").status.error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(GatewayTest, CanBeMoved) {
  Gateway moved = *std::move(gateway_);
  EXPECT_TRUE(Write("key", "value").ok());
  gateway_.emplace(std::move(moved));
  EXPECT_TRUE(Write("key", "value").ok());
}

// The store answers only after the gateway and the messages that it received are gone.
TEST_F(GatewayTest, StopsWhileTheStoreOwesAnswersToEveryVerb) {
  store_.KeepAnswers();
  grpc::ClientContext contexts[4];
  proto::ReadRequest read;
  proto::ReadResponse part;
  auto reader = stub_->Read(&contexts[0], read);
  proto::WriteResponse written;
  auto writer = stub_->Write(&contexts[1], &written);
  proto::WriteRequest write;
  write.set_value_part(std::string(part_bytes_max, 'x'));
  writer->Write(write);
  writer->WritesDone();
  auto lister = stub_->List(&contexts[2], proto::ListRequest());
  grpc::CompletionQueue queue;
  proto::DeleteRequest range;
  range.mutable_range();
  auto deleter = stub_->AsyncDelete(&contexts[3], range, &queue);
  proto::DeleteResponse deleted;
  grpc::Status status;
  deleter->Finish(&deleted, &status, nullptr);

  store_.AwaitKept(4);
  gateway_.reset();
  EXPECT_FALSE(reader->Read(&part));
  EXPECT_FALSE(reader->Finish().ok());
  EXPECT_FALSE(writer->Finish().ok());
  EXPECT_FALSE(lister->Finish().ok());
  void* tag;
  bool ok;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_FALSE(status.ok());
  store_.ReleaseAnswers();
}

TEST_F(GatewayTest, SurvivesAClientThatLeavesWhileTheStoreThinks) {
  ASSERT_TRUE(Write("key", Pattern(3 * part_bytes_max)).ok());
  store_.KeepAnswers();
  for (size_t i = 1; i <= 20; ++i) {
    grpc::ClientContext context;
    proto::ReadRequest request;
    request.set_key("key");
    auto reader = stub_->Read(&context, request);
    store_.AwaitKept(i);
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  store_.ReleaseAnswers();
  EXPECT_EQ(Read("key").value, Pattern(3 * part_bytes_max));
}

TEST_F(GatewayTest, GivesTheStoreTheTimeThatTheClientHas) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(100));
  auto reader = stub_->Read(&context, proto::ReadRequest());
  proto::ReadResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_GT(store_.last_timeout, std::chrono::seconds(50));
  EXPECT_LE(store_.last_timeout, std::chrono::seconds(101));
  Read("key");
  EXPECT_EQ(store_.last_timeout, std::chrono::milliseconds(0)) << "no deadline: the store's default";
}

TEST_F(GatewayTest, AnswersWhenTheDeadlinePassesWhateverTheStoreDoes) {
  store_.KeepAnswers();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  auto reader = stub_->Read(&context, proto::ReadRequest());
  proto::ReadResponse response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  store_.ReleaseAnswers();
}

}  // namespace
}  // namespace remote_dram::gateway
