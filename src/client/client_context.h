// ClientContext: what clients need of their Context: the process it belongs to, and a hub with its network.
//
// LoopContext implements it over a real network; tests implement it over a simulated one.
// Memory: see Context. Threads: the hub requires the loop's role. Failure: none.
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
