// RealNetwork: the production implementation of Network: sockets for control, UCX and rings for data, on one EpollLoop.
//
// Memory: owns the loop and the fabrics. Threads: see Network. Failure: see Network.
#ifndef REMOTE_DRAM_NET_UCX_REAL_NETWORK_H_
#define REMOTE_DRAM_NET_UCX_REAL_NETWORK_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/epoll_loop.h"
#include "net/network.h"
#include "net/ring_channel.h"
#include "net/ucx/ucx_fabric.h"

namespace remote_dram::net::ucx {

class RealNetwork final : public Network, private MessageSink {
 public:
  // No thread may be driving the loop any more.
  ~RealNetwork() override;

  EpollLoop& loop() override { return loop_; }

  Result<std::unique_ptr<ControlListener>> Listen(const Address& address,
                                                  base::Callback<std::unique_ptr<Accepted>> accepted,
                                                  std::shared_ptr<const Tls> tls, unsigned socket_mode) override;
  std::unique_ptr<ControlLink> Adopt(std::unique_ptr<Accepted> accepted, ControlEvents* events) override;
  std::unique_ptr<ControlLink> Dial(const Address& address, ControlEvents* events, std::shared_ptr<const Tls> tls) override;
  void SetSink(MessageSink* sink) override { sink_ = sink; }
  Result<Fabric*> Shm() override;
  Result<Fabric*> Tcp(const std::string& host, bool accepts) override;
  Result<std::unique_ptr<Endpoint>> OverRings(base::Descriptor socket, base::Callback<Status> failed) override {
    return MakeRingEndpoint(&loop_, this, std::move(socket), std::move(failed));
  }
  std::string HostIdentity() const override;

 private:
  void OnMessage(Arrival& arrival) override {
    if (sink_ != nullptr) sink_->OnMessage(arrival);
  }

  void DropBlocked();

  EpollLoop loop_;
  MessageSink* sink_ = nullptr;
  std::unique_ptr<UcxFabric> shm_;
  std::vector<std::unique_ptr<UcxFabric>> blocked_;
  std::map<std::string, std::unique_ptr<UcxFabric>> tcp_;  // by local host
};

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_REAL_NETWORK_H_
