// UcxEndpoint: sends messages, and names the transports in use.
#include "net/ucx/ucx_endpoint.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "base/check.h"

namespace remote_dram::net::ucx {
namespace {

void OnSent(void* request, ucs_status_t status, void* transfer) {
  ucp_request_free(request);
  static_cast<Transfer*>(transfer)->End(status);
}

}  // namespace

void UcxEndpoint::SendIntroduction(std::string_view header) { Send(header, {}, UCP_AM_SEND_FLAG_REPLY); }

TransferEnded* UcxEndpoint::Send(std::string_view header, std::span<const std::string_view> payload, uint32_t flags) {
  RD_CHECK(header.size() <= message_header_bytes_max);
  if (state_->error != UCS_OK) return nullptr;  // the error was reported, or will be
  Transfer* const transfer = fabric_->NextTransfer();
  transfer->header = header;
  ucp_request_param_t params{};
  params.op_attr_mask = UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA | UCP_OP_ATTR_FIELD_FLAGS |
                        UCP_OP_ATTR_FIELD_MEMORY_TYPE;
  params.cb.send = OnSent;
  params.user_data = transfer;
  params.flags = flags;
  params.memory_type = UCS_MEMORY_TYPE_HOST;
  const void* buffer = nullptr;
  size_t count = 0;
  if (payload.size() == 1) {
    buffer = payload[0].data();
    count = payload[0].size();
  } else if (fabric_->Gather(payload, transfer)) {
    buffer = transfer->gathered.get();
    count = transfer->gathered_bytes;
  } else if (payload.size() > 1) {
    transfer->pieces.clear();
    for (const std::string_view piece : payload) {
      transfer->pieces.push_back({const_cast<char*>(piece.data()), piece.size()});
    }
    params.op_attr_mask |= UCP_OP_ATTR_FIELD_DATATYPE;
    params.datatype = ucp_dt_make_iov();
    buffer = transfer->pieces.data();
    count = transfer->pieces.size();
  }
  const ucs_status_ptr_t request = ucp_am_send_nbx(state_->ep, kMessageId, transfer->header.data(),
                                                   transfer->header.size(), buffer, count, &params);
  if (!UCS_PTR_IS_PTR(request)) {  // the send has ended; UCX reports an error of the endpoint by OnError
    fabric_->DropGathered(transfer);
    return nullptr;
  }
  fabric_->UcxKeepsTransfer();
  return &transfer->ended;
}

// UCX 1.13 gives an endpoint's transports only as text: "#   lane[0]:  1:posix/memory.0 md[1] ...".
std::string UcxEndpoint::Lanes() const {
  char* text = nullptr;
  size_t bytes = 0;
  FILE* const stream = open_memstream(&text, &bytes);
  ucp_ep_print_info(state_->ep, stream);
  std::fclose(stream);
  std::istringstream lines(std::string(text, bytes));
  std::free(text);
  std::string lanes, line;
  while (std::getline(lines, line)) {
    const size_t bracket = line.find("]: ");
    if (line.find("lane[") == std::string::npos || bracket == std::string::npos) continue;
    const size_t colon = line.find(':', bracket + 2);
    if (colon == std::string::npos) continue;  // "cm tcp" is the connection manager, not a transport
    const std::string transport = line.substr(colon + 1, line.find_first_of(". ", colon) - colon - 1);
    if (lanes.find(transport) == std::string::npos) lanes += (lanes.empty() ? "" : " ") + transport;
  }
  return lanes;
}

}  // namespace remote_dram::net::ucx
