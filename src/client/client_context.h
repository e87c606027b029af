// ClientContext: what clients need of their Context: where they are at home, and a hub with its network.
//
// LoopContext is the real one; a test has one of a simulated network.
// Memory: see Context. Threads: the hub is the loop's. Failure: none.
#ifndef REMOTE_DRAM_CLIENT_CLIENT_CONTEXT_H_
#define REMOTE_DRAM_CLIENT_CLIENT_CONTEXT_H_

#include "base/fork.h"
#include "client/hub.h"
#include "remote_dram/context.h"

namespace remote_dram::client {

class ClientContext : public Context {
 public:
  virtual const base::Home& home() const = 0;
  virtual Hub& hub() = 0;
  net::Loop& loop() { return hub().loop(); }
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_CLIENT_CONTEXT_H_
