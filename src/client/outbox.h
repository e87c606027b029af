// Outbox: gathers the small requests of one turn of the loop and sends them together (wire/bundle.h).
//
// Requests wait no longer than the end of the turn; a single request is then sent as a message of its own. On a data path
// where a message costs little more than its bytes, the requests are sent in halves (kHalves), so that the server answers
// the first half while the client makes the second. If other connections send in the same turn, the server is busy
// anyway, and one bundle is cheaper.
// Memory: holds pointers to calls until they are flushed. Threads: the loop's role.
// Failure: none. Limits: those of a bundle (a larger request is sent alone); halves_min, halves_max.
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
  // How to bundle. kNone: not at all, each request is sent alone and at once, because the server takes no bundles.
  // kHalves: half of the gathered requests per bundle. kAll: as many as fit.
  enum class Company { kNone, kHalves, kAll };
  static constexpr size_t halves_min = 4, halves_max = 16;  // requests in one half

  // Sends through this endpoint, which must stay valid until Close.
  void Open(net::Endpoint* endpoint, uint64_t token, Company company);
  void Close();

  void SendAlone(Call& call);
  // If empty() is false afterwards, Flush must be called before the turn ends.
  void Send(Call& call);
  bool empty() const { return calls_.empty(); }
  void Flush(bool others_send_too = false);
  // The call is decided and may be destroyed: sends what is gathered, so that no pointer to the call is kept.
  void Forget(const Call& call) {
    if (call.gathered) Flush();
  }

 private:
  // Sends at most `most` calls, from calls_[from] on, in one message. Returns how many it sent.
  size_t SendSome(size_t from, size_t most);

  net::Endpoint* endpoint_ = nullptr;
  uint64_t token_ = 0;
  Company company_ = Company::kNone;
  std::vector<Call*> calls_;
  wire::Bundle bundle_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_OUTBOX_H_
