// GrowingValue: doubles its room, so that each byte is moved once on average at most.
#include "store/growing_value.h"

#include <algorithm>

#include "base/copy_bytes.h"
#include "base/validate.h"

namespace remote_dram::store {

Result<char*> GrowingValue::Room(uint64_t bytes) {
  const uint64_t needed = value_bytes_ + bytes;
  if (!room_ || needed > room_->value_bytes()) {
    const bool ample = MoveTo(std::max(needed, room_ ? 2 * room_->value_bytes() : expected_bytes_)).ok();
    if (Status least = ample ? Status() : MoveTo(needed); !least.ok()) return least;
  }
  return room_->bytes().data + value_bytes_;
}

Status GrowingValue::MoveTo(uint64_t room_bytes) {
  Result<Reservation> room = store_->Prepare(key_, room_bytes);
  if (!room.ok()) return room.status();
  if (room_) base::CopyBytes(room->bytes().data, {room_->bytes().data, value_bytes_}, base::StoresFor(room_bytes));
  room_ = *std::move(room);
  return Status();
}

void GrowingValue::Append(const Pieces& part) {
  const uint64_t bytes = base::BytesOf(part);
  const Result<char*> to = overflow_ ? Result<char*>(nullptr) : Room(bytes);
  if (overflow_ || !to.ok()) {
    AppendElsewhere(part);
  } else {
    base::CopyPieces(*to, part, base::StoresFor(room_->value_bytes()));
  }
  Added(bytes);
}

void GrowingValue::AppendElsewhere(const Pieces& part) {
  if (!overflow_) {
    overflow_.emplace(room_ ? std::string_view(room_->bytes().data, value_bytes_) : std::string_view());
    room_.reset();
  }
  if (store_->Refuses(key_, value_bytes_ + base::BytesOf(part))) {
    overflow_.emplace();
    return;
  }
  for (const std::string_view piece : part) *overflow_ += piece;
}

Result<Reservation> GrowingValue::Finish() {
  if (room_) return store_->Shorten(*std::move(room_), value_bytes_);
  if (store_->Refuses(key_, value_bytes_)) return store_->Prepare(key_, value_bytes_);
  return store_->PrepareCopy(key_, {overflow_ ? std::string_view(*overflow_) : std::string_view()});
}

}  // namespace remote_dram::store
