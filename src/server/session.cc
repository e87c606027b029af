// Session: its beginning and end, and its replies. The greeting is in session_greeting.cc, the verbs in op_*.cc.
#include "server/session.h"

#include <algorithm>

#include "base/check.h"
#include "server/ops.h"

namespace remote_dram::server {

void Session::Begin(std::unique_ptr<net::Accepted> accepted) {
  net::Loop& loop = station_->network().loop();
  loop.AssertHeld();
  link_ = station_->network().Adopt(std::move(accepted), this);
  timer_ = loop.At(loop.Now() + hello_timeout, [this] {
    timer_ = 0;
    End(Status(StatusCode::kDeadlineExceeded, "the connection did not introduce itself within hello_timeout"));
  });
}

// Checks that the transition is one of those drawn in the header; any other is a defect of this program.
void Session::Become(State next) {
  const bool joins = next <= State::kJoined && static_cast<int>(next) == static_cast<int>(state_) + 1;
  const bool maps = next == State::kMapping && state_ == State::kGreeting;
  RD_CHECK(joins || maps || (next == State::kEnded && state_ != State::kEnded));
  state_ = next;
}

void Session::End(const Status& why) {
  if (state_ == State::kEnded) return;
  const bool greeted = state_ == State::kJoined || state_ == State::kMapping;
  const bool held = state_ == State::kWelcomed || state_ == State::kAttached || state_ == State::kJoined;
  Become(State::kEnded);
  Count(-static_cast<int>(in_flight_));
  net::Loop& loop = station_->network().loop();
  loop.AssertHeld();
  if (timer_ != 0) loop.Cancel(timer_);
  timer_ = 0;
  link_->Cut();  // before blocks that the client may be fetching lose their pins
  endpoint_.reset();
  bundle_.Clear();
  mapping_.reset();  // after the cut, too: the page of pins must count until then
  if (held) shared().clients.Release(client_, said_goodbye_ || !client_->joined, loop.Now());
  const std::string line = "a connection ended: " + why.ToString();
  if (greeted) {
    shared().log(LogLevel::kDebug, line);
  } else if (const auto admitted = shared().strangers_log.Admit(line, loop.Now())) {
    shared().log(LogLevel::kInfo, *admitted);
  }
  station_->Forget(this);
}

base::Callback<Status> Session::WhenBroken() {
  return [self = weak_from_this()](const Status& why) {
    if (const std::shared_ptr<Session> session = self.lock()) session->End(why);
  };
}

void Session::OnMessage(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) {
  if (static_cast<wire::Verb>(header.verb) == wire::Verb::kJoin) return OnJoin(header, rest, arrival);
  if (state_ != State::kJoined) return;
  if (static_cast<wire::Verb>(header.verb) == wire::Verb::kBundle) return OnBundle(rest);
  if (in_flight_ >= 2 * requests_in_flight_max) {
    return End(Status(StatusCode::kResourceExhausted, "the client has more than requests_in_flight_max requests"));
  }
  Count(1);
  if (!IsNew(header)) return;
  if (station_->draining()) {
    return ReplyError(header, Status(StatusCode::kUnavailable, "the server is stopping, and did not begin this"));
  }
  Dispatch(header, rest, arrival);
}

// False: the mutation is not begun. If it was answered before, it gets the same reply again. If its reply is forgotten, so
// that it may have been applied or not, the client is told that its outcome is unknown.
bool Session::IsNew(const wire::MessageHeader& header) {
  const uint64_t number = header.sequence;
  if (number == 0) return true;
  if (!wire::Mutates(static_cast<wire::Verb>(header.verb))) {
    End(Status(StatusCode::kInvalidArgument, "the client gave the number of a mutation to a request that changes nothing"));
    return false;
  }
  switch (client_->results.Judge(number, number - std::min<uint64_t>(header.span, number - 1))) {
    case Results::Verdict::kNew:
      return true;
    case Results::Verdict::kRepeated:
      Repeat(header, client_->results.Find(number));
      return false;
    case Results::Verdict::kForgotten:
      ReplyUnknown(header);
      return false;
    case Results::Verdict::kTooFar:
      break;
  }
  End(Status(StatusCode::kInvalidArgument, "the client's mutations are further apart than mutations_window_max"));
  return false;
}

void Session::Repeat(const wire::MessageHeader& to, const Remembered& result) {
  wire::MessageHeader header;
  std::string_view rest(result.message.data(), result.message.size());
  wire::Take(&rest, &header);
  header.token = token_;
  header.request = to.request;
  std::string message;
  wire::Append(&message, header);
  message.append(rest);
  const auto payload = std::make_shared<std::string>(result.payload);
  const std::string_view piece = *payload;
  Send(message, std::span(&piece, piece.empty() ? 0 : 1), payload);
}

void Session::ReplyUnknown(const wire::MessageHeader& to) {
  wire::MessageHeader header = ReplyHeader(to, store().sequence(), StatusCode::kUnavailable);
  header.span = 1;
  std::string message;
  wire::Append(&message, header);
  message.append("the server no longer remembers what became of this");
  Send(message, {}, nullptr);
}

void Session::Count(int requests) {
  in_flight_ += static_cast<uint32_t>(requests);
  station_->CountRequests(requests);
}

void Session::Dispatch(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) {
  const Request request{this, header, rest, &arrival};
  switch (static_cast<wire::Verb>(header.verb)) {
    case wire::Verb::kGet:
      return OpGet(request);
    case wire::Verb::kGetWhole:
      return OpGetWhole(request);
    case wire::Verb::kPut:
      return OpPut(request);
    case wire::Verb::kDelete:
      return OpDelete(request);
    case wire::Verb::kDeleteRange:
      return OpDeleteRange(request);
    case wire::Verb::kList:
      return OpList(request);
    case wire::Verb::kStat:
      return OpStat(request);
    case wire::Verb::kStatServer:
      return OpStatServer(request);
    case wire::Verb::kBatchRead:
      return OpBatchRead(request);
    case wire::Verb::kBatchWrite:
      return OpBatchWrite(request);
    case wire::Verb::kTransact:
      return OpTransact(request);
    case wire::Verb::kStage:
      return OpStage(request);
    case wire::Verb::kCopyRange:
      return OpCopyRange(request);
    case wire::Verb::kWait:
      return OpWait(request);
    case wire::Verb::kJoin:
    case wire::Verb::kBundle:
      break;
  }
}

wire::MessageHeader Session::ReplyHeader(const wire::MessageHeader& to, uint64_t sequence, StatusCode code) const {
  return {.token = token_,
          .request = to.request,
          .sequence = sequence,
          .verb = to.verb,
          .code = static_cast<uint16_t>(code)};
}

void Session::ReplyError(const wire::MessageHeader& to, const Status& error) {
  std::string message;
  wire::Append(&message, ReplyHeader(to, store().sequence(), error.code()));
  message.append(error.message(), 0, wire::error_text_bytes_max);
  Answer(to, message, {}, nullptr);
}

}  // namespace remote_dram::server
