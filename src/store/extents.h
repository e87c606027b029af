// FreeExtents: the free pages of all segments, as the longest possible extents.
//
// Memory: its own small records; it never touches the pages.
// Threads: not thread-safe; the arena's lock guards it.
// Failure: Take returns nothing if no extent is long enough. Giving pages that are already free is a defect (checked).
#ifndef REMOTE_DRAM_STORE_EXTENTS_H_
#define REMOTE_DRAM_STORE_EXTENTS_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace remote_dram::store {

// Consecutive pages of one segment.
struct Extent {
  uint32_t segment = 0;
  uint64_t page = 0;
  uint64_t pages = 0;
  friend bool operator==(const Extent&, const Extent&) = default;
};

class FreeExtents {
 public:
  // Takes the first pages of the shortest extent that is long enough; of several equally short ones, of the one with the
  // lowest address.
  std::optional<Extent> Take(uint64_t pages);

  // Joins the pages with their free neighbours in the segment; returns the joined extent.
  Extent Give(Extent extent);

  // Removes exactly this extent, which must be a whole free one, as Give returns it.
  void Remove(const Extent& extent);

 private:
  using Place = std::tuple<uint32_t, uint64_t>;  // segment, page
  using Size = std::tuple<uint64_t, uint32_t, uint64_t>;  // pages, segment, page

  void Insert(const Extent& extent);

  std::map<Place, uint64_t> by_place_;  // pages
  std::set<Size> by_size_;
};

}  // namespace remote_dram::store

#endif  // REMOTE_DRAM_STORE_EXTENTS_H_
