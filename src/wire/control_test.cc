// The control frames: each survives encoding and decoding, and each rule refuses frames that break it.
#include "wire/control.h"

#include "base/unix_socket.h"
#include "remote_dram/status.h"
#include "wire/testing.h"

namespace remote_dram::wire {
namespace {

constexpr uint32_t kShm = static_cast<uint32_t>(DataPath::kShm), kTcp = static_cast<uint32_t>(DataPath::kTcp),
                   kRings = static_cast<uint32_t>(DataPath::kRings);

Welcome GoodWelcome() { return {.incarnation = 1, .token = 2, .requests_in_flight_max = 1, .client = {.id_high = 1}}; }

TEST(Control, FramesSurviveTheirTrip) {
  ExpectRoundTrip(ControlHeader{.type = 1}, "body");
  ExpectRoundTrip(Hello{.version_min = 1, .version_max = 7, .client = {.id_high = 1, .secret_low = ~uint64_t{0}}});
  Welcome welcome = GoodWelcome();
  ExpectRoundTrip(welcome);
  welcome.host_identity_bytes = 4;
  welcome.shm_address_bytes = 3;
  ExpectRoundTrip(welcome, "hostshm");
  ExpectRoundTrip(Refused{.code = 14, .message_bytes = 2}, "no");
  ExpectRoundTrip(Attach{.path = kShm, .address_bytes = 7}, "address");
  ExpectRoundTrip(Attach{.path = kTcp});
  ExpectRoundTrip(Attach{.path = kRings});
  ExpectRoundTrip(Attached{});
}

TEST(Control, AFrameIsHeaderBodyAndTail) {
  const std::string frame = ControlFrame(ControlType::kRefused, Refused{.code = 3, .message_bytes = 3}, "why");
  ControlHeader header;
  Refused refused;
  std::string_view body, tail;
  ASSERT_STREQ(Parse(frame, &header, &body), nullptr);
  EXPECT_EQ(header.type, static_cast<uint16_t>(ControlType::kRefused));
  ASSERT_STREQ(Parse(body, &refused, &tail), nullptr);
  EXPECT_EQ(refused.code, 3u);
  EXPECT_EQ(tail, "why");
  EXPECT_EQ(frame.substr(0, 4), "RDRM");
}

TEST(Control, RefusesAHeaderThatIsNotOfThisProtocol) {
  EXPECT_EQ(Refusal(ControlHeader{.magic = kControlMagic + 1, .type = 1}), "the magic number is wrong");
  EXPECT_EQ(Refusal(ControlHeader{.type = 1, .reserved = 1}), "reserved bytes are not zero");
}

TEST(Control, RefusesAHelloWithoutAVersionOrThatSaysMore) {
  const std::string empty = "the range of versions is empty";
  EXPECT_EQ(Refusal(Hello{.version_min = 0, .version_max = 1}), empty);
  EXPECT_EQ(Refusal(Hello{.version_min = 2, .version_max = 1}), empty);
  EXPECT_EQ(Refusal(Hello{.version_min = 2, .version_max = 2}), "");
  EXPECT_EQ(Refusal(Hello{.reserved = 1}), "reserved bytes are not zero");
  EXPECT_EQ(Refusal(Hello{}, "a"), "bytes follow where none are expected");
}

TEST(Control, RefusesAWelcomeThatLacksWhatEveryServerHas) {
  Welcome welcome = GoodWelcome();
  welcome.version = 0;
  EXPECT_EQ(Refusal(welcome), "the version is zero");
  welcome = GoodWelcome();
  welcome.incarnation = 0;
  EXPECT_EQ(Refusal(welcome), "the incarnation is zero");
  welcome = GoodWelcome();
  welcome.token = 0;
  EXPECT_EQ(Refusal(welcome), "the token is zero");
  welcome = GoodWelcome();
  welcome.requests_in_flight_max = 0;
  EXPECT_EQ(Refusal(welcome), "no requests are allowed");
}

TEST(Control, RefusesAWelcomeWhoseTailIsNotWhatItAnnounces) {
  const std::string other = "the tail has another size than announced";
  Welcome welcome = GoodWelcome();
  EXPECT_EQ(Refusal(welcome, "x"), other);
  welcome.host_identity_bytes = 2;
  welcome.shm_address_bytes = 2;
  EXPECT_EQ(Refusal(welcome, "abc"), other);
  EXPECT_EQ(Refusal(welcome, "abcd"), "");
  EXPECT_EQ(Refusal(welcome, "abcde"), other);
  welcome.host_identity_bytes = UINT32_MAX;  // plus 1 would overflow a 32-bit sum
  welcome.shm_address_bytes = 1;
  EXPECT_EQ(Refusal(welcome), other);
}

TEST(Control, RefusesAWelcomeThatNamesALongerPathThanASocketHas) {
  Welcome welcome = GoodWelcome();
  welcome.socket_path_bytes = base::socket_path_bytes_max;
  EXPECT_EQ(Refusal(welcome, std::string(base::socket_path_bytes_max, 'p')), "");
  welcome.socket_path_bytes = base::socket_path_bytes_max + 1;
  EXPECT_EQ(Refusal(welcome, std::string(base::socket_path_bytes_max + 1, 'p')), "the path of its Unix socket is longer than any");
}

TEST(Control, RefusesARefusalWithoutAnError) {
  EXPECT_EQ(Refusal(Refused{.code = 0}), "the code is not one of an error");
  EXPECT_EQ(Refusal(Refused{.code = 1}), "");
  EXPECT_EQ(Refusal(Refused{.code = kStatusCodeMax}), "");
  EXPECT_EQ(Refusal(Refused{.code = kStatusCodeMax + 1}), "the code is not one of an error");
  EXPECT_EQ(Refusal(Refused{.code = 3, .message_bytes = 1}), "the message has another size than announced");
  EXPECT_EQ(Refusal(Refused{.code = 3}, "x"), "the message has another size than announced");
}

TEST(Control, RefusesAnAttachThatLeadsNowhere) {
  EXPECT_EQ(Refusal(Attach{.path = 0}), "the path is unknown");
  EXPECT_EQ(Refusal(Attach{.path = kRings + 1}), "the path is unknown");
  EXPECT_EQ(Refusal(Attach{.path = kShm, .address_bytes = 2}, "a"), "the address has another size than announced");
  EXPECT_EQ(Refusal(Attach{.path = kShm}), "shared memory needs an address, the other paths have none");
  EXPECT_EQ(Refusal(Attach{.path = kTcp, .address_bytes = 1}, "a"), "shared memory needs an address, the other paths have none");
}

TEST(Control, RefusesAnAttachedThatSaysMore) {
  EXPECT_EQ(Refusal(Attached{.reserved = 1}), "reserved bytes are not zero");
  EXPECT_EQ(Refusal(Attached{}, "x"), "bytes follow where none are expected");
}

template <typename Body>
void Survives(std::string_view bytes) {
  const Exactly input(bytes);
  Body body;
  std::string_view tail;
  if (Parse(input.view(), &body, &tail) == nullptr) {
    EXPECT_EQ(Bytes(body, tail), bytes);
  }
}

TEST(Control, SurvivesBytesWithoutSense) {
  Noise noise;
  for (int i = 0; i < 20'000; ++i) {
    const std::string bytes = noise.Next(80);
    Survives<ControlHeader>(bytes);
    Survives<Hello>(bytes);
    Survives<Welcome>(bytes);
    Survives<Refused>(bytes);
    Survives<Attach>(bytes);
    Survives<Attached>(bytes);
  }
}

}  // namespace
}  // namespace remote_dram::wire
