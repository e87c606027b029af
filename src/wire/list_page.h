// A page of a listing as payload: for each entry a struct and its key, without gaps.
//
// Memory: PackList returns a new string; UnpackList copies the keys. Threads: pure functions.
// Failure: UnpackList returns what is wrong with the page. Limits: list_entries_max entries.
#ifndef REMOTE_DRAM_WIRE_LIST_PAGE_H_
#define REMOTE_DRAM_WIRE_LIST_PAGE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remote_dram/verbs.h"

namespace remote_dram::wire {

struct ListedEntry {
  uint64_t value_bytes = 0;
  uint64_t key_bytes = 0;
};
static_assert(sizeof(ListedEntry) == 16);

std::string PackList(const std::vector<ListEntry>& entries);

// Returns null, or what is wrong with the page.
const char* UnpackList(std::string_view payload, uint32_t count, std::vector<ListEntry>* entries);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_LIST_PAGE_H_
