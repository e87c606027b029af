// Reads through the service.
#include "gateway/op_read.h"

#include <limits>

#include "gateway/gateway_fixture.h"

namespace remote_dram::gateway {
namespace {

class ReadTest : public GatewayFixture {
 protected:
  ReadOutcome ReadRange(const std::string& key, int64_t min, int64_t max) {
    proto::ReadRequest request;
    request.set_key(key);
    request.mutable_byte_range()->set_inclusive_min(min);
    request.mutable_byte_range()->set_exclusive_max(max);
    return Read(request);
  }
};

TEST_F(ReadTest, SendsAValueOfAnySizeAsItWasWritten) {
  for (const size_t size : {size_t{0}, size_t{1}, part_bytes_max - 1, part_bytes_max, part_bytes_max + 1,
                            size_t{4} << 20, (size_t{5} << 20) + 3, size_t{33} << 20}) {
    const std::string value = Pattern(size);
    ASSERT_TRUE(Write("key", value).ok()) << size;
    const ReadOutcome outcome = Read("key");
    ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    EXPECT_TRUE(outcome.value == value) << size;
    EXPECT_EQ(outcome.responses.size(),
              std::max<size_t>(1, (size + part_bytes_max - 1) / part_bytes_max));
    EXPECT_EQ(outcome.first().state(), proto::ReadResponse::VALUE);
    EXPECT_EQ(outcome.first().value_part().empty(), value.empty())
        << "an empty first part ends the value";
  }
}

TEST_F(ReadTest, TellsAMissingKeyWhateverTheConditions) {
  proto::ReadRequest conditional;
  conditional.set_key("none");
  conditional.set_generation_if_equal(ForeignGeneration());
  conditional.set_generation_if_not_equal(MissingGeneration());
  proto::ReadRequest plain;
  plain.set_key("none");
  for (const proto::ReadRequest& request : {plain, conditional}) {
    const ReadOutcome outcome = Read(request);
    ASSERT_TRUE(outcome.status.ok());
    EXPECT_EQ(outcome.first().state(), proto::ReadResponse::MISSING);
    EXPECT_EQ(outcome.generation(), MissingGeneration());
  }
}

TEST_F(ReadTest, NeverTellsAFailureAsMissing) {
  for (int code = 1; code <= kStatusCodeMax; ++code) {
    store_.FailWith(Status(static_cast<StatusCode>(code), "the store is on fire"));
    const ReadOutcome outcome = Read("key");
    EXPECT_FALSE(outcome.status.ok());
    EXPECT_NE(outcome.status.error_message().find("the store is on fire"), std::string::npos);
    EXPECT_TRUE(outcome.responses.empty());
  }
}

TEST_F(ReadTest, TellsTheCurrentGenerationIfAConditionFailed) {
  proto::WriteResponse written;
  ASSERT_TRUE(Write("key", "value", {}, &written).ok());
  const std::string current = written.generation_and_timestamp().generation();
  proto::ReadRequest unchanged, foreign, absent;
  unchanged.set_generation_if_not_equal(current);
  foreign.set_generation_if_equal(ForeignGeneration());
  absent.set_generation_if_equal(MissingGeneration());
  for (proto::ReadRequest& request : {std::ref(unchanged), std::ref(foreign), std::ref(absent)}) {
    request.set_key("key");
    const ReadOutcome outcome = Read(request);
    ASSERT_TRUE(outcome.status.ok());
    EXPECT_EQ(outcome.first().state(), proto::ReadResponse::UNSPECIFIED);
    EXPECT_EQ(outcome.generation(), current);
    EXPECT_EQ(outcome.value, "");
  }
}

TEST_F(ReadTest, ReadsIfItsConditionsHold) {
  proto::WriteResponse written;
  ASSERT_TRUE(Write("key", "value", {}, &written).ok());
  proto::ReadRequest same, other, any;
  same.set_generation_if_equal(written.generation_and_timestamp().generation());
  other.set_generation_if_not_equal(ForeignGeneration());
  any.set_generation_if_not_equal(MissingGeneration());
  for (proto::ReadRequest& request : {std::ref(same), std::ref(other), std::ref(any)}) {
    request.set_key("key");
    EXPECT_EQ(Read(request).value, "value");
  }
}

TEST_F(ReadTest, TakesRangesExactly) {
  ASSERT_TRUE(Write("key", "0123456789").ok());
  EXPECT_EQ(ReadRange("key", 2, 5).value, "234");
  EXPECT_EQ(ReadRange("key", 2, -1).value, "23456789");
  EXPECT_EQ(ReadRange("key", -3, -1).value, "789");
  EXPECT_EQ(ReadRange("key", -10, -1).value, "0123456789");
  EXPECT_EQ(ReadRange("key", 10, -1).value, "");
  const ReadOutcome stat = ReadRange("key", 0, 0);
  EXPECT_EQ(stat.first().state(), proto::ReadResponse::VALUE);
  EXPECT_EQ(stat.value, "");
  EXPECT_EQ(ReadRange("none", 0, 0).first().state(), proto::ReadResponse::MISSING);
}

TEST_F(ReadTest, RefusesRangesOutsideOfTheValue) {
  ASSERT_TRUE(Write("key", "0123456789").ok());
  constexpr int64_t least = std::numeric_limits<int64_t>::min(),
                    most = std::numeric_limits<int64_t>::max();
  for (const auto& [min, max] :
       {std::pair(int64_t{0}, int64_t{11}), {11, -1}, {-11, -1}, {least, -1}, {0, most}}) {
    const ReadOutcome outcome = ReadRange("key", min, max);
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::OUT_OF_RANGE) << min << " " << max;
    EXPECT_TRUE(outcome.responses.empty());
  }
}

TEST_F(ReadTest, RefusesImpossibleRanges) {
  for (const auto& [min, max] : {std::pair(5, 3), {-2, 4}, {0, -2}, {-1, 0}}) {
    EXPECT_EQ(ReadRange("none", min, max).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << min << " " << max;
  }
}

TEST_F(ReadTest, StampsWithTheClientsBoundOrThisHostsTime) {
  proto::ReadRequest request;
  request.mutable_staleness_bound()->set_seconds(1'000);
  request.mutable_staleness_bound()->set_nanos(7);
  const ReadOutcome bounded = Read(request);
  EXPECT_EQ(bounded.first().generation_and_timestamp().timestamp().seconds(), 1'000);
  EXPECT_EQ(bounded.first().generation_and_timestamp().timestamp().nanos(), 7);

  const int64_t before = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) - 1;
  for (const int64_t infinity :
       {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    request.mutable_staleness_bound()->set_seconds(infinity);
    EXPECT_GE(Read(request).first().generation_and_timestamp().timestamp().seconds(), before);
    EXPECT_LE(Read(request).first().generation_and_timestamp().timestamp().seconds(), before + 60);
  }
}

TEST_F(ReadTest, KnowsBinaryAndEmptyKeys) {
  const std::string binary("\0\xff/\n", 4);
  ASSERT_TRUE(Write("", "of the empty key").ok());
  ASSERT_TRUE(Write(binary, "of the binary key").ok());
  EXPECT_EQ(Read("").value, "of the empty key");
  EXPECT_EQ(Read(binary).value, "of the binary key");
  EXPECT_EQ(Read(std::string("\0", 1)).first().state(), proto::ReadResponse::MISSING);
}

TEST_F(ReadTest, SendsOneVersionThoughTheKeyIsOverwrittenMeanwhile) {
  const std::string old_value = Pattern(24 << 20), new_value(24 << 20, 'n');
  ASSERT_TRUE(Write("key", old_value).ok());
  grpc::ClientContext context;
  proto::ReadRequest request;
  request.set_key("key");
  auto reader = stub_->Read(&context, request);
  proto::ReadResponse response;
  ASSERT_TRUE(reader->Read(&response));
  std::string value = response.value_part();
  ASSERT_TRUE(Write("key", new_value).ok());
  while (reader->Read(&response)) value += response.value_part();
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(value == old_value);
}

TEST_F(ReadTest, EndsWhenTheClientLeavesInTheMiddle) {
  ASSERT_TRUE(Write("key", Pattern(64 << 20)).ok());
  for (int i = 0; i < 10; ++i) {
    grpc::ClientContext context;
    proto::ReadRequest request;
    request.set_key("key");
    auto reader = stub_->Read(&context, request);
    proto::ReadResponse response;
    ASSERT_TRUE(reader->Read(&response));
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_EQ(Read("none").first().state(), proto::ReadResponse::MISSING);
}

}  // namespace
}  // namespace remote_dram::gateway
