// Session: reads bundles of requests, and sends their replies in bundles.
#include "net/carried_arrival.h"
#include "server/session.h"

namespace remote_dram::server {
namespace {

// Verbs on one key: they take so little time that earlier replies of the bundle may wait for theirs.
bool IsQuick(wire::Verb verb) {
  return verb == wire::Verb::kGet || verb == wire::Verb::kGetWhole || verb == wire::Verb::kPut ||
         verb == wire::Verb::kDelete || verb == wire::Verb::kStat;
}

}  // namespace

void Session::OnBundle(std::string_view rest) {
  bundling_ = true;
  while (!rest.empty() && state_ == State::kJoined) {
    wire::MessageHeader header;
    std::string_view header_rest, payload;
    const char* const fault = wire::TakeFromBundle(&rest, token_, &header, &header_rest, &payload);
    if (fault != nullptr) {
      End(Status(StatusCode::kInvalidArgument, fault));
      break;
    }
    if (!IsQuick(static_cast<wire::Verb>(header.verb))) FlushBundle();
    net::CarriedArrival arrival(payload);
    OnMessage(header, header_rest, arrival);
  }
  bundling_ = false;
  FlushBundle();
}

bool Session::Bundle(std::string_view message, std::span<const std::string_view> payload) {
  if (bundle_.Add(message, payload)) return true;
  FlushBundle();
  return bundle_.Add(message, payload);
}

void Session::FlushBundle() {
  const int replies = static_cast<int>(bundle_.count());
  if (replies == 0) return;
  CountWhenSent(endpoint_->Send(bundle_.Seal(token_), {}), replies, nullptr);
  bundle_.Clear();
}

}  // namespace remote_dram::server
