// Station: the part of a server on one loop: its sessions, found by their tokens.
//
// Memory: owns its sessions; destroyed on the loop, before the network and before Shared.
// Threads: the loop's role, except EndSession.
// Failure: Start says which data path could not be opened. Messages without a session are dropped.
// Limits: connections_max, over all stations of a server.
#ifndef REMOTE_DRAM_SERVER_STATION_H_
#define REMOTE_DRAM_SERVER_STATION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "net/network.h"
#include "server/shared.h"

namespace remote_dram::server {

class Session;

// The data paths that a server offers.
struct Ways {
  bool shm = false;
  bool rings = false;    // net/ring_channel.h
  std::string tcp_host;  // UCX listens on the device with this address; empty: no TCP
};

// Whom a listening socket admits. kMappings: only mappings, by clients that have a session over another socket.
enum class Admits { kClients, kMappings };

class Station final : private net::MessageSink {
 public:
  Station(Shared* shared, net::Network* network, Ways ways);
  ~Station();

  Status Start();
  // From now on no connection is admitted and no request begun. `idle` runs once, when no request is left; maybe at once.
  void Drain(base::Task idle);
  void Admit(std::unique_ptr<net::Accepted> accepted, Admits admits = Admits::kClients);

  Shared& shared() { return *shared_; }
  net::Network& network() { return *network_; }
  net::Fabric* shm();  // a new fabric if the previous one has failed as a whole; null: not offered, or it cannot be opened
  net::Fabric* tcp() { return tcp_; }
  const Ways& ways() const { return ways_; }
  bool draining() const { return draining_; }
  uint64_t requests() const { return requests_; }  // requests that have arrived and whose replies have not left yet

  // Adds to requests(), which counts for all sessions; `requests` may be negative.
  void CountRequests(int requests);

  // Destroys the session soon, in a later task of the loop, so not inside one of its own calls.
  void Forget(Session* session);

  // From any thread, while the station exists: ends the session soon, if it still exists; then runs `ended` on this loop.
  void EndSession(uint64_t token, base::Task ended);

 private:
  void OnMessage(net::Arrival& arrival) override;

  Shared* const shared_;
  net::Network* const network_;
  const Ways ways_;
  net::Fabric* tcp_ = nullptr;
  uint64_t requests_ = 0;
  bool draining_ = false;
  base::Task idle_;
  std::unordered_map<uint64_t, std::shared_ptr<Session>> sessions_;  // by token
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);       // for tasks that outlive the station
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_STATION_H_
