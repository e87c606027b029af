// WriteMessage: parsing a WriteRequest from slices gives the same result as the generated parser.
#include "gateway/write_message.h"

#include <gtest/gtest.h>

#include "gateway/kvstore.pb.h"

namespace remote_dram::gateway {
namespace {

std::string Joined(const Pieces& pieces) {
  std::string joined;
  for (std::string_view piece : pieces) joined += piece;
  return joined;
}

// Parses the text from two slices, cut at `cut`.
Result<WriteMessage> Read(std::string_view text, size_t cut, std::string* part) {
  const std::vector<grpc::Slice> slices = {grpc::Slice(std::string(text.substr(0, cut))), grpc::Slice(std::string(text.substr(cut)))};
  Result<WriteMessage> message = ReadWriteMessage(slices);
  if (message.ok()) *part = Joined(message->part);
  return message;
}

std::string Serialized() {
  tensorstore_grpc::kvstore::WriteRequest request;
  request.set_key("the key");
  request.set_generation_if_equal("\x02");
  request.set_value_part(std::string(300, 'v'));
  return request.SerializeAsString();
}

TEST(WriteMessage, IsTheSameWhereverItIsCut) {
  const std::string text = Serialized();
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    std::string part;
    const Result<WriteMessage> message = Read(text, cut, &part);
    ASSERT_TRUE(message.ok()) << cut;
    EXPECT_EQ(message->key, "the key");
    EXPECT_EQ(message->generation_if_equal, "\x02");
    EXPECT_EQ(part, std::string(300, 'v'));
  }
}

TEST(WriteMessage, IsRefusedIfItEndsTooSoon) {
  const std::string text = Serialized();
  for (size_t end = 0; end < text.size(); ++end) {
    tensorstore_grpc::kvstore::WriteRequest request;
    std::string part;
    const bool ours = Read(text.substr(0, end), end / 2, &part).ok();
    EXPECT_EQ(ours, request.ParseFromString(text.substr(0, end))) << end;
  }
  std::string part;
  EXPECT_EQ(Read("\x0a", 0, &part).status().ToString(),
            "INVALID_ARGUMENT: the request is no tensorstore_grpc.kvstore.WriteRequest");
}

TEST(WriteMessage, IsRefusedIfAGroupDoesNotEnd) {
  std::string part;
  EXPECT_FALSE(Read("\x0a\x01k\x9b\x2e", 2, &part).ok());  // field 739 begins a group
  EXPECT_TRUE(Read("\x0a\x01k\x9b\x2e\x9c\x2e", 2, &part).ok());
}

TEST(WriteMessage, TakesTheLastOfEachFieldAndSkipsWhatItDoesNotKnow) {
  std::string part;
  const std::string unknown = "\x20\x05\x2a\x01?";  // field 4: the number 5; field 5: a text
  const Result<WriteMessage> message = Read("\x1a\x03old" + unknown + "\x1a\x03new" "\x0a\x01" "a" "\x0a\x01" "b", 4, &part);
  ASSERT_TRUE(message.ok()) << message.status().ToString();
  EXPECT_EQ(part, "new");
  EXPECT_EQ(message->key, "b");
}

TEST(WriteMessage, OfNoBytesIsEmpty) {
  const Result<WriteMessage> message = ReadWriteMessage({});
  ASSERT_TRUE(message.ok());
  EXPECT_TRUE(message->key.empty() && message->generation_if_equal.empty() && message->part.empty());
}

}  // namespace
}  // namespace remote_dram::gateway
