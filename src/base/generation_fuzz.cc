// Generation: parses TensorStore's byte encoding, and the hexadecimal form of the command line.
#include "base/check.h"
#include "base/fuzzing.h"
#include "remote_dram/generation.h"

namespace remote_dram::fuzz {

void Run(std::string_view input) {
  const Generation generation = Generation::FromBytes(input);
  if (generation.kind() == Generation::Kind::kForeign) {
    RD_CHECK(generation != generation);
  } else {
    RD_CHECK(Generation::FromBytes(generation.ToBytes()) == generation);
    RD_CHECK(Generation::FromHex(generation.ToHex()) == generation);
  }
  if (const auto from_hex = Generation::FromHex(input)) RD_CHECK(input.size() % 2 == 0);
}

std::vector<std::string> Seeds() {
  const Generation all[] = {{},
                            Generation::Missing(),
                            Generation::Foreign(),
                            Generation::Value(1, 2),
                            Generation::Value(UINT64_MAX, UINT64_MAX)};
  std::vector<std::string> seeds;
  for (const Generation& each : all) {
    seeds.push_back(each.ToBytes());
    seeds.push_back(each.ToHex());
  }
  return seeds;
}

}  // namespace remote_dram::fuzz
