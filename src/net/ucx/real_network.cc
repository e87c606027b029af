// RealNetwork: makes listeners, links and fabrics, and replaces a blocked fabric.
#include "net/ucx/real_network.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/check.h"
#include "net/socket_link.h"
#include "net/socket_listener.h"

namespace remote_dram::net::ucx {

Result<std::unique_ptr<ControlListener>> RealNetwork::Listen(const Address& address,
                                                             base::Callback<std::unique_ptr<Accepted>> accepted,
                                                             std::shared_ptr<const Tls> tls, unsigned socket_mode) {
  Result<std::unique_ptr<SocketListener>> listener =
      SocketListener::Bind(&loop_, address, std::move(accepted), std::move(tls), socket_mode);
  if (!listener.ok()) return listener.status();
  return std::unique_ptr<ControlListener>(std::move(*listener));
}

std::unique_ptr<ControlLink> RealNetwork::Adopt(std::unique_ptr<Accepted> accepted, ControlEvents* events) {
  loop_.AssertHeld();
  auto& socket = static_cast<AcceptedSocket&>(*accepted);
  return std::make_unique<SocketLink>(&loop_, socket.Take(), events, socket.tls());
}

std::unique_ptr<ControlLink> RealNetwork::Dial(const Address& address, ControlEvents* events, std::shared_ptr<const Tls> tls) {
  loop_.AssertHeld();
  return std::make_unique<SocketLink>(&loop_, address, events, std::move(tls));
}

// A blocked fabric is replaced. It is kept as long as it has endpoints, whose owners have been told of the failure.
Result<Fabric*> RealNetwork::Shm() {
  RD_CHECK(sink_ != nullptr);
  if (shm_ && shm_->blocked()) {
    blocked_.push_back(std::move(shm_));
    DropBlocked();
  }
  if (!shm_) {
    Result<std::unique_ptr<UcxFabric>> made = UcxFabric::Make(&loop_, this, Kind::kShm, "", false);
    if (!made.ok()) return made.status();
    shm_ = std::move(*made);
  }
  return static_cast<Fabric*>(shm_.get());
}

Result<Fabric*> RealNetwork::Tcp(const std::string& host, bool accepts) {
  RD_CHECK(sink_ != nullptr);
  std::unique_ptr<UcxFabric>& fabric = tcp_[host];
  if (!fabric) {
    Result<std::unique_ptr<UcxFabric>> made = UcxFabric::Make(&loop_, this, Kind::kTcp, host, accepts);
    if (!made.ok()) return made.status();
    fabric = std::move(*made);
  }
  return static_cast<Fabric*>(fabric.get());
}

void RealNetwork::DropBlocked() {
  loop_.AssertHeld();
  loop_.At(loop_.Now() + UcxFabric::probe_time_max, [this] {
    std::erase_if(blocked_, [](const std::unique_ptr<UcxFabric>& fabric) { return fabric->unused(); });
    if (!blocked_.empty()) DropBlocked();
  });
}

// Shared memory and CMA can connect two processes only if boot, user, user namespace and PID namespace are the same. (The
// user namespace matters because root in another one is a different user.)
std::string RealNetwork::HostIdentity() const {
  std::string boot_id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot_id);
  struct stat pids{}, users{};
  stat("/proc/self/ns/pid", &pids);
  stat("/proc/self/ns/user", &users);
  return boot_id + " uid " + std::to_string(geteuid()) + " user namespace " + std::to_string(users.st_ino) +
         " pid namespace " + std::to_string(pids.st_ino);
}

RealNetwork::~RealNetwork() {
  loop_.RunLast([this] {
    tcp_.clear();
    shm_.reset();
    blocked_.clear();
  });
}

}  // namespace remote_dram::net::ucx
