// ReadView: a ReadOperation that does not own its key, so that a server need not copy the keys of a batch.
//
// Memory: the key is a view of the message, or of the ReadOperation. Threads: a plain value. Failure: none.
#ifndef REMOTE_DRAM_BASE_READ_VIEW_H_
#define REMOTE_DRAM_BASE_READ_VIEW_H_

#include <string_view>
#include <vector>

#include "remote_dram/verbs.h"

namespace remote_dram::base {

struct ReadView {
  std::string_view key;
  Generation if_generation;
  Generation if_not_generation;
  ByteRange range;
  bool stat = false;
};

inline std::vector<ReadView> ViewsOf(const std::vector<ReadOperation>& operations) {
  std::vector<ReadView> views;
  views.reserve(operations.size());
  for (const ReadOperation& each : operations) {
    views.push_back({each.key, each.if_generation, each.if_not_generation, each.range, each.stat});
  }
  return views;
}

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_READ_VIEW_H_
