// Packing and unpacking a page of a listing.
#include "wire/list_page.h"

#include "wire/codec.h"

namespace remote_dram::wire {

std::string PackList(const std::vector<ListEntry>& entries) {
  size_t bytes = 0;
  for (const ListEntry& entry : entries) bytes += sizeof(ListedEntry) + entry.key.size();
  std::string payload;
  payload.reserve(bytes);
  for (const ListEntry& entry : entries) {
    Append(&payload, ListedEntry{entry.value_bytes, entry.key.size()});
    payload.append(entry.key);
  }
  return payload;
}

const char* UnpackList(std::string_view payload, uint32_t count, std::vector<ListEntry>* entries) {
  if (count > list_entries_max) return "more entries than list_entries_max";
  entries->clear();
  entries->reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    ListedEntry entry;
    if (const char* fault = Take(&payload, &entry)) return fault;
    if (entry.key_bytes > key_bytes_max) return "the key is longer than key_bytes_max";
    if (entry.key_bytes > payload.size()) return "a key ends after the page";
    entries->push_back({std::string(payload.substr(0, entry.key_bytes)), entry.value_bytes});
    payload.remove_prefix(entry.key_bytes);
  }
  return payload.empty() ? nullptr : "bytes follow the last entry";
}

}  // namespace remote_dram::wire
