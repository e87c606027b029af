// Station: admits connections and hands messages to their sessions.
#include "server/station.h"

#include "server/session.h"
#include "wire/message.h"

namespace remote_dram::server {

Station::Station(Shared* shared, net::Network* network, Ways ways)
    : shared_(shared), network_(network), ways_(std::move(ways)) {}

Station::~Station() {
  *alive_ = false;
  network_->SetSink(nullptr);  // clients do not know yet that the server ends, and may still send
  for (const auto& [token, session] : sessions_) session->End(Status(StatusCode::kUnavailable, "the server was stopped"));
  shared_->connections.fetch_sub(sessions_.size(), std::memory_order_relaxed);
}

Status Station::Start() {
  network_->SetSink(this);
  if (ways_.shm) {
    const Result<net::Fabric*> shm = network_->Shm();
    if (!shm.ok()) return shm.status();
  }
  if (!ways_.tcp_host.empty()) {
    const Result<net::Fabric*> tcp = network_->Tcp(ways_.tcp_host, true);
    if (!tcp.ok()) return tcp.status();
    tcp_ = *tcp;
  }
  return Status();
}

net::Fabric* Station::shm() {
  if (!ways_.shm) return nullptr;
  const Result<net::Fabric*> shm = network_->Shm();
  return shm.ok() ? *shm : nullptr;
}

void Station::Drain(base::Task idle) {
  draining_ = true;
  const Status stopping(StatusCode::kUnavailable, "the server is stopping, and will not see a change any more");
  for (const auto& [token, session] : sessions_) session->waiters().EndAll(stopping);
  idle_ = std::move(idle);
  CountRequests(0);
}

void Station::CountRequests(int requests) {
  requests_ += static_cast<uint64_t>(requests);
  if (requests_ == 0 && idle_) std::exchange(idle_, {})();
}

void Station::Admit(std::unique_ptr<net::Accepted> accepted, Admits admits) {
  if (draining_) return;
  if (shared_->connections.fetch_add(1, std::memory_order_relaxed) >= connections_max) {
    shared_->connections.fetch_sub(1, std::memory_order_relaxed);
    const std::string line = "refused a connection: connections_max (" + std::to_string(connections_max) + ") are open";
    const auto admitted = shared_->strangers_log.Admit(line, network_->loop().Now());
    if (admitted) shared_->log(LogLevel::kWarning, *admitted);
    return;
  }
  const uint64_t token = shared_->random();
  auto session = std::make_shared<Session>(this, token, admits);
  sessions_.emplace(token, session);
  session->Begin(std::move(accepted));
}

void Station::Forget(Session* session) {
  network_->loop().Post([this, alive = alive_, token = session->token()] {
    if (!*alive) return;
    if (sessions_.erase(token) > 0) shared_->connections.fetch_sub(1, std::memory_order_relaxed);
  });
}

void Station::EndSession(uint64_t token, base::Task ended) {
  network_->loop().Post([this, alive = alive_, token, ended = std::move(ended)]() mutable {
    if (!*alive) return;
    const auto session = sessions_.find(token);
    if (session != sessions_.end()) session->second->End(Status(StatusCode::kUnavailable, "the client came again"));
    ended();
  });
}

void Station::OnMessage(net::Arrival& arrival) {
  std::string_view rest = arrival.header();
  wire::MessageHeader header;
  const char* fault = wire::Take(&rest, &header);
  if (fault == nullptr) fault = header.Fault();
  const auto session = fault == nullptr ? sessions_.find(header.token) : sessions_.end();
  if (session == sessions_.end()) {
    shared_->log(LogLevel::kDebug, std::string("dropped a message: ") + (fault ? fault : "its token names no session"));
    return;
  }
  session->second->OnMessage(header, rest, arrival);  // the session exists throughout the call: see Forget
}

}  // namespace remote_dram::server
