// GrowingValue: doubles its room, so that each byte is moved once on average at most.
#include "store/growing_value.h"

#include <algorithm>
#include <new>

#include "base/bytes.h"
#include "base/copy_bytes.h"
#include "base/validate.h"

namespace remote_dram::store {

void GrowingValue::Append(const Pieces& part) {
  const uint64_t bytes = base::BytesOf(part);
  if (!elsewhere_ && MakeRoom(value_bytes_ + bytes)) {
    base::CopyPieces(room_->bytes().data + value_bytes_, part, base::StoresFor(room_->value_bytes()));
  } else if (!out_of_memory_) {
    try {
      AppendElsewhere(part);
    } catch (const std::bad_alloc&) {
      out_of_memory_ = true;
      elsewhere_.emplace();
      room_.reset();
    }
  }
  value_bytes_ += bytes;
}

bool GrowingValue::MakeRoom(uint64_t bytes) {
  if (!room_) return MoveTo(std::max(bytes, std::min(expected_bytes_, expected_growth_max * bytes))) || MoveTo(bytes);
  if (bytes <= room_->value_bytes()) return true;
  return MoveTo(std::max(bytes, std::min(2 * room_->value_bytes(), store_.value_bytes_max())));
}

bool GrowingValue::MoveTo(uint64_t room_bytes) {
  Result<Reservation> room = store_.Prepare(key_, room_bytes);
  if (!room.ok()) return false;
  if (room_) base::CopyBytes(room->bytes().data, {room_->bytes().data, value_bytes_}, base::StoresFor(room_bytes));
  room_ = *std::move(room);
  return true;
}

void GrowingValue::AppendElsewhere(const Pieces& part) {
  if (!elsewhere_) {
    elsewhere_.emplace(room_ ? std::string_view(room_->bytes().data, value_bytes_) : std::string_view());
    room_.reset();
  }
  if (store_.NeverTakes(key_, value_bytes_ + base::BytesOf(part))) {
    elsewhere_.emplace();
    return;
  }
  for (const std::string_view piece : part) *elsewhere_ += piece;
}

Result<Reservation> GrowingValue::Finish() {
  if (room_) return store_.Shorten(*std::move(room_), value_bytes_);
  if (store_.NeverTakes(key_, value_bytes_)) return store_.Prepare(key_, value_bytes_);  // an error that says why
  if (out_of_memory_) {
    return Status(StatusCode::kResourceExhausted, "no memory for a value of " + base::HumanBytes(value_bytes_) +
                                                      " on its way into a store that is almost full");
  }
  return store_.PrepareCopy(key_, {elsewhere_ ? std::string_view(*elsewhere_) : std::string_view()});
}

}  // namespace remote_dram::store
