// FreeExtents: the same extents in two orders: by place, to join neighbours, and by size, to find the best fit.
#include "store/extents.h"

#include <iterator>

#include "base/check.h"

namespace remote_dram::store {

std::optional<Extent> FreeExtents::Take(uint64_t pages) {
  const auto fit = by_size_.lower_bound(Size{pages, 0, 0});
  if (fit == by_size_.end()) return std::nullopt;
  const auto [length, segment, page] = *fit;
  Remove({segment, page, length});
  if (length > pages) Insert({segment, page + pages, length - pages});
  return Extent{segment, page, pages};
}

Extent FreeExtents::Give(Extent extent) {
  const auto after = by_place_.lower_bound(Place{extent.segment, extent.page});
  const Extent given = extent;
  std::optional<Extent> left, right;
  if (after != by_place_.end()) {
    const auto [segment, page] = after->first;
    RD_CHECK(segment != given.segment || page >= given.page + given.pages);
    if (segment == given.segment && page == given.page + given.pages) {
      right = {segment, page, after->second};
    }
  }
  if (after != by_place_.begin()) {
    const auto before = std::prev(after);
    const auto [segment, page] = before->first;
    RD_CHECK(segment != given.segment || page + before->second <= given.page);
    if (segment == given.segment && page + before->second == given.page) {
      left = {segment, page, before->second};
    }
  }
  if (left) {
    Remove(*left);
    extent = {extent.segment, left->page, left->pages + extent.pages};
  }
  if (right) {
    Remove(*right);
    extent.pages += right->pages;
  }
  Insert(extent);
  return extent;
}

void FreeExtents::Remove(const Extent& extent) {
  const size_t places = by_place_.erase(Place{extent.segment, extent.page});
  const size_t sizes = by_size_.erase(Size{extent.pages, extent.segment, extent.page});
  RD_CHECK(places == 1 && sizes == 1);
}

void FreeExtents::Insert(const Extent& extent) {
  by_place_.emplace(Place{extent.segment, extent.page}, extent.pages);
  by_size_.emplace(extent.pages, extent.segment, extent.page);
}

}  // namespace remote_dram::store
