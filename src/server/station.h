// Station: the part of a server that lives on one loop: its sessions, found by their tokens.
//
// Memory: owns its sessions; destroyed on the loop, before the network and before Shared.
// Threads: the loop's role, except where said otherwise.
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
  std::string tcp_host;  // whose device UCX listens on; empty: no TCP
};

// Who is let in by one way: kMappings: only those whom the server knows by another, for a mapping.
enum class Admits { kClients, kMappings };

class Station final : private net::MessageSink {
 public:
  Station(Shared* shared, net::Network* network, Ways ways);
  ~Station();

  Status Start();
  // From now on nobody is admitted and no request begun; `idle` runs once when none is left, maybe at once.
  void Drain(base::Task idle);
  void Admit(std::unique_ptr<net::Accepted> accepted, Admits admits = Admits::kClients);

  Shared& shared() { return *shared_; }
  net::Network& network() { return *network_; }
  net::Fabric* shm();  // another one, if the former has failed as a whole; null: not offered
  net::Fabric* tcp() { return tcp_; }
  const Ways& ways() const { return ways_; }
  bool draining() const { return draining_; }
  uint64_t requests() const { return requests_; }  // that have arrived and whose replies have not left

  // Of all sessions: so many requests more, or less.
  void CountRequests(int requests);

  // Destroys the session soon, outside of its own calls.
  void Forget(Session* session);

  // From any thread, while the session is there: ends it soon, then runs `ended` on this loop.
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
