// The messages of the data path: each survives encoding and decoding, and each rule refuses messages that break it.
#include "wire/message.h"

#include "base/validate.h"
#include "remote_dram/status.h"
#include "remote_dram/verbs.h"
#include "wire/testing.h"

namespace remote_dram::wire {
namespace {

constexpr WireGeneration kNone{}, kMissing{.kind = 1}, kVersion{.incarnation = 5, .sequence = 6, .kind = 2};
const std::string kLongestKey(key_bytes_max, 'k');
const std::string kTooLongKey = kLongestKey + "k";
constexpr const char* kFollows = "bytes follow where none are expected";
constexpr const char* kTooLong = "the key is longer than key_bytes_max";
constexpr const char* kState = "the state is unknown";
constexpr const char* kFlag = "a flag is neither 0 nor 1";
constexpr const char* kReserved = "reserved bytes are not zero";
constexpr const char* kBound = "a bound of the range is longer than a key can be";

std::string HeaderFault(const MessageHeader& header) {
  const char* fault = header.Fault();
  return fault == nullptr ? "" : fault;
}

TEST(Message, HeadersAreRefusedWithAReason) {
  const MessageHeader good{.token = 1, .request = 2, .sequence = 3, .verb = 2};
  EXPECT_EQ(HeaderFault(good), "");
  MessageHeader bad = good;
  bad.token = 0;
  EXPECT_EQ(HeaderFault(bad), "the token is zero");
  for (const uint16_t verb : {uint16_t{0}, uint16_t{17}, uint16_t{UINT16_MAX}}) {
    bad = good;
    bad.verb = verb;
    EXPECT_EQ(HeaderFault(bad), "the verb is unknown") << verb;
  }
  for (const uint16_t verb : {uint16_t{1}, uint16_t{16}}) {
    bad = good;
    bad.verb = verb;
    EXPECT_EQ(HeaderFault(bad), "") << verb;
  }
  bad = good;
  bad.code = kStatusCodeMax;
  EXPECT_EQ(HeaderFault(bad), "");
  bad.code = kStatusCodeMax + 1;
  EXPECT_EQ(HeaderFault(bad), "the status code is unknown");
  bad = good;
  bad.span = mutations_window_max - 1;
  EXPECT_EQ(HeaderFault(bad), "");
  bad.span = mutations_window_max;
  EXPECT_EQ(HeaderFault(bad), "mutations are further apart than mutations_window_max");
}

TEST(Message, GenerationsOfEveryKindSurviveTheirTrip) {
  for (const Generation& generation :
       {Generation::Unknown(), Generation::Missing(), Generation::Value(7, 9), Generation::Foreign()}) {
    const WireGeneration wire = WireGeneration::From(generation);
    EXPECT_STREQ(wire.Fault(), nullptr);
    EXPECT_EQ(wire.ToGeneration().kind(), generation.kind());
    EXPECT_EQ(wire.ToGeneration().incarnation(), generation.incarnation());
    EXPECT_EQ(wire.ToGeneration().sequence(), generation.sequence());
  }
}

TEST(Message, GenerationsWithoutSenseAreRefused) {
  EXPECT_STREQ(WireGeneration{.kind = 4}.Fault(), "the kind of a generation is unknown");
  EXPECT_STREQ(WireGeneration{.kind = UINT64_MAX}.Fault(), "the kind of a generation is unknown");
  for (const uint64_t kind : {0, 1, 3}) {
    EXPECT_STREQ((WireGeneration{.incarnation = 1, .kind = kind}.Fault()), "a generation without a value has numbers");
    EXPECT_STREQ((WireGeneration{.sequence = 1, .kind = kind}.Fault()), "a generation without a value has numbers");
  }
}

TEST(Message, RequestsSurviveTheirTrip) {
  ExpectRoundTrip(JoinRequest{.incarnation = 1});
  for (const std::string& key : {std::string(), std::string("a\0b", 3), kLongestKey.substr(1), kLongestKey}) {
    ExpectRoundTrip(GetRequest{.if_generation = kVersion, .if_not_generation = kMissing, .range_min = -5}, key);
    ExpectRoundTrip(GetWholeRequest{.room_bytes = 64}, key);
    ExpectRoundTrip(PutRequest{.if_generation = kMissing, .value_bytes = 1}, key);
    ExpectRoundTrip(DeleteRequest{.if_generation = kVersion}, key);
    ExpectRoundTrip(StatRequest{}, key);
  }
  ExpectRoundTrip(DeleteRangeRequest{.begin_bytes = 4097, .end_bytes = 4097});
  ExpectRoundTrip(ListRequest{.begin_bytes = 4097, .end_bytes = 0, .after_bytes = 4096, .resume = 1, .entries_max = 1});
  ExpectRoundTrip(StatServerRequest{});
}

TEST(Message, RepliesSurviveTheirTrip) {
  ExpectRoundTrip(JoinReply{});
  ExpectRoundTrip(GetReply{.generation = kVersion, .value_bytes = 9, .payload_bytes = 9, .state = 0});
  ExpectRoundTrip(GetReply{.generation = kMissing, .state = 1});
  ExpectRoundTrip(GetReply{.generation = kVersion, .value_bytes = 9, .state = 2});
  ExpectRoundTrip(WriteReply{.generation = kVersion, .state = 0});
  ExpectRoundTrip(WriteReply{.generation = kNone, .state = 1});
  ExpectRoundTrip(DeleteRangeReply{.keys_deleted = 3});
  ExpectRoundTrip(ListReply{.entries = 1, .more = 1, .payload_bytes = 17});
  ExpectRoundTrip(StatReply{.generation = kVersion, .value_bytes = 3, .exists = 1});
  ExpectRoundTrip(StatServerReply{.incarnation = 1}, "0.1.0");
}

TEST(Message, KeysOverTheLimitAreRefusedByEveryVerbThatHasOne) {
  EXPECT_EQ(Refusal(GetRequest{}, kTooLongKey), kTooLong);
  EXPECT_EQ(Refusal(GetWholeRequest{}, kTooLongKey), kTooLong);
  EXPECT_EQ(Refusal(PutRequest{}, kTooLongKey), kTooLong);
  EXPECT_EQ(Refusal(DeleteRequest{}, kTooLongKey), kTooLong);
  EXPECT_EQ(Refusal(StatRequest{}, kTooLongKey), kTooLong);
}

TEST(Message, BytesAreRefusedWhereNoneAreExpected) {
  EXPECT_EQ(Refusal(JoinRequest{}, "x"), kFollows);
  EXPECT_EQ(Refusal(JoinReply{}, "x"), kFollows);
  EXPECT_EQ(Refusal(GetReply{.generation = kMissing, .state = 1}, "x"), kFollows);
  EXPECT_EQ(Refusal(WriteReply{}, "x"), kFollows);
  EXPECT_EQ(Refusal(DeleteRangeRequest{}, "x"), kFollows);
  EXPECT_EQ(Refusal(DeleteRangeReply{}, "x"), kFollows);
  EXPECT_EQ(Refusal(ListRequest{.entries_max = 1}, "x"), kFollows);
  EXPECT_EQ(Refusal(ListReply{}, "x"), kFollows);
  EXPECT_EQ(Refusal(StatReply{}, "x"), kFollows);
  EXPECT_EQ(Refusal(StatServerRequest{}, "x"), kFollows);
}

TEST(Message, BadGenerationsAreRefusedWhereverTheyStand) {
  constexpr WireGeneration bad{.kind = 9};
  const std::string why = "the kind of a generation is unknown";
  EXPECT_EQ(Refusal(GetRequest{.if_generation = bad, .if_not_generation = kNone}), why);
  EXPECT_EQ(Refusal(GetRequest{.if_generation = kNone, .if_not_generation = bad}), why);
  EXPECT_EQ(Refusal(GetReply{.generation = bad}), why);
  EXPECT_EQ(Refusal(PutRequest{.if_generation = bad}), why);
  EXPECT_EQ(Refusal(DeleteRequest{.if_generation = bad}), why);
  EXPECT_EQ(Refusal(WriteReply{.generation = bad}), why);
  EXPECT_EQ(Refusal(StatReply{.generation = bad}), why);
}

TEST(Message, StatesFlagsAndReservedBytesHaveNoOtherValues) {
  EXPECT_EQ(Refusal(GetReply{.generation = kNone, .state = 3}), kState);
  EXPECT_EQ(Refusal(WriteReply{.generation = kNone, .state = 2}), kState);
  EXPECT_EQ(Refusal(ListRequest{.resume = 2, .entries_max = 1}), kFlag);
  EXPECT_EQ(Refusal(ListReply{.entries = 1, .more = 2}), kFlag);
  EXPECT_EQ(Refusal(StatReply{.generation = kNone, .exists = 2}), kFlag);
  EXPECT_EQ(Refusal(JoinReply{.reserved = 1}), kReserved);
  EXPECT_EQ(Refusal(ListRequest{.entries_max = 1, .reserved = 1}), kReserved);
  EXPECT_EQ(Refusal(StatRequest{.reserved = 1}), kReserved);
  EXPECT_EQ(Refusal(StatServerRequest{.reserved = 1}), kReserved);
}

TEST(Message, AReadHasNoMoreBytesThanItsValueAndNoneWithoutOne) {
  EXPECT_EQ(Refusal(GetReply{.generation = kVersion, .value_bytes = 8, .payload_bytes = 9}), "more bytes than the value has");
  EXPECT_EQ(Refusal(GetReply{.generation = kVersion, .value_bytes = 9, .payload_bytes = 9, .state = 2}), "bytes without a value");
}

TEST(Message, BoundsAreAtMostOneByteLongerThanAKey) {
  constexpr auto max = static_cast<uint32_t>(base::range_bound_bytes_max);
  static_assert(max == key_bytes_max + 1);
  EXPECT_EQ(Refusal(DeleteRangeRequest{.begin_bytes = max, .end_bytes = max}), "");
  EXPECT_EQ(Refusal(DeleteRangeRequest{.begin_bytes = max + 1}), kBound);
  EXPECT_EQ(Refusal(DeleteRangeRequest{.end_bytes = max + 1}), kBound);
  EXPECT_EQ(Refusal(ListRequest{.begin_bytes = max + 1, .entries_max = 1}), kBound);
  EXPECT_EQ(Refusal(ListRequest{.end_bytes = max + 1, .entries_max = 1}), kBound);
  EXPECT_EQ(Refusal(ListRequest{.after_bytes = max - 1, .resume = 1, .entries_max = 1}), "");
  EXPECT_EQ(Refusal(ListRequest{.after_bytes = max, .resume = 1, .entries_max = 1}), kTooLong);
}

TEST(Message, AListingSaysHowMuchItWantsAndFromWhere) {
  EXPECT_EQ(Refusal(ListRequest{.after_bytes = 1, .entries_max = 1}), "a key to resume after, but no resuming");
  EXPECT_EQ(Refusal(ListRequest{.resume = 1, .entries_max = 1}), "");  // resumes after the empty key
  EXPECT_EQ(Refusal(ListRequest{.entries_max = 0}), "a page of no entries");
  EXPECT_EQ(Refusal(ListReply{.entries = 0, .more = 1}), "more is to come after nothing");
}

TEST(Message, TheVersionOfTheSoftwareIsNotALongText) {
  EXPECT_EQ(Refusal(StatServerReply{}, std::string(error_text_bytes_max, 'v')), "");
  EXPECT_EQ(Refusal(StatServerReply{}, std::string(error_text_bytes_max + 1, 'v')), "the version's name is too long");
}

template <typename... Bodies>
void Survive(const std::string& bytes) {
  const Exactly input(bytes);
  const auto one = [&input](auto body) {
    std::string_view tail;
    if (Parse(input.view(), &body, &tail) == nullptr) {
      EXPECT_EQ(Bytes(body, tail), input.view());
    }
  };
  (one(Bodies{}), ...);
}

TEST(Message, SurvivesBytesWithoutSense) {
  Noise noise;
  for (int i = 0; i < 20'000; ++i) {
    const std::string bytes = noise.Next(120);
    Survive<JoinRequest, JoinReply, GetRequest, GetWholeRequest, GetReply>(bytes);
    Survive<PutRequest, DeleteRequest, WriteReply>(bytes);
    Survive<DeleteRangeRequest, DeleteRangeReply, ListRequest, ListReply>(bytes);
    Survive<StatRequest, StatReply, StatServerRequest, StatServerReply>(bytes);
    MessageHeader header;
    std::string_view from = bytes;
    if (Take(&from, &header) == nullptr) (void)header.Fault();
  }
}

}  // namespace
}  // namespace remote_dram::wire
