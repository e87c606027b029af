// Pages of a listing: an accepted page, packed again, yields the same bytes.
#include "wire/list_page.h"

#include "base/check.h"
#include "base/fuzzing.h"

namespace remote_dram::fuzz {

void Run(std::string_view input) {
  Choices choices(input);
  const auto count = choices.Number<uint32_t>();
  const std::string_view page = choices.Rest();
  std::vector<ListEntry> entries;
  if (wire::UnpackList(page, count, &entries) != nullptr) return;
  RD_CHECK(entries.size() == count && wire::PackList(entries) == page);
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  const std::vector<ListEntry> entries = {{"", 0}, {"a", 1}, {std::string(300, 'k'), UINT64_MAX}};
  for (uint32_t count = 0; count <= entries.size(); ++count) {
    const std::string page = wire::PackList({entries.begin(), entries.begin() + count});
    seeds.push_back(Script().Number(count).bytes() + page);
  }
  return seeds;
}

}  // namespace remote_dram::fuzz
