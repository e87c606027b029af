// Store::List: merges the ordered keys of all shards; each shard is read in batches under its own lock.
#include <algorithm>
#include <deque>
#include <utility>

#include "base/planted_fault.h"
#include "base/validate.h"
#include "store/store.h"

namespace remote_dram::store {
namespace {

// What an entry takes in a page besides its key: the sizes of key and value.
constexpr uint64_t kListEntryBytes = 16;

uint64_t PageBytes(const ListEntry& entry) { return entry.key.size() + kListEntryBytes; }

// Iterates over one shard's keys of a range, in order; it holds one batch at a time.
class Cursor {
 public:
  Cursor(const Shard& shard, const KeyRange& range, const std::optional<std::string>& after,
         uint32_t batch_max)
      : shard_(shard), range_(range), after_(after), batch_max_(batch_max) {
    Refill();
  }

  bool done() const { return next_ == batch_.size(); }
  size_t left() const { return batch_.size() - next_; }  // of the batch
  const ListEntry& front() const { return batch_[next_]; }
  ListEntry Pop() {
    ListEntry entry = std::move(batch_[next_++]);
    if (done() && !exhausted_) {
      after_ = entry.key;
      Refill();
    }
    return entry;
  }

 private:
  void Refill() {
    batch_.clear();
    next_ = 0;
    base::MutexLock lock(shard_.mutex);
    auto at = shard_.table.lower_bound(range_.begin);
    if (after_ && *after_ >= range_.begin) {
      at = shard_.table.upper_bound(*after_);
      if (base::Planted(base::PlantedFault::kKeySkippedAfterAPage) && at != shard_.table.end()) ++at;
    }
    const bool any = at != shard_.table.end() && range_.Contains(at->key());
    const auto end = any && !range_.end.empty() ? shard_.table.lower_bound(range_.end) : shard_.table.end();
    Fill(any ? at : end, end);
  }

  // Blocks lie anywhere in memory. So headers are on their way here while the table is walked, and keys while other headers
  // are read.
  void Fill(Table::const_iterator at, Table::const_iterator end) REQUIRES(shard_.mutex) {
    const BlockHeader* blocks[shard_batch_max];
    uint32_t count = 0;
    for (; count < batch_max_ && at != end; ++at) {
      blocks[count++] = at->block.header();
      __builtin_prefetch(blocks[count - 1]);
    }
    exhausted_ = at == end;
    for (uint32_t i = 0; i < count; ++i) __builtin_prefetch(blocks[i]->key().data());
    for (uint32_t i = 0; i < count; ++i) batch_.push_back({std::string(blocks[i]->key()), blocks[i]->self.value_bytes()});
  }

  const Shard& shard_;
  const KeyRange& range_;
  std::optional<std::string> after_;
  const uint32_t batch_max_;
  std::vector<ListEntry> batch_;
  size_t next_ = 0;
  bool exhausted_ = false;
};

}  // namespace

Result<ListPage> Store::List(const KeyRange& range, const ListOptions& options) const {
  if (Status valid = base::CheckList(range, options); !valid.ok()) return valid;
  ListPage page;
  page.sequence = sequence();
  // About as many keys of each shard as the page will contain, so that few are read in vain.
  const uint32_t share = options.entries_max / static_cast<uint32_t>(shards_.size()) + 1;
  std::deque<Cursor> cursors;
  std::vector<Cursor*> heap;  // cursors that have a key left, the smallest key first
  for (const auto& shard : shards_) {
    Cursor& cursor = cursors.emplace_back(*shard, range, options.after, std::min(share, shard_batch_max));
    if (!cursor.done()) heap.push_back(&cursor);
  }
  size_t left = 0;
  for (const Cursor* cursor : heap) left += cursor->left();
  page.entries.reserve(std::min<size_t>(left, options.entries_max));
  const auto later = [](const Cursor* a, const Cursor* b) { return b->front().key < a->front().key; };
  std::make_heap(heap.begin(), heap.end(), later);
  uint64_t bytes = 0;
  while (!heap.empty()) {
    bytes += PageBytes(heap.front()->front());
    const bool full = page.entries.size() == options.entries_max || bytes > list_page_bytes_max;
    page.more = full && !page.entries.empty();
    if (page.more) break;
    std::pop_heap(heap.begin(), heap.end(), later);
    page.entries.push_back(heap.back()->Pop());
    if (heap.back()->done()) {
      heap.pop_back();
    } else {
      std::push_heap(heap.begin(), heap.end(), later);
    }
  }
  return page;
}

}  // namespace remote_dram::store
