// Outbox: the small requests of one turn of the loop, which go out together (wire/bundle.h).
//
// Nothing waits for company: what is there when the turn ends is sent, one request alone as it is.
// Memory: refers to the first call until it is flushed; copies the others. Threads: the loop's role.
// Failure: none. Limits: those of a bundle; what is over them is sent alone.
#ifndef REMOTE_DRAM_CLIENT_OUTBOX_H_
#define REMOTE_DRAM_CLIENT_OUTBOX_H_

#include <cstdint>

#include "client/call.h"
#include "net/fabric.h"
#include "wire/bundle.h"

namespace remote_dram::client {

class Outbox {
 public:
  // From now on, by this endpoint, which stays until Close. Not `bundles`: each request goes alone, at once.
  void Open(net::Endpoint* endpoint, uint64_t token, bool bundles);
  void Close();

  // Unless it is empty then, Flush has to be called before the turn ends.
  void Send(Call& call);
  bool empty() const { return first_ == nullptr && bundle_.count() == 0; }
  void Flush();
  // The call was decided, and may go.
  void Forget(const Call& call) {
    if (&call == first_) Flush();
  }

 private:
  void SendAlone(Call& call);

  net::Endpoint* endpoint_ = nullptr;
  uint64_t token_ = 0;
  bool bundles_ = false;
  Call* first_ = nullptr;  // the only one yet
  wire::Bundle bundle_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_OUTBOX_H_
