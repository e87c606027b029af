// Hub: hands the messages of one network to the connections whose tokens they carry.
//
// Memory: refers to connections, which register and leave. Threads: the loop's role.
// Failure: a message without a connection is dropped.
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
  // `seed`: of the jitter, by which clients that lost one server do not come back all at once.
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
  double RandomShare() { return std::uniform_real_distribution<double>()(random_); }  // of 1
  // False if the token is in use, which no two honest servers bring about.
  bool Register(uint64_t token, Connection* connection) { return connections_.emplace(token, connection).second; }
  void Unregister(uint64_t token) { connections_.erase(token); }

  // Has the connection flushed before the turn of the loop ends, if it is still there.
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
