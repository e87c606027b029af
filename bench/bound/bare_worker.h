// BareWorker: a UCX worker with the product's settings and nothing around it; base class of the bare client and server.
//
// Memory: owns context, worker, endpoints. The caller keeps what it passes to Send until UCX has sent it.
// Threads: one. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BOUND_BARE_WORKER_H_
#define REMOTE_DRAM_BENCH_BOUND_BARE_WORKER_H_

#include <string>
#include <vector>

#include "bench/bound/bare_message.h"
#include "bench/fail.h"
#include "net/ucx/settings.h"

namespace remote_dram::bench {

class BareWorker {
 public:
  using Kind = net::ucx::Kind;

  BareWorker(const BareWorker&) = delete;
  BareWorker& operator=(const BareWorker&) = delete;

 protected:
  explicit BareWorker(Kind kind);
  ~BareWorker();

  // Called inside UCX's callback. If the payload came along (eager), it is at `data`; otherwise (rendezvous), `data` is
  // the descriptor to pass to Receive.
  virtual ucs_status_t OnMessage(const void* header, void* data, size_t bytes, bool came_along) = 0;

  void Connect(ucp_ep_params_t params);  // adds a connection
  // All messages of a slot use the same connection.
  void Send(size_t slot, const void* header, size_t header_bytes, const void* payload, size_t bytes,
            ucp_send_nbx_callback_t sent = nullptr, void* user_data = nullptr);
  // Returns the status that OnMessage has to return.
  ucs_status_t Receive(void* descriptor, void* to, size_t bytes, ucp_am_recv_data_nbx_callback_t received,
                       void* user_data);
  std::string Address() const;  // the worker's address, to connect over shared memory

  ucp_worker_h worker_ = nullptr;

 private:
  static ucs_status_t Dispatch(void* self, const void* header, size_t, void* data, size_t bytes,
                               const ucp_am_recv_param_t* param);

  net::ucx::Context context_;
  std::vector<ucp_ep_h> eps_;
};

void RequireUcx(ucs_status_t status, const std::string& what);

std::string ToHex(const std::string& bytes);
std::string FromHex(const std::string& hex);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_BARE_WORKER_H_
