// Outbox: alone or together.
#include "client/outbox.h"

#include <utility>

namespace remote_dram::client {

void Outbox::Open(net::Endpoint* endpoint, uint64_t token, bool bundles) {
  endpoint_ = endpoint;
  token_ = token;
  bundles_ = bundles;
}

void Outbox::Close() {
  endpoint_ = nullptr;
  first_ = nullptr;
  bundle_.Clear();
}

void Outbox::Send(Call& call) {
  if (!bundles_) return SendAlone(call);
  if (first_ != nullptr) {
    Call& first = *std::exchange(first_, nullptr);
    if (!bundle_.Add(first.message(), first.payload)) SendAlone(first);
  }
  if (bundle_.count() > 0 && bundle_.Add(call.message(), call.payload)) return;
  Flush();
  first_ = &call;
}

void Outbox::Flush() {
  if (first_ != nullptr) SendAlone(*std::exchange(first_, nullptr));
  if (bundle_.count() == 0) return;
  (void)endpoint_->Send(bundle_.Seal(token_), {});
  bundle_.Clear();
}

void Outbox::SendAlone(Call& call) {
  net::TransferEnded* const under_way = endpoint_->Send(call.message(), call.payload);
  if (under_way != nullptr && !call.payload.empty()) *under_way = call.Lend();
}

}  // namespace remote_dram::client
