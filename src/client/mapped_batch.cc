// MappedReader::BatchRead: one lane and one look at the server for all of the operations.
#include <algorithm>

#include "base/copy_bytes.h"
#include "base/validate.h"
#include "base/value_memory.h"
#include "client/mapped_seat.h"

namespace remote_dram::client {
namespace {

// Memory for the values of a batch, many to a piece.
class ValuePieces {
 public:
  static constexpr size_t piece_bytes = 64 << 10;

  // False: there is no memory.
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

// False if the range is not inside of the value, or the bytes of all are too many.
bool Take(const ByteRange& wanted, std::string_view value, uint64_t* bytes_left, ValuePieces* values, GetResult* one) {
  const Result<base::ResolvedRange> range = base::ResolveRange(wanted, value.size());
  if (!range.ok() || range->size > *bytes_left) return false;
  *bytes_left -= range->size;
  return values->Copy(value.substr(range->offset, range->size), &one->value);
}

}  // namespace

// What has no plain answer here, an error above all, the server is asked for, with all the rest.
bool MappedReader::BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                             BatchReadResult* result) {
  // One instant over several shards is the server's to find.
  if (options.at_one_instant || !IsPlain(options) || !base::CheckBatchRead(operations).ok()) return false;
  const Seat seat(this);
  const Mapped* const mapped = seat.mapped();
  if (mapped == nullptr) return false;
  uint64_t* const pin = mapped->attachment->pins().OfReader(seat.lane());
  ValuePieces values;
  uint64_t bytes_left = batch_reply_bytes_max;
  BatchReadResult read;
  read.results.reserve(operations.size());
  for (const ReadOperation& each : operations) {
    const wire::MappedFound found = Find(*mapped, each.key, pin);
    GetResult one;
    const bool has_sense = each.stat || base::CheckByteRange(each.range).ok();
    bool answered = has_sense && Judge(*mapped, found, each.if_generation, each.if_not_generation, &one);
    if (answered && one.state == ReadState::kValue && !each.stat) {
      answered = Take(each.range, found.value, &bytes_left, &values, &one);
    }
    wire::ClearPin(pin);
    if (!answered) return false;
    read.sequence = one.sequence;
    read.results.push_back(std::move(one));
  }
  if (!mapped->attachment->ServerIsThere()) return false;
  *result = std::move(read);
  return true;
}

}  // namespace remote_dram::client
