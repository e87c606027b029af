// Session: requests whose payloads come through the client's bounce buffers.
#include "server/session.h"

namespace remote_dram::server {

const char* Session::CheckPiece(const wire::Piece& piece) {
  if (!bounced_.open()) bounced_.Open(shared().clients.BuffersOf(client_->id));
  return bounced_.Check(piece);
}

void Session::OnBounced(const wire::MessageHeader& header, std::string_view rest) {
  wire::Piece piece;
  const char* fault = wire::Take(&rest, &piece);
  if (fault == nullptr) fault = piece.Fault(0);
  if (fault == nullptr) fault = CheckPiece(piece);
  if (fault == nullptr && bounced_.IsArriving(header.request)) fault = "a request that is arriving already";
  if (fault != nullptr) return End(Status(StatusCode::kInvalidArgument, fault));
  BouncedArrival arrival(&bounced_, header.request, piece);
  Begin(header, rest, arrival);
  if (state_ == State::kEnded || piece.bytes == 0 || arrival.came_along()) return;
  Count(1);
  ReplyRead(header, piece);
}

void Session::OnPiece(const wire::MessageHeader& header, std::string_view rest) {
  wire::Piece piece;
  std::string_view tail;
  const char* fault = wire::Parse(rest, &piece, &tail);
  if (fault == nullptr) fault = CheckPiece(piece);
  if (fault == nullptr) fault = bounced_.GoOn(header.request, piece);
  if (fault != nullptr) return End(Status(StatusCode::kInvalidArgument, fault));
  if (state_ == State::kEnded) return;
  piece.bytes > 0 ? ReplyRead(header, piece) : Count(-1);
}

void Session::ReplyRead(const wire::MessageHeader& header, const wire::Piece& piece) {
  wire::MessageHeader reply = ReplyHeader(header, 0, StatusCode::kOk);
  reply.verb = static_cast<uint16_t>(wire::Verb::kPiece);
  Send(wire::Message<wire::PieceReply>{reply, {.offset = piece.offset}}.bytes(), {}, nullptr);
}

}  // namespace remote_dram::server
