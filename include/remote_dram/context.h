// Context: owns the thread, the sockets and the UCX resources that clients share.
//
// Memory: shared; it lives at least as long as any Client that was connected with it. It belongs to the process that
// made it: in a forked child it does nothing, and its clients fail.
// Threads: any. A context has one thread, which drives an event loop; a thread in a waiting call (KeyValueStore) drives
// that loop itself while it waits.
// Failure: Create cannot fail; a problem with UCX is reported by Client::Connect.
#ifndef REMOTE_DRAM_CONTEXT_H_
#define REMOTE_DRAM_CONTEXT_H_

#include <memory>

#include "remote_dram/log.h"

namespace remote_dram {

struct ContextOptions {
  LogFunction log;  // is told why a connection was lost and when it is restored; null: nothing is logged
};

// Clients that are given the same Context share its resources (ClientOptions::context).
class Context {
 public:
  static std::shared_ptr<Context> Create(const ContextOptions& options = {});
  virtual ~Context() = default;

 protected:
  Context() = default;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_CONTEXT_H_
