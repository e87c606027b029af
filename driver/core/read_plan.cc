// ReadPlan: distributing reads over messages.
#include "driver/core/read_plan.h"

namespace remote_dram::driver {
namespace {

// An upper bound of what one operation adds to the tables of a request and a reply.
constexpr uint64_t kOperationBytes = 128;

}  // namespace

std::vector<std::vector<size_t>> PlanReads(const std::vector<PlannedRead>& reads) {
  std::vector<std::vector<size_t>> messages;
  std::vector<size_t> packed;
  uint64_t request_bytes = 0, reply_bytes = 0;
  for (size_t place = 0; place < reads.size(); ++place) {
    const PlannedRead& read = reads[place];
    if (read.value_bytes > packed_read_bytes_max) {
      messages.push_back({place});
      continue;
    }
    const uint64_t request = kOperationBytes + read.key_bytes, reply = kOperationBytes + read.value_bytes;
    if (packed.size() == batch_operations_max || request_bytes + request > batch_bytes_max ||
        reply_bytes + reply > batch_reply_bytes_max) {
      messages.push_back(std::move(packed));
      packed.clear();
      request_bytes = reply_bytes = 0;
    }
    packed.push_back(place);
    request_bytes += request;
    reply_bytes += reply;
  }
  if (!packed.empty()) messages.push_back(std::move(packed));
  return messages;
}

}  // namespace remote_dram::driver
