// Checks of a request's arguments: byte ranges, and keys and bounds of any length.
#include "base/validate.h"

#include "base/check.h"
#include "base/fuzzing.h"

namespace remote_dram::fuzz {

void Run(std::string_view input) {
  Choices choices(input);
  ByteRange range;
  range.min = choices.Number<int64_t>();
  range.max = choices.Number<int64_t>();
  const auto value_bytes = choices.Number<uint64_t>();
  const Result<base::ResolvedRange> part = base::ResolveRange(range, value_bytes);
  if (part.ok()) {
    RD_CHECK(base::CheckByteRange(range).ok());
    RD_CHECK(part->offset <= value_bytes && part->size <= value_bytes - part->offset);
    RD_CHECK(!range.full() || part->size == value_bytes);
  }
  ListOptions options;
  options.entries_max = choices.Number<uint32_t>();
  const KeyRange keys{std::string(choices.Text()), std::string(choices.Text())};
  options.after = choices.Rest();
  if (!base::CheckList(keys, options).ok()) return;
  RD_CHECK(options.entries_max > 0 && options.entries_max <= list_entries_max);
  RD_CHECK(options.after->size() <= key_bytes_max);
  RD_CHECK(keys.begin.size() <= base::range_bound_bytes_max &&
           keys.end.size() <= base::range_bound_bytes_max);
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  const ByteRange ranges[] = {{0, -1},         {2, 5}, {-3, -1},      {0, 0},
                              {INT64_MIN, -1}, {5, 2}, {0, INT64_MAX}};
  for (const ByteRange& range : ranges) {
    Script script;
    script.Number(range.min)
        .Number(range.max)
        .Number(uint64_t{10})
        .Number(uint32_t{7})
        .Text("a")
        .Text("b");
    seeds.push_back(script.bytes() + "after");
  }
  Script long_bound;
  long_bound.Number(uint64_t{0}).Number(uint64_t{0}).Number(uint64_t{0}).Number(uint32_t{7});
  seeds.push_back(long_bound.Text(std::string(base::range_bound_bytes_max + 1, 'k')).bytes());
  return seeds;
}

}  // namespace remote_dram::fuzz
