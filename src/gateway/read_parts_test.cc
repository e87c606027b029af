// ReadParts: how a value is cut into messages.
#include "gateway/read_parts.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace remote_dram::gateway {
namespace {

using tensorstore_grpc::kvstore::ReadResponse;

ReadResponse First() {
  ReadResponse first;
  first.set_state(ReadResponse::VALUE);
  first.mutable_generation_and_timestamp()->set_generation("g");
  return first;
}

std::string Flat(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(message.Dump(&slices).ok());
  std::string flat;
  for (const grpc::Slice& slice : slices) flat.append(slice.begin(), slice.end());
  return flat;
}

std::vector<ReadResponse> AllParts(const ReadResponse& first, const Value& value) {
  ReadParts parts(first, value);
  std::vector<ReadResponse> responses;
  while (!parts.done()) {
    EXPECT_TRUE(responses.emplace_back().ParseFromString(Flat(parts.Next())));
  }
  return responses;
}

TEST(ReadParts, IsOneMessageForAnEmptyValue) {
  const std::vector<ReadResponse> responses = AllParts(First(), Value());
  ASSERT_EQ(responses.size(), 1u);
  EXPECT_EQ(responses[0].SerializeAsString(), First().SerializeAsString());
}

TEST(ReadParts, HasNoEmptyPartsAroundTheBoundaries) {
  for (const size_t size :
       {size_t{1}, part_bytes_max - 1, part_bytes_max, part_bytes_max + 1, 3 * part_bytes_max}) {
    auto bytes = std::make_shared<std::string>(size, 'x');
    bytes->back() = 'y';
    const std::vector<ReadResponse> responses = AllParts(First(), Value(bytes, *bytes));
    std::string joined;
    for (const ReadResponse& response : responses) {
      EXPECT_FALSE(response.value_part().empty());
      EXPECT_LE(response.value_part().size(), part_bytes_max);
      EXPECT_EQ(response.has_generation_and_timestamp(), &response == &responses[0]);
      joined += response.value_part();
    }
    EXPECT_EQ(responses.size(), (size + part_bytes_max - 1) / part_bytes_max);
    EXPECT_EQ(joined, *bytes);
  }
}

TEST(ReadParts, EncodesWhatProtobufWouldEncode) {
  const std::string bytes(300, 'z');
  ReadResponse whole = First();
  whole.set_value_part(bytes);
  ReadParts parts(First(), Value(nullptr, bytes));
  EXPECT_EQ(Flat(parts.Next()), whole.SerializeAsString());
}

TEST(ReadParts, SharesTheBytesAndKeepsThemAlive) {
  auto bytes = std::make_shared<std::string>(part_bytes_max + 5, 'x');
  const char* const where = bytes->data();
  const std::weak_ptr<std::string> alive = bytes;
  std::vector<grpc::Slice> slices;
  {
    ReadParts parts(First(), Value(bytes, *bytes));
    bytes.reset();
    ASSERT_TRUE(parts.Next().Dump(&slices).ok());
  }
  ASSERT_EQ(slices.size(), 2u);
  EXPECT_EQ(reinterpret_cast<const char*>(slices[1].begin()), where);
  EXPECT_FALSE(alive.expired());
  slices.clear();
  EXPECT_TRUE(alive.expired());
}

}  // namespace
}  // namespace remote_dram::gateway
