// UcxFabric: makes the worker and its listener, makes progress, and closes endpoints.
#include "net/ucx/ucx_fabric.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/copy_bytes.h"
#include "base/validate.h"
#include "base/value_memory.h"
#include "net/ucx/transfer.h"
#include "net/ucx/ucx_endpoint.h"
#include "net/ucx/worker_address.h"
#include "remote_dram/limits.h"

namespace remote_dram::net::ucx {

Result<std::unique_ptr<UcxFabric>> UcxFabric::Make(EpollLoop* loop, MessageSink* sink, Kind kind,
                                                   const std::string& host, bool listens) {
  std::string device;
  if (kind == Kind::kTcp) {
    Result<std::string> found = DeviceOf(host);
    if (!found.ok()) return found.status();
    device = *found;
  }
  const UcxUse use;
  Result<Context> context = MakeContext(kind, device);
  if (!context.ok()) return context.status();
  std::unique_ptr<UcxFabric> fabric(new UcxFabric(loop, sink, kind, std::move(*context)));
  if (Status status = fabric->StartWorker(); !status.ok()) return status;
  if (listens) {
    if (Status status = fabric->StartListener(host); !status.ok()) return status;
  }
  return fabric;
}

Status UcxFabric::StartWorker() {
  ucp_worker_params_t params{};
  params.field_mask = UCP_WORKER_PARAM_FIELD_THREAD_MODE;
  params.thread_mode = UCS_THREAD_MODE_SERIALIZED;  // the role moves between threads, one at a time
  ucs_status_t status = ucp_worker_create(context_.get(), &params, &worker_);
  if (status != UCS_OK) {
    return Failed(kind_ == Kind::kShm ? "creating a UCX worker, which needs 5 MiB of /dev/shm" : "creating a UCX worker", status);
  }

  ucp_am_handler_param_t handler{};
  handler.field_mask = UCP_AM_HANDLER_PARAM_FIELD_ID | UCP_AM_HANDLER_PARAM_FIELD_FLAGS |
                       UCP_AM_HANDLER_PARAM_FIELD_CB | UCP_AM_HANDLER_PARAM_FIELD_ARG;
  handler.id = kMessageId;
  handler.flags = UCP_AM_FLAG_WHOLE_MSG;
  handler.cb = OnMessage;
  handler.arg = this;
  status = ucp_worker_set_am_recv_handler(worker_, &handler);
  if (status != UCS_OK) return Failed("setting UCX's message handler", status);
  status = ucp_worker_get_efd(worker_, &event_fd_);
  if (status != UCS_OK) return Failed("getting UCX's event descriptor", status);

  if (kind_ == Kind::kShm) {
    ucp_address_t* address = nullptr;
    size_t bytes = 0;
    status = ucp_worker_get_address(worker_, &address, &bytes);
    if (status != UCS_OK) return Failed("getting UCX's address", status);
    address_ = SealAddress({reinterpret_cast<const char*>(address), bytes});
    ucp_worker_release_address(worker_, address);
  }
  loop_->AssertHeld();
  loop_->AddSource(this);
  return Status();
}

Status UcxFabric::StartListener(const std::string& host) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  inet_pton(AF_INET, host.c_str(), &name.sin_addr);
  ucp_listener_params_t params{};
  params.field_mask = UCP_LISTENER_PARAM_FIELD_SOCK_ADDR | UCP_LISTENER_PARAM_FIELD_CONN_HANDLER;
  params.sockaddr = {reinterpret_cast<sockaddr*>(&name), sizeof name};
  params.conn_handler = {OnConnection, this};
  ucs_status_t status = ucp_listener_create(worker_, &params, &listener_);
  if (status != UCS_OK) return Failed("opening UCX's listener on " + host, status);
  ucp_listener_attr_t attributes{};
  attributes.field_mask = UCP_LISTENER_ATTR_FIELD_SOCKADDR;
  status = ucp_listener_query(listener_, &attributes);
  if (status != UCS_OK) return Failed("asking for UCX's listening port", status);
  const auto* bound = reinterpret_cast<const sockaddr_in*>(&attributes.sockaddr);
  address_ = host + ":" + std::to_string(ntohs(bound->sin_port));
  return Status();
}

UcxFabric::~UcxFabric() {
  ending_.emplace();
  if (!worker_) return;
  loop_->AssertHeld();
  if (probe_timer_ != 0) loop_->Cancel(probe_timer_);
  blocked_ = true;  // prevents further probes
  loopback_.reset();
  for (const ucp_conn_request_h request : waiting_) ucp_listener_reject(listener_, request);
  if (listener_) ucp_listener_destroy(listener_);
  for (const auto& state : endpoints_) Close(state.get());
  const TimePoint deadline = Clock::now() + close_time_max;
  while (!unused() && Clock::now() < deadline) {
    CloseAbandoned();
    ucp_worker_progress(worker_);
  }
  if (event_fd_ >= 0) loop_->RemoveSource(this);
  ucp_worker_destroy(worker_);
}

bool UcxFabric::PollQueue() {
  for (int polls = shm_polls; polls > 0; --polls) {
    if (ucp_worker_progress(worker_) != 0) return true;
  }
  return false;
}

bool UcxFabric::PollSockets() {
  bool happened = false;
  for (int polls = tcp_polls_max; polls > 0 && ucp_worker_progress(worker_) != 0; --polls) {
    happened = true;
    if (transfers_ == 0) break;
  }
  return happened;
}

bool UcxFabric::Progress() {
  const bool happened = kind_ == Kind::kShm ? PollQueue() : PollSockets();
  if (!waiting_.empty()) AcceptWaiting();
  if (attention_) {
    attention_ = false;
    ReportErrors();
    CloseAbandoned();
  }
  return happened;
}

bool UcxFabric::Arm() { return !attention_ && ucp_worker_arm(worker_) == UCS_OK; }

Result<std::unique_ptr<Endpoint>> UcxFabric::Connect(std::string_view peer_address,
                                                     base::Callback<Status> failed) {
  ucp_ep_params_t params{};
  sockaddr_in name{};
  if (kind_ == Kind::kShm) {
    const Result<std::string_view> worker = OpenAddress(peer_address);
    if (!worker.ok()) return worker.status();
    params.field_mask = UCP_EP_PARAM_FIELD_REMOTE_ADDRESS;
    params.address = reinterpret_cast<const ucp_address_t*>(worker->data());
  } else {
    Result<Address> address = ParseAddress(peer_address);
    if (!address.ok()) return address.status();
    name.sin_family = AF_INET;
    name.sin_port = htons(address->port);
    inet_pton(AF_INET, address->host.c_str(), &name.sin_addr);
    params.field_mask = UCP_EP_PARAM_FIELD_FLAGS | UCP_EP_PARAM_FIELD_SOCK_ADDR;
    params.flags = UCP_EP_PARAMS_FLAGS_CLIENT_SERVER;
    params.sockaddr = {reinterpret_cast<sockaddr*>(&name), sizeof name};
  }
  Result<EndpointState*> state = MakeEndpoint(&params);
  if (!state.ok()) return state.status();
  (*state)->failed = std::move(failed);
  return std::unique_ptr<Endpoint>(std::make_unique<UcxEndpoint>(this, *state));
}

Result<EndpointState*> UcxFabric::MakeEndpoint(ucp_ep_params_t* params) {
  auto state = std::make_unique<EndpointState>();
  state->fabric = this;
  params->field_mask |= UCP_EP_PARAM_FIELD_ERR_HANDLING_MODE | UCP_EP_PARAM_FIELD_ERR_HANDLER;
  params->err_mode = UCP_ERR_HANDLING_MODE_PEER;
  params->err_handler = {OnError, state.get()};
  const ucs_status_t status = ucp_ep_create(worker_, params, &state->ep);
  if (status != UCS_OK) return Failed("connecting a UCX endpoint", status);
  endpoints_.push_back(std::move(state));
  return endpoints_.back().get();
}

void UcxFabric::OnConnection(ucp_conn_request_h request, void* self) {
  static_cast<UcxFabric*>(self)->waiting_.push_back(request);
}

void UcxFabric::AcceptWaiting() {
  for (const ucp_conn_request_h request : std::exchange(waiting_, {})) {
    if (strangers_ >= strangers_max) {
      ucp_listener_reject(listener_, request);
      continue;
    }
    ucp_ep_params_t params{};
    params.field_mask = UCP_EP_PARAM_FIELD_CONN_REQUEST;
    params.conn_request = request;
    const Result<EndpointState*> state = MakeEndpoint(&params);
    if (!state.ok()) continue;  // a malformed connection request, which UCX has dropped
    loop_->AssertHeld();
    (*state)->stranger_timer = loop_->At(loop_->Now() + hello_timeout, [this, late = *state] { Close(late); });
    ++strangers_;
  }
}

// The stranger has introduced itself, or is closed.
void UcxFabric::EndWait(EndpointState* stranger) {
  loop_->AssertHeld();
  loop_->Cancel(std::exchange(stranger->stranger_timer, 0));
  --strangers_;
}

std::unique_ptr<Endpoint> UcxFabric::Claim(ucp_ep_h ep, base::Callback<Status> failed) {
  const auto state = std::find_if(endpoints_.begin(), endpoints_.end(),
                                  [ep](const auto& each) { return each->ep == ep && each->stranger_timer != 0; });
  if (state == endpoints_.end()) return nullptr;
  EndWait(state->get());
  (*state)->failed = std::move(failed);
  return std::make_unique<UcxEndpoint>(this, state->get());
}

void UcxFabric::OnError(void* state, ucp_ep_h, ucs_status_t status) {
  static_cast<EndpointState*>(state)->error = status;
  static_cast<EndpointState*>(state)->fabric->attention_ = true;
}

void UcxFabric::ReportErrors() {
  // A callback may close this and other endpoints, but only CloseAbandoned removes them from the list.
  for (const auto& state : endpoints_) {
    if (state->error == UCS_OK || state->abandoned) continue;
    if (state->failed) {
      base::Callback<Status> failed = std::move(state->failed);
      state->failed = {};
      failed(blocked_ ? Status(StatusCode::kUnavailable, "a process that was killed has blocked the queue in shared memory")
                      : Failed("the data path broke", state->error));
    } else if (state->stranger_timer != 0) {
      Close(state.get());
    }
  }
}

void UcxFabric::Close(EndpointState* state) {
  if (std::exchange(state->abandoned, true)) return;
  state->failed = {};
  if (state->stranger_timer != 0) EndWait(state);
  attention_ = true;
  Probe();
}

// FORCE: transfers under way end with an error, and closing does not wait for the peer.
void UcxFabric::CloseAbandoned() {
  endpoints_.remove_if([this](const std::unique_ptr<EndpointState>& state) {
    if (!state->abandoned) return false;
    if (!std::exchange(state->close_started, true)) {
      ucp_request_param_t params{};
      params.op_attr_mask = UCP_OP_ATTR_FIELD_FLAGS;
      params.flags = UCP_EP_CLOSE_FLAG_FORCE;
      state->closing = ucp_ep_close_nbx(state->ep, &params);
      attention_ = true;  // transfers under way end in the worker's next progress call, which no event announces
    }
    if (!UCS_PTR_IS_PTR(state->closing)) return true;
    if (ucp_request_check_status(state->closing) == UCS_INPROGRESS) {
      attention_ = true;
      return false;
    }
    ucp_request_free(state->closing);
    return true;
  });
}

Transfer* UcxFabric::NextTransfer() {
  if (!next_transfer_ && !spare_transfers_.empty()) {
    next_transfer_ = std::move(spare_transfers_.back());
    spare_transfers_.pop_back();
  }
  if (!next_transfer_) next_transfer_.reset(new Transfer{.fabric = this});
  return next_transfer_.get();
}

bool UcxFabric::Gather(std::span<const std::string_view> pieces, Transfer* transfer) {
  const size_t bytes = base::BytesOf(pieces);
  if (pieces.size() < 2 || bytes == 0 || bytes > gathered_bytes_max - gathered_bytes_) return false;
  if (kind_ == Kind::kShm ? bytes < gather_shm_bytes_min : bytes > gather_tcp_bytes_max) return false;
  transfer->gathered = base::AllocateValue(bytes);
  if (transfer->gathered == nullptr) return false;
  base::CopyPieces(transfer->gathered.get(), pieces);
  transfer->gathered_bytes = bytes;
  gathered_bytes_ += bytes;
  return true;
}

void UcxFabric::DropGathered(Transfer* transfer) {
  gathered_bytes_ -= std::exchange(transfer->gathered_bytes, 0);
  transfer->gathered.reset();
}

void UcxFabric::UcxKeepsTransfer() {
  ++transfers_;
  (void)next_transfer_.release();  // owned by UCX's request until Reclaim
}

void UcxFabric::Reclaim(Transfer* ended) {
  --transfers_;
  std::unique_ptr<Transfer> transfer(ended);
  DropGathered(ended);
  if (spare_transfers_.size() < spare_transfers_max) spare_transfers_.push_back(std::move(transfer));
}

ucs_status_t UcxFabric::OnMessage(void* self, const void* header, size_t header_bytes, void* data, size_t bytes,
                                  const ucp_am_recv_param_t* param) {
  auto* fabric = static_cast<UcxFabric*>(self);
  if (header_bytes == 0) {  // a probe: every message of the protocol has a header
    fabric->OnProbe();
    return UCS_OK;
  }
  UcxArrival arrival(fabric, std::string_view(static_cast<const char*>(header), header_bytes), data, bytes, param);
  fabric->sink_->OnMessage(arrival);
  return arrival.verdict();
}

}  // namespace remote_dram::net::ucx
