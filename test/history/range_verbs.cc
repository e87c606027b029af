// LoadClient: the verbs on ranges of keys.
#include "history/load_client.h"

namespace remote_dram::history {

uint64_t LoadClient::DeleteRange() {
  uint32_t first, end;
  PickKeysInARow(options_.keys, &first, &end);
  const Begun begun = Begin();
  DeleteRangeOptions options;
  options.timeout = begun.timeout;
  Operation* const operation = AddOperation(Kind::kDeleteRange, begun, {});
  operation->first_key = first;
  operation->end_key = end;
  const Result<DeleteRangeResult> deleted = client_->DeleteRange(RangeOf(first, end, options_.keys), options);
  if (!deleted.ok()) return Fail(operation, deleted.status()), 1;
  if (deleted->keys_deleted > end - first) Complain("a range delete found more keys than there are");
  Finish(operation, End::kDone, deleted->sequence);
  Place(operation, 0);
  return 1;
}

uint64_t LoadClient::CopyRange() {
  uint32_t first, end;
  PickKeysInARow(options_.keys / 2, &first, &end);
  const Begun begun = Begin();
  CopyRangeOptions options;
  options.timeout = begun.timeout;
  Operation* const operation = AddOperation(Kind::kCopyRange, begun, {});
  operation->first_key = first;
  operation->end_key = end;
  operation->target_key = first + options_.keys / 2;
  const CopyTarget target{1, "b"};  // see names.h
  const Result<CopyRangeResult> copied = client_->CopyRange(RangeOf(first, end, options_.keys), target, options);
  if (!copied.ok()) return Fail(operation, copied.status()), 1;
  if (copied->keys_copied > end - first) Complain("a copy found more keys than there are");
  Finish(operation, End::kDone, copied->sequence);
  Place(operation, 0);
  return 1;
}

// Lists all pages of a range. Each page is recorded as an operation on the keys after the previous page up to its own
// last key.
uint64_t LoadClient::List() {
  uint32_t first = Below(options_.keys);
  const uint32_t end = first + 1 + Below(options_.keys - first);
  const KeyRange range = RangeOf(first, end, options_.keys);
  ListOptions options;
  options.entries_max = 1 + Below(options_.keys);
  for (uint64_t pages = 1;; ++pages) {
    const Begun begun = Begin();
    options.timeout = begun.timeout;
    const Result<ListPage> page = client_->List(range, options);
    if (!page.ok()) return AddFailed(Kind::kList, begun, page.status()), pages - 1;
    std::vector<Item> items;
    for (const ListEntry& entry : page->entries) {
      const std::optional<uint32_t> key = KeyOf(entry.key, options_.keys);
      if (!key) Complain("a listing has a key of nobody's: " + entry.key);
      items.push_back({.value = entry.value_bytes, .key = key.value_or(0), .what = What::kVersion});
    }
    if (page->more && items.empty()) Complain("an empty page of a listing says that there are more");
    const bool more = page->more && !items.empty() && pages <= options_.keys;
    Operation* const operation = AddOperation(Kind::kList, begun, items);
    operation->first_key = first;
    operation->end_key = more ? items.back().key + 1 : end;
    Finish(operation, End::kDone, page->sequence);
    Place(operation, 0);
    if (!more) return pages;
    first = items.back().key + 1;
    options.after = page->entries.back().key;
  }
}

}  // namespace remote_dram::history
