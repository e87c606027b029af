// Bounce: fill, send, wait for the server to have read.
#include "client/bounce.h"

#include <algorithm>
#include <utility>

#include "base/copy_bytes.h"
#include "base/planted_fault.h"
#include "base/validate.h"

namespace remote_dram::client {

void Bounce::Open(std::shared_ptr<BounceBuffers> buffers, net::Endpoint* endpoint) {
  Close();
  buffers_ = std::move(buffers);
  endpoint_ = endpoint;
}

void Bounce::Close() {
  buffers_.reset();
  rests_.clear();
  used_.fill(kFree);
}

std::optional<uint32_t> Bounce::FreeBuffer() const {
  const auto found = std::find(used_.begin(), used_.end(), kFree);
  if (found == used_.end()) return {};
  return static_cast<uint32_t>(found - used_.begin());
}

void Bounce::CopyNext(Rest& rest, uint64_t bytes, char* to) {
  for (uint64_t left = bytes; left > 0;) {
    const std::string_view part = rest.call->payload.data()[rest.part];
    const std::string_view from = part.substr(rest.part_sent, left);
    base::CopyBytes(to, from);
    to += from.size();
    left -= from.size();
    rest.part_sent += from.size();
    if (rest.part_sent == part.size()) ++rest.part, rest.part_sent = 0;
  }
  rest.sent_bytes += bytes;
}

wire::Piece Bounce::Fill(uint32_t buffer, Rest& rest, uint64_t used) {
  const wire::Piece piece{.offset = buffer * bounce_buffer_bytes,
                          .bytes = std::min(rest.payload_bytes - rest.sent_bytes, bounce_buffer_bytes),
                          .payload_bytes = rest.payload_bytes};
  CopyNext(rest, piece.bytes, buffers_->Buffer(buffer));
  used_[buffer] = base::Planted(base::PlantedFault::kBufferFilledTooEarly) ? kFree : used;
  return piece;
}

bool Bounce::Send(Call& call, wire::MessageHeader header) {
  if (!open()) return false;
  const uint64_t bytes = base::BytesOf(call.payload);
  if (bytes < payload_bytes_min) return false;
  header.code = wire::payload_bounced;
  call.Send(header);
  Rest rest{.call = &call, .header = header, .payload_bytes = bytes};
  wire::Piece piece{.payload_bytes = bytes};
  const auto buffer = FreeBuffer();
  const bool whole = bytes <= bounce_buffer_bytes;
  if (buffer && rests_.empty()) piece = Fill(*buffer, rest, whole ? header.request : kUntilRead);
  std::string message(call.message().substr(0, sizeof header));
  wire::Append(&message, piece);
  message.append(call.message().substr(sizeof header));
  (void)endpoint_->Send(message, {});
  if (rest.sent_bytes < bytes) rests_.push_back(rest);
  SendRests();
  return true;
}

void Bounce::SendRests() {
  while (!rests_.empty()) {
    const auto buffer = FreeBuffer();
    if (!buffer) return;
    Rest rest = rests_.front();
    rests_.pop_front();
    const wire::Piece piece = Fill(*buffer, rest, kUntilRead);
    SendPiece(rest.header, piece);
    if (rest.sent_bytes < rest.payload_bytes) rests_.push_back(rest);
  }
}

void Bounce::SendPiece(const wire::MessageHeader& of, const wire::Piece& piece) {
  const wire::Message<wire::Piece> message{
      {.token = of.token, .request = of.request, .verb = static_cast<uint16_t>(wire::Verb::kPiece)}, piece};
  (void)endpoint_->Send(message.bytes(), {});
}

void Bounce::OnAnswer(uint64_t request) {
  const auto found = std::find(used_.begin(), used_.end(), request);
  if (found == used_.end()) return;
  *found = kFree;
  SendRests();
}

bool Bounce::OnRead(uint64_t offset) {
  const uint64_t buffer = offset / bounce_buffer_bytes;
  if (buffer >= bounce_buffers || used_[buffer] != kUntilRead) return false;
  used_[buffer] = kFree;
  SendRests();
  return true;
}

void Bounce::Forget(const Call& call) {
  const auto found = std::find_if(rests_.begin(), rests_.end(), [&call](const Rest& rest) { return rest.call == &call; });
  if (found == rests_.end()) return;
  SendPiece(found->header, {.payload_bytes = found->payload_bytes});
  rests_.erase(found);
}

}  // namespace remote_dram::client
