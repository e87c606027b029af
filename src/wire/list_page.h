// A page of a listing as payload: for each entry a struct and its key, without gaps.
//
// Memory: packs into, and parses out of, the caller's bytes. Threads: pure functions.
// Failure: Unpack answers with the reason. Limits: list_entries_max entries.
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

// Null, or what is wrong with the page.
const char* UnpackList(std::string_view payload, uint32_t count, std::vector<ListEntry>* entries);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_LIST_PAGE_H_
