// Outbox: the small requests of one turn of the loop, which go out together (wire/bundle.h).
//
// Nothing waits for company: what is there when the turn ends is sent, one request alone as it is. Where a message costs
// little more than its bytes, those of one connection go in halves, so that the server answers one while the next is
// being made; if other connections send in the same turn, too, it has enough to do.
// Memory: refers to calls until they are flushed. Threads: the loop's role.
// Failure: none. Limits: those of a bundle, what is over them is sent alone; halves_min, halves_max.
#ifndef REMOTE_DRAM_CLIENT_OUTBOX_H_
#define REMOTE_DRAM_CLIENT_OUTBOX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "client/call.h"
#include "net/fabric.h"
#include "wire/bundle.h"

namespace remote_dram::client {

class Outbox {
 public:
  // kNone: the server takes no bundles, and each request goes alone, at once.
  enum class Company { kNone, kHalves, kAll };
  static constexpr size_t halves_min = 4, halves_max = 16;  // requests

  // From now on, by this endpoint, which stays until Close.
  void Open(net::Endpoint* endpoint, uint64_t token, Company company);
  void Close();

  void SendAlone(Call& call);
  // Unless it is empty then, Flush has to be called before the turn ends.
  void Send(Call& call);
  bool empty() const { return calls_.empty(); }
  void Flush(bool others_send_too = false);
  // The call was decided, and may go.
  void Forget(const Call& call) {
    if (call.gathered) Flush();
  }

 private:
  // From this one on, so many at most; returns how many went.
  size_t SendSome(size_t from, size_t most);

  net::Endpoint* endpoint_ = nullptr;
  uint64_t token_ = 0;
  Company company_ = Company::kNone;
  std::vector<Call*> calls_;
  wire::Bundle bundle_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_OUTBOX_H_
