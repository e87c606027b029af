// The outcomes of a batch: packed and unpacked, aligned, truncated at every size, and random bytes.
#include "wire/batch_reply.h"

#include "remote_dram/verbs.h"
#include "wire/testing.h"

namespace remote_dram::wire {
namespace {

std::string Flat(const Pieces& pieces) {
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  return all;
}

BatchPart ValuePart(std::string_view bytes) {
  BatchPart part;
  part.outcome.generation = WireGeneration::From(Generation::Value(1, 2));
  part.outcome.value_bytes = bytes.size() + 1;
  part.outcome.sequence = 3;
  part.bytes = bytes;
  return part;
}

const std::string kLong(100, 'l');

std::vector<BatchPart> Parts() {
  BatchPart missing;
  missing.outcome.state = static_cast<uint32_t>(ReadState::kMissing);
  return {ValuePart("a"), missing, ErrorPart(StatusCode::kOutOfRange, "why"), ValuePart(""), ValuePart(kLong), ValuePart("z")};
}

std::string Payload() {
  std::vector<BatchPart> parts = Parts();
  std::string table;
  return Flat(PackOutcomes(&parts, &table));
}

std::string Refused(std::string_view payload, uint32_t count) {
  const Exactly input(payload);
  std::vector<BatchPart> parts;
  const char* fault = UnpackOutcomes(input.view(), count, &parts);
  return fault == nullptr ? "" : fault;
}

TEST(BatchReply, GivesBackEveryOutcomeAndWhatItBrings) {
  const std::string payload = Payload();
  std::vector<BatchPart> parts;
  ASSERT_STREQ(UnpackOutcomes(payload, 6, &parts), nullptr);
  ASSERT_EQ(parts.size(), 6u);
  for (size_t i = 0; i < 6; ++i) EXPECT_EQ(parts[i].bytes, Parts()[i].bytes) << i;
  EXPECT_EQ(parts[0].outcome.generation.ToGeneration(), Generation::Value(1, 2));
  EXPECT_EQ(parts[0].outcome.value_bytes, 2u);
  EXPECT_EQ(parts[0].outcome.sequence, 3u);
  EXPECT_EQ(parts[1].outcome.state, 1u);
  EXPECT_EQ(parts[2].outcome.code, static_cast<uint32_t>(StatusCode::kOutOfRange));
}

TEST(BatchReply, BeginsEveryValueAtAMultipleOf64) {
  const std::string payload = Payload();
  std::vector<BatchPart> parts;
  ASSERT_STREQ(UnpackOutcomes(payload, 6, &parts), nullptr);
  for (const BatchPart& part : parts) {
    if (!part.bytes.empty()) {
      EXPECT_EQ((part.bytes.data() - payload.data()) % 64, 0);
    }
  }
  EXPECT_EQ(payload.size(), 6 * sizeof(BatchOutcome) + 48 + 64 + 64 + 128 + 1);
}

TEST(BatchReply, CutsTheTextOfAnError) {
  const std::string text(error_text_bytes_max + 1, 't');
  EXPECT_EQ(ErrorPart(StatusCode::kUnavailable, text).bytes.size(), error_text_bytes_max);
}

TEST(BatchReply, RefusesToBeCutOffAnywhereOrToGoOn) {
  const std::string payload = Payload();
  for (size_t size = 0; size < payload.size(); ++size) EXPECT_NE(Refused(payload.substr(0, size), 6), "") << size;
  EXPECT_EQ(Refused(payload + "x", 6), "bytes follow the last value");
  EXPECT_EQ(Refused("", batch_operations_max + 1), "more outcomes than batch_operations_max");
  EXPECT_EQ(Refused("", 0), "");
}

TEST(BatchReply, RefusesOutcomesWithoutSense) {
  const auto refused = [](const BatchOutcome& outcome) { return Refused(Bytes(outcome, std::string(2000, 'x')), 1); };
  EXPECT_EQ(refused({.generation = {.kind = 9}}), "the kind of a generation is unknown");
  EXPECT_EQ(refused({.generation = {}, .code = 17}), "the status code is unknown");
  EXPECT_EQ(refused({.generation = {}, .payload_bytes = error_text_bytes_max + 1, .code = 1}), "the text of an error is too long");
  EXPECT_EQ(refused({.generation = {}, .state = 3}), "the state is unknown");
  EXPECT_EQ(refused({.generation = {}, .value_bytes = 1, .payload_bytes = 2}), "more bytes than the value has");
  EXPECT_EQ(refused({.generation = {}, .value_bytes = 1, .payload_bytes = 1, .state = 1}), "bytes without a value");
  EXPECT_EQ(refused({.generation = {}, .value_bytes = UINT64_MAX, .payload_bytes = UINT64_MAX}), "a value ends after the payload");
}

TEST(BatchReply, SurvivesBytesWithoutSense) {
  Noise noise;
  for (uint32_t i = 0; i < 20'000; ++i) Refused(noise.Next(400), i % 5);
}

}  // namespace
}  // namespace remote_dram::wire
