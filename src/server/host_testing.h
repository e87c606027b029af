// Host: a server process in a World, without threads and sockets of its own.
//
// Clients may map its store if its address is a Unix socket.
// Memory: the world outlives it. Threads: the world's.
// Failure: dies if it cannot listen. To simulate a crash, kill its network first; otherwise the destructor stops it in
// an orderly way.
#ifndef REMOTE_DRAM_SERVER_HOST_TESTING_H_
#define REMOTE_DRAM_SERVER_HOST_TESTING_H_

#include <memory>

#include "base/check.h"
#include "net/sim/sim_network.h"
#include "server/session.h"
#include "server/station.h"

namespace remote_dram {

struct Host {
  Host(net::sim::World* world, uint64_t incarnation, const net::Address& address = {.host = "host", .port = 1, .path = ""})
      : shared{.store = store::Store({.incarnation = incarnation,
                                      .hash_seed = {},
                                      .sharing = address.is_unix() ? store::Sharing::kShared : store::Sharing::kPrivate}),
               .random = [world] { return world->Random() | 1; },
               .log = [](LogLevel, std::string_view) {},
               .mapping_path = address.path,
               .started = {}},
        network(world),
        station(&shared, &network, {.shm = true, .tcp_host = ""}) {
    RD_CHECK(station.Start().ok());
    auto made = network.Listen(address, [this](std::unique_ptr<net::Accepted> accepted) { station.Admit(std::move(accepted)); });
    RD_CHECK(made.ok());
    listener = *std::move(made);
  }

  server::Shared shared;
  net::sim::SimNetwork network;
  server::Station station;
  std::unique_ptr<net::ControlListener> listener;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_SERVER_HOST_TESTING_H_
