// UcxEndpoint: an Endpoint on a ucp_ep.
//
// Memory: a handle; the fabric owns the EndpointState behind it, which lives until UCX has closed the ucp_ep.
// Threads: the loop's role. Failure: see Endpoint.
#ifndef REMOTE_DRAM_NET_UCX_UCX_ENDPOINT_H_
#define REMOTE_DRAM_NET_UCX_UCX_ENDPOINT_H_

#include "net/ucx/ucx_fabric.h"

namespace remote_dram::net::ucx {

class UcxEndpoint final : public Endpoint {
 public:
  UcxEndpoint(UcxFabric* fabric, EndpointState* state) : fabric_(fabric), state_(state) {}
  ~UcxEndpoint() override { fabric_->Close(state_); }

  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) override {
    return Send(header, payload, 0);
  }
  void SendIntroduction(std::string_view header) override;
  std::string Lanes() const override;

 private:
  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload, uint32_t flags);

  UcxFabric* const fabric_;
  EndpointState* const state_;
};

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_UCX_ENDPOINT_H_
