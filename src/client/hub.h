// Hub: hands each message of one network to the connection whose token it carries.
//
// Memory: holds plain pointers to connections, which register and unregister themselves. Threads: the loop's role.
// Failure: a message with an unknown token is dropped.
#ifndef REMOTE_DRAM_CLIENT_HUB_H_
#define REMOTE_DRAM_CLIENT_HUB_H_

#include <cstdint>
#include <memory>
#include <random>
#include <unordered_map>
#include <vector>

#include "net/network.h"
#include "remote_dram/log.h"

namespace remote_dram::client {

class Connection;

class Hub final : private net::MessageSink {
 public:
  // `seed`: of the random jitter of reconnects, which keeps all clients that lost a server from coming back at once.
  Hub(net::Network* network, LogFunction log, uint32_t seed)
      : network_(network), random_(seed), log_(log ? std::move(log) : [](LogLevel, std::string_view) {}) {
    network->SetSink(this);
  }
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub() { network_->SetSink(nullptr); }

  net::Network& network() { return *network_; }
  net::Loop& loop() { return network_->loop(); }
  const LogFunction& log() const { return log_; }
  double RandomShare() { return std::uniform_real_distribution<double>()(random_); }  // in [0, 1)
  // False if the token is in use. Servers draw tokens at random, so honest ones do not collide.
  bool Register(uint64_t token, Connection* connection) { return connections_.emplace(token, connection).second; }
  void Unregister(uint64_t token) { connections_.erase(token); }

  // Calls the connection's Flush before the current turn of the loop ends, if the connection still exists then.
  void FlushSoon(std::weak_ptr<Connection> connection);

 private:
  void OnMessage(net::Arrival& arrival) override;
  void FlushAll();

  net::Network* const network_;
  std::minstd_rand random_;
  const LogFunction log_;  // never null
  std::unordered_map<uint64_t, Connection*> connections_;
  std::vector<std::weak_ptr<Connection>> to_flush_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_HUB_H_
