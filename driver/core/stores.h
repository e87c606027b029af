// Stores: the servers and connections of this process that specs have opened, shared where that is wanted.
//
// Opens of one listen_addr share one server. Opens of a remote_addr have connections of their own on one shared
// loop thread: TensorStore itself shares drivers of equal specs.
// An address has an age: how many handles on it had to be given up because their server was restarted. TensorStore
// finds open drivers by a key; with the age in it, who opens the address again gets a new handle and not the dead one.
// Memory: a Stores outlives whatever it opened. A server lives as long as any OpenStore of it, and its address can
// be lent anew once it is gone; a Lend that comes in between waits.
// Threads: any. Lend and Use block, Use for up to connect_timeout. The last OpenStore of a server must not be
// dropped in a completion of the store's.
// Failure: as Server::Start and Client::Connect say; FAILED_PRECONDITION if the address is lent already with other
// options.
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
  std::shared_ptr<KeyValueStore> store;  // keeps the server, or the connection
  std::string address;                   // with the real port
  uint64_t age = 0;                      // of the address when it was opened
};

class Stores {
 public:
  explicit Stores(LogFunction log = nullptr) : log_(std::move(log)) {}

  Result<OpenStore> Lend(const std::string& listen_addr, ServerOptions options);
  Result<OpenStore> Use(const std::string& remote_addr, ClientOptions options);

  // Whether a server of this process has the address: it starts, runs or ends.
  bool Lends(const std::string& listen_addr);

  uint64_t Age(const std::string& address);
  // Says that this handle is dead for good. The first one of its age to say so makes the address older.
  void GiveUp(const OpenStore& dead);

 private:
  struct Lent {
    std::string listen_addr;       // as it was given
    std::string address;           // with the real port; empty while the server starts
    ServerOptions options;
    std::weak_ptr<Server> server;  // expired: it starts or ends
  };
  Lent* Find(const std::string& listen_addr);
  void Forget(const Lent* lent);
  Result<OpenStore> Start(Lent& lent);

  const LogFunction log_;
  std::mutex mutex_;
  std::condition_variable changed_;  // a Lent began to run, or went
  std::list<Lent> lent_;
  std::map<std::string, uint64_t> ages_;
  std::weak_ptr<Context> context_;
};

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_STORES_H_
