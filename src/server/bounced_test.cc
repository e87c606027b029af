// Bounced: what arrives piece by piece, and pieces that no correct client sends.
#include "server/bounced.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <string>

namespace remote_dram::server {
namespace {

constexpr uint64_t kBytes = 8192;

class BouncedTest : public testing::Test {
 protected:
  BouncedTest() {
    EXPECT_EQ(ftruncate(memory_.fd(), kBytes), 0);
    EXPECT_EQ(fcntl(memory_.fd(), F_ADD_SEALS, F_SEAL_SHRINK), 0);
    buffers_ = static_cast<char*>(mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory_.fd(), 0));
    bounced_.Open(*base::SealedMemory::Map(memory_, 0, kBytes));
  }
  ~BouncedTest() override { munmap(buffers_, kBytes); }

  wire::Piece Write(uint64_t offset, std::string_view bytes, uint64_t payload_bytes) {
    std::memcpy(buffers_ + offset, bytes.data(), bytes.size());
    return {.offset = offset, .bytes = bytes.size(), .payload_bytes = payload_bytes};
  }
  void Begin(uint64_t request, const wire::Piece& piece, char* to) {
    ended_.reset();
    bounced_.Begin(request, piece, to, [this](const Status& status) { ended_ = status; });
  }

  base::Descriptor memory_{[] { return memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING); }};
  char* buffers_;
  Bounced bounced_;
  std::optional<Status> ended_;
};

TEST_F(BouncedTest, EndsWithTheLastByte) {
  std::string place(6, ' ');
  Begin(7, Write(0, "ab", 6), place.data());
  EXPECT_EQ(bounced_.GoOn(7, Write(4096, "cde", 6)), nullptr);
  EXPECT_FALSE(ended_.has_value());
  EXPECT_EQ(bounced_.GoOn(7, Write(0, "f", 6)), nullptr);
  ASSERT_TRUE(ended_.has_value());
  EXPECT_TRUE(ended_->ok());
  EXPECT_EQ(place, "abcdef");
}

TEST_F(BouncedTest, AllOfItMayComeAfterTheRequest) {
  std::string place(2, ' ');
  Begin(7, {.payload_bytes = 2}, place.data());
  EXPECT_EQ(bounced_.GoOn(7, Write(100, "ab", 2)), nullptr);
  EXPECT_TRUE(ended_.has_value() && ended_->ok());
  EXPECT_EQ(place, "ab");
}

TEST_F(BouncedTest, APieceWithoutBytesGivesItUp) {
  std::string place(4, ' ');
  Begin(7, Write(0, "ab", 4), place.data());
  EXPECT_EQ(bounced_.GoOn(7, {.payload_bytes = 4}), nullptr);
  ASSERT_TRUE(ended_.has_value());
  EXPECT_EQ(ended_->ToString(), "CANCELLED: the client gave it up");
  ended_.reset();
  EXPECT_EQ(bounced_.GoOn(7, Write(0, "cd", 4)), nullptr);  // came too late
  EXPECT_FALSE(ended_.has_value());
  EXPECT_EQ(place, "ab  ");
}

TEST_F(BouncedTest, SaysWhatNoCorrectClientSends) {
  EXPECT_EQ(bounced_.Check({.offset = kBytes - 2, .bytes = 2, .payload_bytes = 2}), nullptr);
  EXPECT_STREQ(bounced_.Check({.offset = kBytes - 1, .bytes = 2, .payload_bytes = 2}), "a piece lies beyond the bounce buffers");
  EXPECT_STREQ(bounced_.Check({.offset = kBytes + 1}), "a piece lies beyond the bounce buffers");
  EXPECT_STREQ(bounced_.Check({.offset = UINT64_MAX, .bytes = 2}), "a piece lies beyond the bounce buffers");
  std::string place(3, ' ');
  Begin(7, Write(0, "ab", 3), place.data());
  EXPECT_STREQ(bounced_.GoOn(7, Write(0, "cd", 3)), "more pieces than the payload has bytes");
  EXPECT_EQ(place, "ab ");
  bounced_.Clear();
  EXPECT_STREQ(bounced_.Check({}), "a piece in bounce buffers that are not there");
  EXPECT_FALSE(ended_.has_value());
}

}  // namespace
}  // namespace remote_dram::server
