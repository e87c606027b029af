// The memory of a hostile server: a look-up in an index and a segment of arbitrary bytes never reads beyond them, and the
// value it finds lies within the segment.
#include "wire/mapped_lookup.h"

#include <cstdlib>
#include <memory>

#include "base/check.h"
#include "base/fuzzing.h"
#include "wire/mapped_testing.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

constexpr uint32_t kSegment = 3;
constexpr uint64_t kPayloadAt = kTestPayloadAt;

// A copy on the heap, aligned to a unit as a mapping is, so that AddressSanitizer sees any access beyond it.
class Memory {
 public:
  explicit Memory(std::string_view bytes) : base_(static_cast<char*>(std::aligned_alloc(kMappedUnitBytes, Rounded(bytes.size())))),
                                            size_(Rounded(bytes.size())) {
    std::memset(base_, 0, size_);
    std::memcpy(base_, bytes.data(), bytes.size());
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { std::free(base_); }
  std::string_view bytes() const { return {base_, size_}; }

 private:
  static size_t Rounded(size_t bytes) { return (bytes / kMappedUnitBytes + 1) * kMappedUnitBytes; }
  char* const base_;
  const size_t size_;
};

class OneSegment final : public MappedSegments {
 public:
  explicit OneSegment(std::string_view bytes) : bytes_(bytes) {}
  std::string_view Bytes(uint32_t segment) const override { return segment == kSegment ? bytes_ : std::string_view(); }

 private:
  const std::string_view bytes_;
};

std::string Seed(const std::string& index, const std::string& segment) {
  return Script().Text(index).Text(segment).bytes();
}

}  // namespace

void Run(std::string_view input) {
  Choices choices(input);
  const Memory index_memory(choices.Text()), segment_memory(choices.Text());
  MappedIndex index;
  if (MappedIndex::Open(index_memory.bytes(), &index) != nullptr) return;
  const OneSegment segments(segment_memory.bytes());
  uint64_t pin = 0;
  const MappedFound found = index.Find(kTestKey, segments, &pin);
  RD_CHECK((pin != 0) == (found.state == MappedFound::State::kFound));
  if (found.state != MappedFound::State::kFound) return;
  RD_CHECK(found.segment == kSegment);
  const std::string_view all = segment_memory.bytes();
  for (const std::string_view part : {found.value, found.key}) RD_CHECK(part.begin() >= all.begin() && part.end() <= all.end());
}

std::vector<std::string> Seeds() {
  std::string link;
  Append(&link, MappedLink{.handle = MappedHandle(kSegment, kPayloadAt)});
  std::string both = BlockOf(BlockKind::kValue, "value", 5);
  both.resize(2 * kPayloadAt);
  std::string chain = BlockOf(BlockKind::kLink, link, 5).substr(kPayloadAt - sizeof(MappedBlock));
  both.resize(3 * kPayloadAt - sizeof(MappedBlock));
  return {Seed(IndexTo(MappedHandle(kSegment, kPayloadAt)), BlockOf(BlockKind::kValue, "value", 5)),
          Seed(IndexTo(MappedHandle(kSegment, 3 * kPayloadAt)), both + chain),
          Seed(IndexTo(MappedHandle(kSegment, kPayloadAt)), BlockOf(BlockKind::kLink, link, 5)),
          Seed(IndexTo(MappedHandle(kSegment + 1, kPayloadAt)), ""), Seed(IndexTo(0), "")};
}

}  // namespace remote_dram::fuzz
