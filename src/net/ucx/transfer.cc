// Receiving a payload: at once if it came with the message, else by rendezvous straight to its place.
#include "net/ucx/transfer.h"

#include <cstring>

#include "net/ucx/ucx_fabric.h"

namespace remote_dram::net::ucx {
namespace {

void OnReceived(void* request, ucs_status_t status, size_t, void* transfer) {
  ucp_request_free(request);
  static_cast<Transfer*>(transfer)->End(status);
}

}  // namespace

void Transfer::End(ucs_status_t status) {
  const std::unique_ptr<Transfer> self(this);
  --*count;
  ended(status == UCS_OK ? Status() : Failed("the transfer broke off", status));
}

void UcxArrival::Receive(char* to, TransferEnded received) {
  if (came_along()) {
    if (bytes_ > 0) std::memcpy(to, data_, bytes_);
    return received(Status());
  }
  auto transfer = std::make_unique<Transfer>();
  transfer->count = &fabric_->transfers_;
  transfer->ended = std::move(received);
  ucp_request_param_t params{};
  params.op_attr_mask = UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA | UCP_OP_ATTR_FIELD_MEMORY_TYPE |
                        UCP_OP_ATTR_FLAG_NO_IMM_CMPL;
  params.cb.recv_am = OnReceived;
  params.user_data = transfer.get();
  params.memory_type = UCS_MEMORY_TYPE_HOST;
  ++fabric_->transfers_;
  Transfer* const running = transfer.release();
  const ucs_status_ptr_t request = ucp_am_recv_data_nbx(fabric_->worker_, data_, to, bytes_, &params);
  if (!UCS_PTR_IS_PTR(request)) return running->End(UCS_PTR_STATUS(request));
  verdict_ = UCS_INPROGRESS;
}

std::unique_ptr<Endpoint> UcxArrival::TakeEndpoint(base::Callback<Status> failed) {
  if ((param_->recv_attr & UCP_AM_RECV_ATTR_FIELD_REPLY_EP) == 0) return nullptr;
  return fabric_->Claim(param_->reply_ep, std::move(failed));
}

}  // namespace remote_dram::net::ucx
