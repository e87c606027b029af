// Outbox: sending requests alone or in bundles.
#include "client/outbox.h"

#include <algorithm>

namespace remote_dram::client {

void Outbox::Open(net::Endpoint* endpoint, uint64_t token, Company company) {
  endpoint_ = endpoint;
  token_ = token;
  company_ = company;
}

void Outbox::Close() {
  endpoint_ = nullptr;
  for (Call* const call : calls_) call->gathered = false;
  calls_.clear();
}

void Outbox::Send(Call& call) {
  if (company_ == Company::kNone) return SendAlone(call);
  call.gathered = true;
  calls_.push_back(&call);
}

void Outbox::Flush(bool others_send_too) {
  const size_t count = calls_.size();
  const bool in_halves = company_ == Company::kHalves && !others_send_too;
  const size_t most = in_halves ? std::clamp(count / 2, halves_min, halves_max) : count;
  for (size_t sent = 0; sent < count;) sent += SendSome(sent, most);
  for (Call* const call : calls_) call->gathered = false;
  calls_.clear();
}

size_t Outbox::SendSome(size_t from, size_t most) {
  const size_t end = std::min(from + most, calls_.size());
  if (end - from > 1) {
    for (size_t i = from; i < end && bundle_.Add(calls_[i]->message(), calls_[i]->payload); ++i) {
    }
  }
  const size_t count = bundle_.count();
  if (count > 1) (void)endpoint_->Send(bundle_.Seal(token_), {});
  bundle_.Clear();
  if (count > 1) return count;
  SendAlone(*calls_[from]);
  return 1;
}

void Outbox::SendAlone(Call& call) {
  net::TransferEnded* const under_way = endpoint_->Send(call.message(), call.payload);
  if (under_way != nullptr && !call.payload.empty()) *under_way = call.Lend();
}

}  // namespace remote_dram::client
