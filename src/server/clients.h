// Clients: those that are connected, or were recently, so that a client that reconnects finds the results of its mutations.
//
// At most one session at a time holds a client. A second session of the same client first ends the first one.
// Memory: a session shares its Client. A Client that no session holds is kept for client_memory, unless it said goodbye.
// Threads: any. The fields of a Client belong to the loop of the session that holds it.
// Failure: none; for an unknown id, or another secret, Find makes a new client.
// Limits: client_memory, clients_left_max; rings_untaken_max per session. A client that reconnects may again ask for that
// many rings, which costs no more than connecting as a new client.
#ifndef REMOTE_DRAM_SERVER_CLIENTS_H_
#define REMOTE_DRAM_SERVER_CLIENTS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <utility>

#include "base/descriptor.h"
#include "base/task.h"
#include "base/thread_annotations.h"
#include "net/loop.h"
#include "server/results.h"
#include "wire/control.h"

namespace remote_dram::server {

struct Client {
  wire::ClientId id;
  bool joined = false;  // one of its sessions has reached kJoined
  Results results;
};

class Clients {
 public:
  static constexpr std::chrono::seconds client_memory{120};
  static constexpr size_t clients_left_max = 1024;
  static constexpr int rings_untaken_max = 8;

  // Ends the session that holds a client: soon, on the session's loop, where `ended` runs afterwards.
  using EndSession = std::function<void(base::Task ended)>;

  explicit Clients(std::function<uint64_t()> random) : random_(std::move(random)) {}

  // The client with this id and secret; a new client if there is none.
  std::shared_ptr<Client> Find(const wire::ClientId& id) EXCLUDES(mutex_);
  // True: the session that `end` ends now holds the client. False: another session holds it; that session is being ended,
  // and `ended` runs afterwards.
  bool Hold(const std::shared_ptr<Client>& client, EndSession end, base::Task ended) EXCLUDES(mutex_);
  // The session that held the client has ended. `for_good`: forget the client, because it will not reconnect.
  void Release(const std::shared_ptr<Client>& client, bool for_good, net::TimePoint now) EXCLUDES(mutex_);

  // A client that came over TCP asks for rings on its mapping's connection. SetRings keeps the server's end until the
  // client's session attaches or ends. `order` numbers the client's mapping connections, which may be heard in another
  // order than they were made: the rings with the highest one count. Rings are not wanted if no session holds the client,
  // if its session has attached, or if it has asked rings_untaken_max times.
  bool WantsRings(const wire::ClientId& id, uint64_t order) const EXCLUDES(mutex_);
  // False: the rings are not wanted (any more), and are closed.
  bool SetRings(const wire::ClientId& id, uint64_t order, base::Descriptor rings) EXCLUDES(mutex_);
  // Called for the session's one ATTACH, whichever path that chooses. Not valid(): there are no rings (any more).
  base::Descriptor TakeRings(const wire::ClientId& id) EXCLUDES(mutex_);

  // The whole id, with the secret, of a client that a session holds; otherwise an id that is not known().
  wire::ClientId Held(uint64_t id_high, uint64_t id_low) const EXCLUDES(mutex_);

  size_t size() const EXCLUDES(mutex_);

 private:
  using Id = std::pair<uint64_t, uint64_t>;
  struct Record {
    std::shared_ptr<Client> client;
    EndSession end;  // empty: no session holds the client
    net::TimePoint left{};
    base::Descriptor rings;
    uint64_t rings_order = 0;
    int rings_left = rings_untaken_max;  // how often this session may still ask for rings
  };
  static bool Wants(const Record& record, uint64_t order) {
    return record.end && order >= record.rings_order && record.rings_left > 0;
  }
  static Id IdOf(const wire::ClientId& id) { return {id.id_high, id.id_low}; }
  static Id IdOf(const Client& client) { return IdOf(client.id); }
  void ForgetSome(net::TimePoint now) REQUIRES(mutex_);

  const std::function<uint64_t()> random_;
  mutable base::Mutex mutex_;
  std::map<Id, Record> records_ GUARDED_BY(mutex_);
  std::list<Id> left_ GUARDED_BY(mutex_);  // clients that no session holds; the one released first comes first
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_CLIENTS_H_
