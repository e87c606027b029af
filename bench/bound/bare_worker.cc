// Set-up, sending and receiving, with as few UCX calls as possible.
#include "bench/bound/bare_worker.h"

namespace remote_dram::bench {
namespace {

void OnSent(void* request, ucs_status_t, void*) { ucp_request_free(request); }

void OnError(void*, ucp_ep_h, ucs_status_t) {}  // the other end has ended; a later send or receive fails

}  // namespace

void RequireUcx(ucs_status_t status, const std::string& what) {
  if (status != UCS_OK) Fail(what + ": " + ucs_status_string(status));
}

BareWorker::BareWorker(Kind kind)
    : context_(Require(net::ucx::MakeContext(kind, kind == Kind::kTcp ? "lo" : ""), "starting UCX")) {
  ucp_worker_params_t params{};
  params.field_mask = UCP_WORKER_PARAM_FIELD_THREAD_MODE;
  params.thread_mode = UCS_THREAD_MODE_SINGLE;
  RequireUcx(ucp_worker_create(context_.get(), &params, &worker_), "creating a worker");
  ucp_am_handler_param_t handler{};
  handler.field_mask = UCP_AM_HANDLER_PARAM_FIELD_ID | UCP_AM_HANDLER_PARAM_FIELD_FLAGS |
                       UCP_AM_HANDLER_PARAM_FIELD_CB | UCP_AM_HANDLER_PARAM_FIELD_ARG;
  handler.id = kBareId;
  handler.flags = UCP_AM_FLAG_WHOLE_MSG;
  handler.cb = Dispatch;
  handler.arg = this;
  RequireUcx(ucp_worker_set_am_recv_handler(worker_, &handler), "setting the message handler");
}

BareWorker::~BareWorker() {
  for (const ucp_ep_h ep : eps_) {
    ucp_request_param_t params{};
    params.op_attr_mask = UCP_OP_ATTR_FIELD_FLAGS;
    params.flags = UCP_EP_CLOSE_FLAG_FORCE;
    const ucs_status_ptr_t closing = ucp_ep_close_nbx(ep, &params);
    if (UCS_PTR_IS_PTR(closing)) {
      while (ucp_request_check_status(closing) == UCS_INPROGRESS) ucp_worker_progress(worker_);
      ucp_request_free(closing);
    }
  }
  ucp_worker_destroy(worker_);
}

void BareWorker::Connect(ucp_ep_params_t params) {
  params.field_mask |= UCP_EP_PARAM_FIELD_ERR_HANDLING_MODE | UCP_EP_PARAM_FIELD_ERR_HANDLER;
  params.err_mode = UCP_ERR_HANDLING_MODE_PEER;
  params.err_handler = {OnError, nullptr};
  ucp_ep_h ep = nullptr;
  RequireUcx(ucp_ep_create(worker_, &params, &ep), "connecting");
  eps_.push_back(ep);
}

void BareWorker::Send(size_t slot, const void* header, size_t header_bytes, const void* payload, size_t bytes,
                      ucp_send_nbx_callback_t sent, void* user_data) {
  ucp_request_param_t params{};
  params.op_attr_mask =
      UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA | UCP_OP_ATTR_FIELD_MEMORY_TYPE;
  params.cb.send = sent ? sent : OnSent;
  params.user_data = user_data;
  params.memory_type = UCS_MEMORY_TYPE_HOST;
  const ucp_ep_h ep = eps_[slot % eps_.size()];
  const ucs_status_ptr_t request = ucp_am_send_nbx(ep, kBareId, header, header_bytes, payload, bytes, &params);
  if (UCS_PTR_IS_PTR(request)) return;
  RequireUcx(UCS_PTR_STATUS(request), "sending");
  if (sent) sent(nullptr, UCS_OK, user_data);
}

ucs_status_t BareWorker::Receive(void* descriptor, void* to, size_t bytes, ucp_am_recv_data_nbx_callback_t received,
                                 void* user_data) {
  ucp_request_param_t params{};
  params.op_attr_mask = UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA | UCP_OP_ATTR_FIELD_MEMORY_TYPE |
                        UCP_OP_ATTR_FLAG_NO_IMM_CMPL;
  params.cb.recv_am = received;
  params.user_data = user_data;
  params.memory_type = UCS_MEMORY_TYPE_HOST;
  const ucs_status_ptr_t request = ucp_am_recv_data_nbx(worker_, descriptor, to, bytes, &params);
  RequireUcx(UCS_PTR_IS_PTR(request) ? UCS_OK : UCS_PTR_STATUS(request), "receiving");
  return UCS_INPROGRESS;
}

std::string BareWorker::Address() const {
  ucp_address_t* address = nullptr;
  size_t bytes = 0;
  RequireUcx(ucp_worker_get_address(worker_, &address, &bytes), "asking for the address");
  const std::string copy(reinterpret_cast<const char*>(address), bytes);
  ucp_worker_release_address(worker_, address);
  return copy;
}

ucs_status_t BareWorker::Dispatch(void* self, const void* header, size_t, void* data, size_t bytes,
                                  const ucp_am_recv_param_t* param) {
  const bool came_along = (param->recv_attr & UCP_AM_RECV_ATTR_FLAG_RNDV) == 0;
  return static_cast<BareWorker*>(self)->OnMessage(header, data, bytes, came_along);
}

std::string ToHex(const std::string& bytes) {
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

}  // namespace remote_dram::bench
