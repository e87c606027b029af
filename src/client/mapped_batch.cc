// MappedReader::BatchRead: all operations share one lane and one check of the server.
#include <algorithm>

#include "base/copy_bytes.h"
#include "base/validate.h"
#include "base/value_memory.h"
#include "client/mapped_seat.h"

namespace remote_dram::client {
namespace {

// Allocates memory for the values of a batch; small values share a piece of piece_bytes.
class ValuePieces {
 public:
  static constexpr size_t piece_bytes = 64 << 10;

  // Copies the bytes into new memory, which `value` then owns. False if there is no memory.
  bool Copy(std::string_view bytes, Value* value) {
    if (bytes.empty()) return true;
    const size_t rounded = (bytes.size() + kValueAlignment - 1) / kValueAlignment * kValueAlignment;
    if (rounded > left_) {
      left_ = std::max(rounded, piece_bytes);
      piece_ = base::AllocateValue(left_);
      next_ = piece_.get();
      if (piece_ == nullptr) return false;
    }
    base::CopyBytes(next_, bytes);
    *value = Value(piece_, {next_, bytes.size()});
    next_ += rounded;
    left_ -= rounded;
    return true;
  }

 private:
  std::shared_ptr<char> piece_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

// Copies the range of the value into `one`. kAskServer: the range is not inside the value, the batch has more bytes than
// its limit, or there is no memory.
MappedRead Take(const ByteRange& wanted, std::string_view value, uint64_t* bytes_left, ValuePieces* values, GetResult* one) {
  const Result<base::ResolvedRange> range = base::ResolveRange(wanted, value.size());
  if (!range.ok() || range->size > *bytes_left) return MappedRead::kAskServer;
  *bytes_left -= range->size;
  const bool copied = values->Copy(value.substr(range->offset, range->size), &one->value);
  return copied ? MappedRead::kAnswered : MappedRead::kAskServer;
}

}  // namespace

// If any operation cannot be answered here, above all if it fails, the whole batch goes to the server by message.
MappedRead MappedReader::BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                                   BatchReadResult* result) {
  // Only the server can read several shards at one instant.
  if (options.at_one_instant || !IsPlain(options) || !base::CheckBatchRead(operations).ok()) return MappedRead::kAskServer;
  *result = {};
  result->results.reserve(operations.size());
  return InALane([&](const Mapped& mapped, uint64_t* pin) {
    ValuePieces values;
    uint64_t bytes_left = batch_reply_bytes_max;
    for (const ReadOperation& each : operations) {
      if (!each.stat && !base::CheckByteRange(each.range).ok()) return MappedRead::kAskServer;
      GetResult one;
      const MappedRead taken = WhilePinned(mapped, each.key, pin, [&](const wire::MappedFound& found) {
        const MappedRead judged = Judge(mapped, found, each.if_generation, each.if_not_generation, &one);
        const bool has_bytes = judged == MappedRead::kAnswered && one.state == ReadState::kValue && !each.stat;
        return has_bytes ? Take(each.range, found.value, &bytes_left, &values, &one) : judged;
      });
      if (taken == MappedRead::kAskServer) return MappedRead::kAskServer;
      result->sequence = one.sequence;
      result->results.push_back(std::move(one));
    }
    return MappedRead::kAnswered;
  });
}

}  // namespace remote_dram::client
