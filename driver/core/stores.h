// Stores: opens the servers and connections that specs of this process ask for, and shares them.
//
// All opens of one listen_addr share one server. Each open of a remote_addr has its own connection, on one shared loop
// thread; TensorStore itself shares the drivers of equal specs.
// An address has an age: the number of restarts of its server that made handles useless. TensorStore finds open drivers by
// a cache key that contains the age, so whoever opens the address again gets a new handle and not a dead one.
// Memory: a Stores must outlive whatever it opened. A server lives as long as any OpenStore of it. Once it has ended, its
// address can be lent again; a Lend that comes while the server starts or ends waits.
// Threads: any. Lend and Use block, Use for up to connect_timeout. The last OpenStore of a server must not be dropped in a
// completion of that store, because the end of the server waits for its completions.
// Failure: as Server::Start and Client::Connect; FAILED_PRECONDITION if the address is already lent with other options.
#ifndef REMOTE_DRAM_DRIVER_CORE_STORES_H_
#define REMOTE_DRAM_DRIVER_CORE_STORES_H_

#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "remote_dram/client.h"
#include "remote_dram/server.h"

namespace remote_dram::driver {

struct OpenStore {
  std::shared_ptr<KeyValueStore> store;  // keeps the server or the connection alive
  std::string address;                   // of a server: with the actual port
  uint64_t age = 0;                      // of the address when it was opened
};

class Stores {
 public:
  explicit Stores(LogFunction log = nullptr) : log_(std::move(log)) {}

  // Starts a server, or returns the running one with this address. Ignores options.log.
  Result<OpenStore> Lend(const std::string& listen_addr, ServerOptions options);
  // Connects to a server. Ignores options.context.
  Result<OpenStore> Use(const std::string& remote_addr, ClientOptions options);

  // True if a server of this process starts, runs or ends at this address.
  bool Lends(const std::string& listen_addr);

  uint64_t Age(const std::string& address);
  // Reports that this handle is useless because its server was restarted. The first report for a handle of the current age
  // increments the age of its address.
  void GiveUp(const OpenStore& dead);

 private:
  struct Lent {
    std::string listen_addr;       // as the spec has it
    std::string address;           // with the actual port; empty while the server starts
    ServerOptions options;
    std::weak_ptr<Server> server;  // expired while the server starts or ends
  };
  Lent* Find(const std::string& listen_addr);
  void Forget(const Lent* lent);
  Result<OpenStore> Start(Lent& lent);

  const LogFunction log_;
  std::mutex mutex_;
  std::condition_variable changed_;  // notified when a server has started or ended
  std::list<Lent> lent_;
  std::map<std::string, uint64_t> ages_;
  std::weak_ptr<Context> context_;
};

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_STORES_H_
