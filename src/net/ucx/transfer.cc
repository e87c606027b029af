// Transfer and UcxArrival: fetches a payload by rendezvous, straight into its target.
#include "net/ucx/transfer.h"

#include "base/check.h"
#include "net/ucx/ucx_fabric.h"

namespace remote_dram::net::ucx {
namespace {

void OnReceived(void* request, ucs_status_t status, size_t, void* transfer) {
  ucp_request_free(request);
  static_cast<Transfer*>(transfer)->End(status);
}

}  // namespace

void Transfer::End(ucs_status_t status) {
  TransferEnded run = std::move(ended);
  fabric->Reclaim(this);
  if (run) run(status == UCS_OK ? Status() : Failed("the transfer broke off", status));
}

void UcxArrival::Fetch(char* to, TransferEnded fetched) {
  RD_CHECK(!came_along());
  Transfer* const transfer = fabric_->NextTransfer();
  ucp_request_param_t params{};
  params.op_attr_mask = UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA | UCP_OP_ATTR_FIELD_MEMORY_TYPE |
                        UCP_OP_ATTR_FLAG_NO_IMM_CMPL;
  params.cb.recv_am = OnReceived;
  params.user_data = transfer;
  params.memory_type = UCS_MEMORY_TYPE_HOST;
  const ucs_status_ptr_t request = ucp_am_recv_data_nbx(fabric_->worker_, data_, to, bytes_, &params);
  if (!UCS_PTR_IS_PTR(request)) return fetched(Failed("the transfer broke off", UCS_PTR_STATUS(request)));
  fabric_->UcxKeepsTransfer();
  transfer->ended = std::move(fetched);
  verdict_ = UCS_INPROGRESS;
}

std::unique_ptr<Endpoint> UcxArrival::TakeEndpoint(base::Callback<Status> failed) {
  if ((param_->recv_attr & UCP_AM_RECV_ATTR_FIELD_REPLY_EP) == 0) return nullptr;
  return fabric_->Claim(param_->reply_ep, std::move(failed));
}

}  // namespace remote_dram::net::ucx
