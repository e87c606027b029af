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

TEST(WriteParts, CountsKeyAndConditionOfTheFirstMessageOnly) {
  WriteParts parts(100);
  ASSERT_TRUE(parts.Add(Message("key", "a", "\x02")).ok());
  ASSERT_TRUE(parts.Add(Message("other", "b", "\x10")).ok());
  ASSERT_TRUE(parts.Complete().ok());
  EXPECT_EQ(parts.key(), "key");
  EXPECT_EQ(parts.if_generation(), Generation::Missing());
  EXPECT_EQ(Joined(parts.pieces()), "ab");
}

TEST(WriteParts, KeepsEachPartInTheMemoryInWhichItCame) {
  std::vector<grpc::Slice> message = Message("key", std::string(1000, 'x'));
  const uint8_t* const where = message[0].end() - 1000;
  WriteParts parts(10'000);
  ASSERT_TRUE(parts.Add(std::move(message)).ok());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(parts.Add(Message("", "s")).ok());
  ASSERT_TRUE(parts.Complete().ok());
  EXPECT_EQ(static_cast<const void*>(parts.pieces()[0].data()), where);
  EXPECT_EQ(Joined(parts.pieces()), std::string(1000, 'x') + std::string(100, 's'));
}

TEST(WriteParts, JoinsAPartThatCameInCrumbs) {
  const std::string value(5000, 'x');
  const grpc::Slice whole = Message("key", value)[0];
  std::vector<grpc::Slice> crumbs;
  for (size_t i = 0; i < whole.size(); ++i) crumbs.emplace_back(whole.begin() + i, 1);
  WriteParts parts(10'000);
  ASSERT_TRUE(parts.Add(std::move(crumbs)).ok());
  ASSERT_EQ(parts.pieces().size(), 1u);
  EXPECT_EQ(parts.pieces()[0], value);
}

TEST(WriteParts, RefusesBytesThatAreNoMessage) {
  WriteParts parts(100);
  EXPECT_EQ(parts.Add({grpc::Slice("\x0a")}).code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(parts.Complete().ok());
}

TEST(WriteParts, MakesAnEmptyValueOfOneEmptyPart) {
  WriteParts parts(0);
  ASSERT_TRUE(parts.Add(Message("", "")).ok());
  ASSERT_TRUE(parts.Complete().ok());
  EXPECT_TRUE(parts.pieces().empty());
}

TEST(WriteParts, RefusesAStreamWithoutAMessage) {
  WriteParts parts(100);
  EXPECT_EQ(parts.Complete().code(), StatusCode::kInvalidArgument);
}

TEST(WriteParts, RefusesAValueOverTheLimitAndNamesIt) {
  WriteParts parts(10);
  ASSERT_TRUE(parts.Add(Message("key", std::string(10, 'x'))).ok());
  const Status over = parts.Add(Message("", "x"));
  EXPECT_EQ(over.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(over.message().find("value_bytes_max"), std::string::npos) << over.message();
}

TEST(WriteParts, RefusesAKeyOverTheLimitAtOnce) {
  WriteParts parts(10);
  EXPECT_TRUE(WriteParts(10).Add(Message(std::string(key_bytes_max, 'k'), "")).ok());
  EXPECT_EQ(parts.Add(Message(std::string(key_bytes_max + 1, 'k'), "")).code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::gateway
