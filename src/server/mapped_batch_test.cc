// Mapped batches of reads: the same answers as single reads; if one read cannot be answered from the mapping, the whole batch
// is sent to the server.
#include "server/mapped_testing.h"

namespace remote_dram {
namespace {

ReadOperation Read(std::string key, ByteRange range = {}) {
  ReadOperation operation;
  operation.key = std::move(key);
  operation.range = range;
  return operation;
}
ReadOperation Stat(std::string key) {
  ReadOperation operation = Read(std::move(key));
  operation.stat = true;
  return operation;
}

class MappedBatchTest : public MappedTest {
 protected:
  void SetUp() override {
    MappedTest::SetUp();
    client_.emplace(Connect());
    for (int i = 0; i < keys; ++i) {
      const std::string key = std::to_string(i);
      written_.push_back(client_->Put(key, std::string(static_cast<size_t>(i) * 100, static_cast<char>('a' + i % 26)))->generation);
      operations_.push_back(Read(key));
    }
    View(*client_, "1");
  }

  static constexpr int keys = 1000;
  std::optional<Client> client_;
  std::vector<Generation> written_;
  std::vector<ReadOperation> operations_;
};

TEST_F(MappedBatchTest, BringsManyValuesWhileTheServerStandsStill) {
  std::promise<void> go_on = StandStill();
  operations_.push_back(Read("none"));
  const Result<BatchReadResult> read = client_->BatchRead(operations_);
  go_on.set_value();
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  ASSERT_EQ(read->results.size(), operations_.size());
  for (size_t i = 0; i < keys; ++i) {
    ASSERT_TRUE(read->results[i].ok()) << i;
    const GetResult& one = *read->results[i];
    EXPECT_EQ(one.state, ReadState::kValue);
    EXPECT_EQ(one.generation, written_[i]);
    EXPECT_EQ(one.value.bytes(), std::string(i * 100, static_cast<char>('a' + i % 26)));
    EXPECT_EQ(one.value_bytes, i * 100);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(one.value.data()) % kValueAlignment, 0u);
  }
  EXPECT_EQ(read->results.back()->state, ReadState::kMissing);
  EXPECT_EQ(read->sequence, uint64_t{keys});
}

TEST_F(MappedBatchTest, KeepsConditionsRangesAndStats) {
  std::promise<void> go_on = StandStill();
  ReadOperation unless = Read("7"), only_if = Read("7");
  unless.if_not_generation = written_[7];
  only_if.if_generation = written_[8];
  const Result<BatchReadResult> read = client_->BatchRead(
      {unless, only_if, Read("7", {698, 700}), Read("7", {-3, -1}), Read("7", {4, 4}), Stat("7"), Stat("none")});
  go_on.set_value();
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(read->results[0]->state, ReadState::kConditionFailed);
  EXPECT_EQ(read->results[1]->state, ReadState::kConditionFailed);
  EXPECT_EQ(read->results[2]->value.bytes(), "hh");
  EXPECT_EQ(read->results[3]->value.bytes(), "hhh");
  EXPECT_TRUE(read->results[4]->value.empty());
  EXPECT_EQ(read->results[5]->value_bytes, 700u);
  EXPECT_TRUE(read->results[5]->value.empty());
  EXPECT_EQ(read->results[6]->state, ReadState::kMissing);
}

TEST_F(MappedBatchTest, LeavesErrorsToTheServer) {
  Result<BatchReadResult> read = client_->BatchRead({Read("1"), Read("1", {0, 101}), Read("none", {3, 2})});
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(read->results[0]->value.size(), 100u);
  EXPECT_EQ(read->results[1].status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(read->results[2].status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(client_->BatchRead({}).status().code(), StatusCode::kInvalidArgument);
  read = client_->BatchRead({Read(std::string(key_bytes_max + 1, 'k'))});
  EXPECT_EQ(read.status().code(), StatusCode::kInvalidArgument);
}

TEST_F(MappedBatchTest, BringsNoMoreThanAReplyMayHave) {
  const std::string large(8 << 20, 'x');
  const size_t many = batch_reply_bytes_max / large.size() + 1;
  ASSERT_TRUE(client_->Put("large", large).ok());
  View(*client_, "large");
  const Result<BatchReadResult> read = client_->BatchRead(std::vector<ReadOperation>(many, Read("large")));
  EXPECT_EQ(read.status().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(read.status().message().find("batch_reply_bytes_max"), std::string::npos) << read.status().ToString();
}

TEST_F(MappedBatchTest, FailsOnceTheServerIsGone) {
  server_.reset();
  EXPECT_FALSE(client_->BatchRead(operations_).ok());
}

}  // namespace
}  // namespace remote_dram
