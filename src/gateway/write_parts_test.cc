// WriteParts: how the messages of a write become a value.
#include "gateway/write_parts.h"

#include <gtest/gtest.h>

#include "gateway/kvstore.pb.h"
#include "remote_dram/limits.h"

namespace remote_dram::gateway {
namespace {

std::vector<grpc::Slice> Message(const std::string& key, const std::string& part, const std::string& condition = {}) {
  tensorstore_grpc::kvstore::WriteRequest message;
  message.set_key(key);
  message.set_value_part(part);
  message.set_generation_if_equal(condition);
  return {grpc::Slice(message.SerializeAsString())};
}

std::string Joined(const Pieces& pieces) {
  std::string joined;
  for (std::string_view piece : pieces) joined += piece;
  return joined;
}

// The value of a stream of these messages; an error is the empty string.
std::string ValueOf(WriteParts& parts, std::vector<std::vector<grpc::Slice>> messages) {
  std::string value;
  for (std::vector<grpc::Slice>& message : messages) {
    const Result<WriteParts::Part> part = parts.Take(std::move(message));
    EXPECT_TRUE(part.ok()) << part.status().ToString();
    if (part.ok()) value += Joined(part->pieces);
  }
  EXPECT_TRUE(parts.Complete().ok());
  EXPECT_EQ(parts.value_bytes(), value.size());
  return value;
}

TEST(WriteParts, CountsKeyAndConditionOfTheFirstMessageOnly) {
  WriteParts parts(100);
  EXPECT_EQ(ValueOf(parts, {Message("key", "a", "\x02"), Message("other", "b", "\x10")}), "ab");
  EXPECT_EQ(parts.key(), "key");
  EXPECT_EQ(parts.if_generation(), Generation::Missing());
}

TEST(WriteParts, LeavesAPartInTheMemoryInWhichItCame) {
  for (const size_t bytes : {1, 1000}) {
    std::vector<grpc::Slice> message = Message("key", std::string(bytes, 'x'));
    const uint8_t* const where = message[0].end() - bytes;
    const Result<WriteParts::Part> part = WriteParts(1000).Take(std::move(message));
    ASSERT_TRUE(part.ok());
    EXPECT_EQ(static_cast<const void*>(part->pieces[0].data()), where);
    EXPECT_EQ(Joined(part->pieces), std::string(bytes, 'x')) << "the owner keeps the bytes alive";
  }
}

TEST(WriteParts, JoinsAPartThatCameInCrumbs) {
  const std::string value(5000, 'x');
  const grpc::Slice whole = Message("key", value)[0];
  std::vector<grpc::Slice> crumbs;
  for (size_t i = 0; i < whole.size(); ++i) crumbs.emplace_back(whole.begin() + i, 1);
  const Result<WriteParts::Part> part = WriteParts(10'000).Take(std::move(crumbs));
  ASSERT_TRUE(part.ok());
  ASSERT_EQ(part->pieces.size(), 1u);
  EXPECT_EQ(part->pieces[0], value);
}

TEST(WriteParts, RefusesBytesThatAreNoMessage) {
  WriteParts parts(100);
  EXPECT_EQ(parts.Take({grpc::Slice("\x0a")}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(parts.Complete().ok());
}

TEST(WriteParts, MakesAnEmptyValueOfOneEmptyPart) {
  WriteParts parts(0);
  EXPECT_EQ(ValueOf(parts, {Message("", "")}), "");
}

TEST(WriteParts, RefusesAStreamWithoutAMessage) {
  WriteParts parts(100);
  EXPECT_EQ(parts.Complete().code(), StatusCode::kInvalidArgument);
}

TEST(WriteParts, RefusesAValueOverTheLimitAndNamesIt) {
  WriteParts parts(10);
  ASSERT_TRUE(parts.Take(Message("key", std::string(10, 'x'))).ok());
  const Status over = parts.Take(Message("", "x")).status();
  EXPECT_EQ(over.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(over.message().find("value_bytes_max"), std::string::npos) << over.message();
}

TEST(WriteParts, RefusesAKeyOverTheLimitAtOnce) {
  EXPECT_TRUE(WriteParts(10).Take(Message(std::string(key_bytes_max, 'k'), "")).ok());
  EXPECT_EQ(WriteParts(10).Take(Message(std::string(key_bytes_max + 1, 'k'), "")).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::gateway
