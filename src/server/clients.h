// Clients: who is connected or was lately, so that a client that comes again meets its own results.
//
// At most one session at a time holds a client; a second one first ends the first.
// Memory: a session shares its Client. One that is not held is kept for client_memory, unless it said goodbye.
// Threads: any; what is in a Client belongs to the loop of the session that holds it.
// Failure: none; an id that is not known, or comes with another secret, is nobody's.
// Limits: client_memory, clients_left_max; rings_untaken_max, of one session: who comes again begins anew, as he could under
// another name.
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
  bool joined = false;  // some session of it got as far as the data path
  Results results;
};

class Clients {
 public:
  static constexpr std::chrono::seconds client_memory{120};
  static constexpr size_t clients_left_max = 1024;
  static constexpr int rings_untaken_max = 8;

  // How a session that holds a client is ended: soon, on its own loop, and then `ended` runs there.
  using EndSession = std::function<void(base::Task ended)>;

  explicit Clients(std::function<uint64_t()> random) : random_(std::move(random)) {}

  // The client of that id and secret; a new one if there is none.
  std::shared_ptr<Client> Find(const wire::ClientId& id) EXCLUDES(mutex_);
  // True: held from now on, by the session that `end` ends. False: another session holds it, and `ended`
  // runs when that one has let go.
  bool Hold(const std::shared_ptr<Client>& client, EndSession end, base::Task ended) EXCLUDES(mutex_);
  // The session that holds it ended; `for_good`: the client said that it will not come again.
  void Release(const std::shared_ptr<Client>& client, bool for_good, net::TimePoint now) EXCLUDES(mutex_);

  // The server's end of the rings that the client asked for on another connection than its session's, until the session
  // attaches or ends. Of two askings the one with the higher `order` counts: connections may be heard in another order
  // than they were made. None are wanted where no session holds the client, or that has attached, or it asks and asks.
  bool WantsRings(const wire::ClientId& id, uint64_t order) const EXCLUDES(mutex_);
  // False: they are not wanted (any more), and dropped.
  bool SetRings(const wire::ClientId& id, uint64_t order, base::Descriptor rings) EXCLUDES(mutex_);
  // For the session's one ATTACH, whichever path it takes. Not valid(): there is none (any more).
  base::Descriptor TakeRings(const wire::ClientId& id) EXCLUDES(mutex_);

  // Of a client that some session holds, the whole id; else one that is not known().
  wire::ClientId Held(uint64_t id_high, uint64_t id_low) const EXCLUDES(mutex_);

  size_t size() const EXCLUDES(mutex_);

 private:
  using Id = std::pair<uint64_t, uint64_t>;
  struct Record {
    std::shared_ptr<Client> client;
    EndSession end;  // empty: nobody holds it
    net::TimePoint left{};
    base::Descriptor rings;
    uint64_t rings_order = 0;
    int rings_left = rings_untaken_max;  // of this session
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
  std::list<Id> left_ GUARDED_BY(mutex_);  // those that nobody holds, the first to leave first
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_CLIENTS_H_
