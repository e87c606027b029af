// Uploads in a World: parts that travel ahead, a server that loses them, and parts that no correct client sends.
#include <algorithm>

#include "client/transact_calls.h"
#include "remote_dram/upload.h"
#include "server/protocol_testing.h"
#include "server/staged_values.h"

namespace remote_dram {
namespace {

constexpr size_t kPartBytes = 100'000;

class UploadProtocolTest : public ProtocolTest {
 protected:
  void SetUp() override { ASSERT_TRUE(Open().ok()); }

  // verbs_ gets the verb of every message that is submitted.
  std::unique_ptr<Upload> Start(std::string_view key, uint64_t transaction = 1) {
    const client::Submit submit = [this](std::shared_ptr<client::Call> call) {
      verbs_.push_back(call->verb());
      Submitter()(std::move(call));
    };
    client::BeginPut begin = [submit](std::string_view, uint64_t, const PutOptions&, Done<WriteResult>&& done,
                                      const auto& go_on) { go_on(std::move(done), submit); };
    return client::StartUpload(key, 0, transaction, submit, std::move(begin));
  }
  static std::string PartNumber(int i) { return std::string(kPartBytes, static_cast<char>('a' + i)); }
  static std::string Append(Upload& upload, int parts) {
    std::string value;
    for (int i = 0; i < parts; ++i) {
      const auto part = std::make_shared<const std::string>(PartNumber(i));
      upload.Append({std::string_view(*part)}, part);
      value += *part;
    }
    return value;
  }
  Result<WriteResult> Commit(std::unique_ptr<Upload> upload, const PutOptions& options = {}) {
    std::optional<Result<WriteResult>> result;
    upload->Commit(options, Into(&result));
    upload.reset();
    return Wait(&result);
  }
  Status Stage(std::string_view bytes, uint64_t offset) {
    std::optional<Result<bool>> result;
    Submit(client::StageCall("stage", 1, "k", {bytes}, {.offset = offset}, Into(&result)));
    return Wait(&result).status();
  }
  Result<TransactResult> CommitStaged() {
    std::optional<Result<TransactResult>> result;
    const WriteOperation put{.kind = WriteOperation::Kind::kPut, .key = "k", .end = "", .value = {"?"}, .if_generation = {}};
    Submit(client::CommitCall("commit", 1, {put}, {true}, Into(&result)));
    return Wait(&result);
  }
  store::Store& Store() { return host_->shared.store; }

  std::vector<wire::Verb> verbs_;
};

TEST_P(UploadProtocolTest, SendsPartsBeforeTheValueIsComplete) {
  std::unique_ptr<Upload> upload = Start("k");
  const std::string value = Append(*upload, 5);
  world_.RunFor(std::chrono::seconds(1));
  EXPECT_GE(Store().Usage().memory_bytes, value.size()) << "they are in the store's memory";
  EXPECT_EQ(Store().Usage().keys, 0u);
  const Result<WriteResult> written = Commit(std::move(upload));
  ASSERT_TRUE(written.ok()) << written.status().ToString();
  EXPECT_EQ(written->generation, Generation::Value(1, 1));
  EXPECT_EQ(written->sequence, 1u);
  EXPECT_TRUE(Get("k")->value.bytes() == value);
  EXPECT_EQ(verbs_, (std::vector{wire::Verb::kStage, wire::Verb::kStage, wire::Verb::kTransact})) << "parts that wait travel together";
  EXPECT_EQ(Store().Usage().memory_bytes, store::StrideOf(value.size() + 1) + store::kEntryBytes);
}

TEST_P(UploadProtocolTest, PutsAValueOfOnePartAndAnEmptyOneAtOnce) {
  for (const int parts : {0, 1}) {
    std::unique_ptr<Upload> upload = Start("k");
    const std::string value = Append(*upload, parts);
    ASSERT_TRUE(Commit(std::move(upload)).ok());
    EXPECT_TRUE(Get("k")->value.bytes() == value);
  }
  EXPECT_EQ(verbs_, (std::vector{wire::Verb::kPut, wire::Verb::kPut}));
}

TEST_P(UploadProtocolTest, CommitsWithoutWaitingForItsParts) {
  std::unique_ptr<Upload> upload = Start("k");
  const std::string value = Append(*upload, 7);
  ASSERT_TRUE(Commit(std::move(upload)).ok());
  EXPECT_TRUE(Get("k")->value.bytes() == value);
}

TEST_P(UploadProtocolTest, ObeysItsCondition) {
  const Generation old = Put("k", "old")->generation;
  PutOptions options;
  options.if_generation = Generation::Missing();
  std::unique_ptr<Upload> refused = Start("k", 1), fine = Start("k", 2);
  Append(*refused, 3);
  const std::string value = Append(*fine, 3);
  const Result<WriteResult> written = Commit(std::move(refused), options);
  ASSERT_TRUE(written.ok()) << written.status().ToString();
  EXPECT_EQ(written->state, WriteState::kConditionFailed);
  EXPECT_EQ(written->generation, Generation::Unknown());
  EXPECT_EQ(Get("k")->value.bytes(), "old");
  options.if_generation = old;
  EXPECT_EQ(Commit(std::move(fine), options)->state, WriteState::kApplied);
  EXPECT_TRUE(Get("k")->value.bytes() == value);
}

TEST_P(UploadProtocolTest, WritesAllOrNothingWhereverItIsCut) {
  int staged = 0, whole = 0;
  for (int step = 0; step < 60; ++step) {
    const std::string key = "k" + std::to_string(step);
    std::unique_ptr<Upload> upload = Start(key, static_cast<uint64_t>(step) + 1);
    verbs_.clear();
    std::string value;
    std::optional<Result<WriteResult>> result;
    for (int tick = 0; tick < 80; ++tick) {
      if (tick % 10 == 0 && tick < 50) {
        const auto part = std::make_shared<const std::string>(PartNumber(tick / 10));
        upload->Append({std::string_view(*part)}, part);
        value += *part;
      }
      if (tick == 50) upload->Commit({}, Into(&result));
      if (tick == step) network_.BreakLinks();
      world_.RunFor(std::chrono::microseconds(10));
    }
    const Result<WriteResult> written = Wait(&result);
    world_.RunFor(std::chrono::seconds(1));
    (verbs_.back() == wire::Verb::kPut ? whole : staged) += 1;
    ASSERT_TRUE(written.ok() || written.status().outcome_unknown()) << step << ": " << written.status().ToString();
    if (!Store().Stat(key)->exists) continue;
    ASSERT_TRUE(Get(key)->value.bytes() == value) << step;
  }
  EXPECT_GT(staged, 0);
  EXPECT_GT(whole, 0) << "a server that lost the first parts gets the whole value";
}

TEST_P(UploadProtocolTest, PutsTheWholeValueIfItsPartsHaveExpired) {
  std::unique_ptr<Upload> upload = Start("k");
  const std::string value = Append(*upload, 3);
  world_.RunFor(server::staged_value_lifetime + std::chrono::seconds(1));
  EXPECT_EQ(Store().Usage().memory_bytes, 0u);
  ASSERT_TRUE(Commit(std::move(upload)).ok());
  EXPECT_TRUE(Get("k")->value.bytes() == value);
  EXPECT_EQ(verbs_.back(), wire::Verb::kPut);
}

TEST_P(UploadProtocolTest, PutsTheWholeValueIfItsPartsDoNotFitOnTheWay) {
  const uint64_t limit = Store().Usage().memory_limit_bytes;
  const Result<store::Reservation> taken = Store().Prepare("most of it", limit - 600'000);
  ASSERT_TRUE(taken.ok());
  std::unique_ptr<Upload> upload = Start("k");
  std::string value;
  for (int i = 0; i < 5; ++i) {  // to move from room for 200,000 or 400,000 bytes to more takes over 600,000
    const auto part = std::make_shared<const std::string>(PartNumber(i));
    upload->Append({std::string_view(*part)}, part);
    value += *part;
    world_.RunFor(std::chrono::seconds(1));
  }
  ASSERT_TRUE(Commit(std::move(upload)).ok());
  EXPECT_TRUE(Get("k")->value.bytes() == value);
  EXPECT_EQ(std::count(verbs_.begin(), verbs_.end(), wire::Verb::kPut), 1);
}

TEST_P(UploadProtocolTest, RefusesAPartThatDoesNotContinueItsValue) {
  EXPECT_EQ(Stage("later", 5).code(), StatusCode::kAborted) << "there is no value yet";
  ASSERT_TRUE(Stage("first", 0).ok());
  EXPECT_EQ(Stage("gap", 6).code(), StatusCode::kAborted);
  EXPECT_EQ(CommitStaged().status().code(), StatusCode::kAborted) << "the value is gone";
  EXPECT_EQ(Store().Usage().memory_bytes, 0u);
  ASSERT_TRUE(Stage("other", 0).ok());
  ASSERT_TRUE(Stage("first", 0).ok());
  ASSERT_TRUE(Stage(" and second", 5).ok());
  ASSERT_TRUE(CommitStaged().ok());
  EXPECT_EQ(Get("k")->value.bytes(), "first and second");
}

TEST_P(UploadProtocolTest, IsForgottenAtOnceIfItIsDropped) {
  std::unique_ptr<Upload> upload = Start("k");
  Append(*upload, 3);
  world_.RunFor(std::chrono::seconds(1));
  EXPECT_GT(Store().Usage().memory_bytes, 3 * kPartBytes);
  upload.reset();
  world_.RunFor(std::chrono::seconds(1));
  EXPECT_EQ(Store().Usage().memory_bytes, 0u);
  EXPECT_EQ(Get("k")->state, ReadState::kMissing);
  EXPECT_EQ(Store().Usage().sequence, 0u) << "nothing was written";
}

INSTANTIATE_TEST_SUITE_P(Seeds, UploadProtocolTest, testing::Range(uint64_t{1}, uint64_t{6}));

}  // namespace
}  // namespace remote_dram
