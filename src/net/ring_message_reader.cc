// MessageReader: reads bytes from the ring, and splits them into messages.
#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "net/ring_messages.h"

namespace remote_dram::net {

// A message that is complete in the buffer, or whose payload is still to come.
class MessageReader::FramedArrival final : public Arrival {
 public:
  FramedArrival(MessageReader* reader, std::string_view header, uint64_t payload_bytes, std::string_view payload)
      : reader_(reader), header_(header), payload_bytes_(payload_bytes), payload_(payload) {}

  std::string_view header() const override { return header_; }
  uint64_t payload_bytes() const override { return payload_bytes_; }
  bool came_along() const override { return payload_.size() == payload_bytes_; }
  std::string_view payload() const override { return payload_; }
  void Fetch(char* to, TransferEnded fetched) override {
    RD_CHECK(!came_along() && !reader_->fetched_);
    reader_->target_ = to;
    reader_->stores_ = base::StoresFor(payload_bytes_);
    reader_->fetched_ = std::move(fetched);
  }
  std::unique_ptr<Endpoint> TakeEndpoint(base::Callback<Status>) override { return nullptr; }

 private:
  MessageReader* const reader_;
  const std::string_view header_;
  const uint64_t payload_bytes_;
  const std::string_view payload_;
};

const char* MessageReader::Read() {
  const char* fault = nullptr;
  for (size_t budget = ring_turn_bytes_max; !stopped_ && fault == nullptr && budget > 0;) {
    const bool straight = missing_ > 0 && target_ != nullptr;  // read into the target; the buffer is empty then
    char* const to = straight ? target_ : buffer_.get() + filled_;
    const size_t room = straight ? std::min<uint64_t>(missing_, ring_piece_bytes_max) : buffer_bytes - filled_;
    const size_t count = std::min<size_t>({room, budget, ring_->Available()});
    if (count == 0) break;
    ring_->Take(to, count, straight ? stores_ : base::Stores::kCached);
    budget -= count;
    if (straight) {
      Advance(to, count);
    } else {
      filled_ += count;
      fault = Cut();
    }
    if (ring_->Free()) bell_->Ring();
  }
  const bool may_turn = missing_ > 0 || ring_->large();  // the writer turns the ring only after all reads were reported
  if (may_turn && ring_->Free(1)) bell_->Ring();
  return fault;
}

// Delivers everything in the buffer that is complete, and keeps the rest.
const char* MessageReader::Cut() {
  size_t at = 0;
  const char* fault = nullptr;
  while (!stopped_ && fault == nullptr) {
    const std::string_view bytes(buffer_.get() + at, filled_ - at);
    size_t used = 0;
    if (missing_ > 0) {
      used = Advance(bytes.data(), bytes.size());
    } else {
      fault = CutMessage(bytes, &used);
    }
    if (used == 0) break;
    at += used;
  }
  std::memmove(buffer_.get(), buffer_.get() + at, filled_ - at);
  filled_ -= at;
  return fault;
}

// Delivers the message at the front of `bytes`, if it is complete. `used` receives its size, and stays 0 if it is not.
const char* MessageReader::CutMessage(std::string_view bytes, size_t* used) {
  MessagePrefix prefix;
  if (bytes.size() < sizeof prefix) return nullptr;
  std::memcpy(&prefix, bytes.data(), sizeof prefix);
  if (prefix.header_bytes == 0 || prefix.header_bytes > message_header_bytes_max || prefix.reserved != 0) {
    return "what came by the data path is no message";
  }
  const bool along = prefix.payload_bytes <= payload_along_bytes_max;
  const size_t along_bytes = along ? prefix.payload_bytes : 0, message_bytes = sizeof prefix + prefix.header_bytes + along_bytes;
  if (bytes.size() < message_bytes) return nullptr;
  *used = message_bytes;
  if (!along) missing_ = prefix.payload_bytes;
  FramedArrival arrival(this, bytes.substr(sizeof prefix, prefix.header_bytes), prefix.payload_bytes,
                        bytes.substr(sizeof prefix + prefix.header_bytes, along_bytes));
  sink_->OnMessage(arrival);
  return nullptr;
}

// Consumes up to `count` bytes of the incoming payload, and returns how many. Bytes that were read straight into the target
// are already in place.
size_t MessageReader::Advance(const char* bytes, size_t count) {
  const size_t taken = std::min<uint64_t>(missing_, count);
  missing_ -= taken;
  if (target_ != nullptr) {
    if (bytes != target_) std::memcpy(target_, bytes, taken);
    target_ += taken;
  }
  if (missing_ == 0) {
    target_ = nullptr;
    if (TransferEnded fetched = std::exchange(fetched_, {})) fetched(Status());
  }
  return taken;
}

void MessageReader::Stop() {
  stopped_ = true;
  target_ = nullptr;
}

void MessageReader::End(const Status& why) {
  if (TransferEnded fetched = std::exchange(fetched_, {})) fetched(why);
}

}  // namespace remote_dram::net
