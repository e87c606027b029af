// FreeExtents: the pages of all segments that are free, as the longest possible extents.
//
// Memory: its own small records; it never touches the pages.
// Threads: none of its own; the arena's lock.
// Failure: Take has nothing to give. Giving what is free already is a defect (checked).
#ifndef REMOTE_DRAM_STORE_EXTENTS_H_
#define REMOTE_DRAM_STORE_EXTENTS_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace remote_dram::store {

// Pages of one segment in a row.
struct Extent {
  uint32_t segment = 0;
  uint64_t page = 0;
  uint64_t pages = 0;
  friend bool operator==(const Extent&, const Extent&) = default;
};

class FreeExtents {
 public:
  // The first pages of the shortest extent that is long enough; of equal ones, that with the lowest address.
  std::optional<Extent> Take(uint64_t pages);

  // Joins the pages with their free neighbours in the segment; returns the whole.
  Extent Give(Extent extent);

  // Takes exactly this extent, which Give has returned, off the list.
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
