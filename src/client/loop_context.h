// LoopContext: the Context that Context::Create makes: one real network, its hub, and the thread of its loop.
//
// Memory: shared by clients and their pending calls; see Context.
// Threads: any. If the last reference is dropped on the loop's own thread, that thread is detached and ends by itself.
// Failure: none. In a forked child its parts are abandoned without being destroyed.
#ifndef REMOTE_DRAM_CLIENT_LOOP_CONTEXT_H_
#define REMOTE_DRAM_CLIENT_LOOP_CONTEXT_H_

#include <memory>
#include <thread>

#include "client/client_context.h"
#include "net/ucx/real_network.h"

namespace remote_dram::client {

class LoopContext final : public ClientContext {
 public:
  explicit LoopContext(const ContextOptions& options);
  ~LoopContext() override;

  const base::Home& home() const override { return home_; }
  Hub& hub() override { return parts_->hub; }

 private:
  // Shared with the loop's thread, which may be the last to use them.
  struct Parts {
    explicit Parts(LogFunction log) : hub(&network, std::move(log), std::random_device()()) {}
    ~Parts() { network.loop().RunLast([] {}); }  // runs the tasks that close connections while their hub still exists
    net::ucx::RealNetwork network;
    Hub hub;
  };
  const base::Home home_;
  std::shared_ptr<Parts> parts_;
  std::thread thread_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_LOOP_CONTEXT_H_
