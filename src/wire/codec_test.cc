// The codec: converts structs to bytes and back, and refuses input that is too short.
#include "wire/codec.h"

#include "wire/testing.h"

namespace remote_dram::wire {
namespace {

struct Pair {
  uint32_t first = 0;
  uint32_t second = 0;
  const char* Fault(size_t tail_bytes) const {
    if (first == 13) return "unlucky";
    return tail_bytes > 2 ? "the tail is too long" : nullptr;
  }
};

struct Padded {
  uint32_t first;
  uint64_t second;
};
struct Odd {
  uint32_t only;
};
static_assert(WireStruct<Pair>);
static_assert(!WireStruct<Padded>, "bytes that nobody wrote must not go out");
static_assert(!WireStruct<Odd>, "what follows would not be aligned");
static_assert(!WireStruct<std::string>);

TEST(Codec, WritesTheLowestByteFirst) {
  EXPECT_EQ(Bytes(Pair{0x04030201, 0x08070605}), "\x01\x02\x03\x04\x05\x06\x07\x08");
}

TEST(Codec, AppendsBehindWhatIsThere) {
  std::string message = "before";
  Append(&message, Pair{});
  EXPECT_EQ(message.substr(0, 6), "before");
  EXPECT_EQ(message.size(), 6 + sizeof(Pair));
}

TEST(Codec, GivesBackTheStructAndItsTail) {
  ExpectRoundTrip(Pair{1, 2});
  ExpectRoundTrip(Pair{1, 2}, "ab");
}

TEST(Codec, TakesStructsOneByOneOffTheFront) {
  const std::string bytes = Bytes(Pair{1, 2}) + Bytes(Pair{3, 4}) + "x";
  std::string_view from = bytes;
  Pair pair;
  EXPECT_EQ(Take(&from, &pair), nullptr);
  EXPECT_EQ(Take(&from, &pair), nullptr);
  EXPECT_EQ(pair.first, 3u);
  EXPECT_EQ(from, "x");
  EXPECT_STREQ(Take(&from, &pair), "the message is shorter than its header");
  EXPECT_EQ(from, "x");
}

TEST(Codec, AsksTheStructWhetherItMakesSenseWithItsTail) {
  EXPECT_EQ(Refusal(Pair{13, 0}), "unlucky");
  EXPECT_EQ(Refusal(Pair{1, 0}, "ab"), "");
  EXPECT_EQ(Refusal(Pair{1, 0}, "abc"), "the tail is too long");
}

}  // namespace
}  // namespace remote_dram::wire
