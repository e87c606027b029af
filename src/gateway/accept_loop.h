// AcceptLoop: one thread that accepts connections until it is stopped.
//
// Memory: the listener, and whatever `accepted` refers to, must outlive it. `accepted` becomes the owner of each accepted
// descriptor.
// Threads: `accepted` and `log` run on the loop's thread; Stop may be called from any other.
// Failure: Start fails with UNAVAILABLE if no descriptor is left. If accepting fails later, for example because
// descriptors run out, that is logged once, and the loop tries again ten times a second.
// Limits: none of its own.
#ifndef REMOTE_DRAM_GATEWAY_ACCEPT_LOOP_H_
#define REMOTE_DRAM_GATEWAY_ACCEPT_LOOP_H_

#include <functional>
#include <memory>
#include <thread>

#include "gateway/listener.h"
#include "remote_dram/log.h"
#include "remote_dram/status.h"

namespace remote_dram::gateway {

class AcceptLoop {
 public:
  static Result<std::unique_ptr<AcceptLoop>> Start(const Listener& listener,
                                                   std::function<void(base::Descriptor)> accepted,
                                                   LogFunction log);
  ~AcceptLoop() { Stop(); }

  // Returns when the thread has ended. Idempotent.
  void Stop();

 private:
  AcceptLoop(const Listener& listener, base::Descriptor stop, std::function<void(base::Descriptor)> accepted,
             LogFunction log);
  void Run();
  bool WaitForConnection();  // false: stop
  void Accept();
  void Complain(int error);

  const Listener& listener_;
  const base::Descriptor stop_;  // an eventfd
  const std::function<void(base::Descriptor)> accepted_;
  const LogFunction log_;
  bool complained_ = false;
  std::thread thread_;
};

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_ACCEPT_LOOP_H_
