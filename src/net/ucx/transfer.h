// Transfer: a send or a receive that UCX has not finished. UcxArrival: a message that has just arrived.
//
// Memory: a Transfer owns its header (UCX 1.13 reads it until the send ends) and the caller's callback. The fabric keeps
// finished Transfers for reuse. A UcxArrival lives for one call of OnMessage.
// Threads: the loop's role. Failure: reported to the callback, exactly once.
#ifndef REMOTE_DRAM_NET_UCX_TRANSFER_H_
#define REMOTE_DRAM_NET_UCX_TRANSFER_H_

#include <ucp/api/ucp.h>

#include <memory>
#include <string>
#include <vector>

#include "net/fabric.h"

namespace remote_dram::net::ucx {

class UcxFabric;

inline constexpr unsigned kMessageId = 1;  // the only active-message id that this protocol uses

struct Transfer {
  UcxFabric* const fabric;
  std::string header{};
  std::vector<ucp_dt_iov_t> pieces{};
  std::shared_ptr<char> gathered{};  // used instead of `pieces`: their bytes, see UcxFabric::Gather
  size_t gathered_bytes = 0;
  TransferEnded ended{};  // may be empty

  void End(ucs_status_t status);
};

class UcxArrival final : public Arrival {
 public:
  UcxArrival(UcxFabric* fabric, std::string_view header, void* data, size_t bytes, const ucp_am_recv_param_t* param)
      : fabric_(fabric), header_(header), data_(data), bytes_(bytes), param_(param) {}

  std::string_view header() const override { return header_; }
  uint64_t payload_bytes() const override { return bytes_; }
  bool came_along() const override { return (param_->recv_attr & UCP_AM_RECV_ATTR_FLAG_RNDV) == 0; }
  std::string_view payload() const override { return {static_cast<const char*>(data_), bytes_}; }
  void Fetch(char* to, TransferEnded fetched) override;
  std::unique_ptr<Endpoint> TakeEndpoint(base::Callback<Status> failed) override;

  // What OnMessage returns to UCX.
  ucs_status_t verdict() const { return verdict_; }

 private:
  UcxFabric* const fabric_;
  const std::string_view header_;
  void* const data_;
  const size_t bytes_;
  const ucp_am_recv_param_t* const param_;
  ucs_status_t verdict_ = UCS_OK;  // UCS_OK: UCX may drop the message; UCS_INPROGRESS: its payload is being fetched
};

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_TRANSFER_H_
