// Payloads of batches, requests and replies: an accepted payload, packed again, yields the same bytes (outcomes: as many).
#include "wire/batch.h"

#include "base/check.h"
#include "base/fuzzing.h"
#include "wire/batch_reply.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

std::string Flat(const Pieces& pieces) {
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  return all;
}

}  // namespace

void Run(std::string_view input) {
  Choices choices(input);
  const auto count = choices.Number<uint32_t>();
  const std::string_view payload = choices.Rest();
  std::vector<base::ReadView> reads;
  if (UnpackReads(payload, count, &reads) == nullptr) {
    RD_CHECK(reads.size() == count && PackReads(reads) == payload);
  }
  std::vector<WriteOperation> writes;
  std::vector<bool> ahead;
  if (UnpackWrites(payload, count, &writes, &ahead) == nullptr) {
    std::string again = PackWrites(writes, ahead);
    for (const WriteOperation& each : writes) again += Flat(each.value);
    RD_CHECK(writes.size() == count && again == payload);
  }
  std::vector<BatchPart> parts;
  if (UnpackOutcomes(payload, count, &parts) == nullptr) {
    std::string table;
    RD_CHECK(parts.size() == count && Flat(PackOutcomes(&parts, &table)).size() == payload.size());
  }
}

std::vector<std::string> Seeds() {
  using Kind = WriteOperation::Kind;
  base::ReadView read;
  read.key = "key";
  WriteOperation put, range;
  put.key = "key";
  put.value = {"value"};
  range.kind = Kind::kDeleteRange;
  range.key = "a";
  range.end = "b";
  BatchPart value;
  value.outcome.value_bytes = 5;
  value.bytes = "value";
  std::vector<BatchPart> parts = {value, ErrorPart(StatusCode::kOutOfRange, "why"), value};
  std::string table;
  const std::string outcomes = Flat(PackOutcomes(&parts, &table));
  return {Script().Number(uint32_t{2}).bytes() + PackReads({read, read}),
          Script().Number(uint32_t{3}).bytes() + PackWrites({put, range, put}, {false, false, true}) + "value",
          Script().Number(uint32_t{3}).bytes() + outcomes};
}

}  // namespace remote_dram::fuzz
