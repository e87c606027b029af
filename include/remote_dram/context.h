// Context: owns the thread, the sockets and the UCX resources that clients share.
//
// Memory: shared; it lives as long as any Client made with it. It belongs to the process that made it: in a
// forked child it does nothing, and its clients fail.
// Threads: any. A context has one loop thread; callers of waiting forms drive the loop themselves.
// Failure: making one cannot fail; what is wrong with UCX shows in Client::Connect.
#ifndef REMOTE_DRAM_CONTEXT_H_
#define REMOTE_DRAM_CONTEXT_H_

#include <memory>

#include "remote_dram/log.h"

namespace remote_dram {

struct ContextOptions {
  LogFunction log;  // why a connection was lost, and when it is there again; null: silent
};

class Context {
 public:
  static std::shared_ptr<Context> Create(const ContextOptions& options = {});
  virtual ~Context() = default;

 protected:
  Context() = default;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_CONTEXT_H_
