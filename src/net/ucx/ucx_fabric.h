// UcxFabric: a Fabric on one UCX worker, for shared memory or for TCP.
//
// Memory: owns context, worker, listener, and what remains of endpoints until UCX has closed them. Its
// transfers end, with an error at the latest, before its destructor returns.
// Threads: the loop's role; UCX's callbacks run inside Progress.
// Failure: errors of an endpoint are reported, and endpoints closed, between UCX's progress calls: inside
// its callbacks that is not safe.
// Limits: strangers_max accepted connections that have not introduced themselves, for hello_timeout each;
// close_time_max for UCX to let go when the fabric ends; spare_transfers_max.
#ifndef REMOTE_DRAM_NET_UCX_UCX_FABRIC_H_
#define REMOTE_DRAM_NET_UCX_UCX_FABRIC_H_

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/address.h"
#include "net/epoll_loop.h"
#include "net/fabric.h"
#include "net/ucx/process_end.h"
#include "net/ucx/settings.h"
#include "net/ucx/transfer.h"

namespace remote_dram::net::ucx {

// One ucp_ep, from its making until UCX has closed it; outlives its UcxEndpoint.
struct EndpointState {
  class UcxFabric* fabric = nullptr;
  ucp_ep_h ep = nullptr;
  ucs_status_ptr_t closing = nullptr;
  ucs_status_t error = UCS_OK;
  base::Callback<Status> failed;  // empty: nobody claimed it yet, or nobody cares any more
  bool stranger = false;
  bool abandoned = false;      // to be closed
  bool close_started = false;  // ucp_ep_close_nbx was called
  TimePoint deadline{};  // of a stranger
};

class UcxFabric final : private ProgressSource, public Fabric {
 public:
  static constexpr size_t strangers_max = 256;
  static constexpr std::chrono::milliseconds close_time_max{2000};
  static constexpr size_t spare_transfers_max = 256;
  // From so many bytes on, pieces go over shared memory as one. UCX would send them through the queue, a segment at a
  // time and a wake-up for each few where sender and receiver share a processor: 4 MiB took 25 ms, as one 0.5 ms.
  static constexpr size_t gather_bytes_min = 8 << 10;
  // A look into an empty queue in shared memory costs less than the way to it through the loop, so it is repeated. One at
  // sockets is a system call.
  static constexpr int shm_polls = 8;
  // How long a message to itself may take before the queue counts as blocked, and how often it is looked for then.
  static constexpr std::chrono::milliseconds probe_time_max{250};
  static constexpr int probe_turns_max = 1000;

  // `host`: for TCP, the local address whose device is used; `listens`: accept connections there.
  static Result<std::unique_ptr<UcxFabric>> Make(EpollLoop* loop, MessageSink* sink, Kind kind,
                                                 const std::string& host, bool listens);
  ~UcxFabric() override;

  std::string address() const override { return address_; }
  Result<std::unique_ptr<Endpoint>> Connect(std::string_view peer_address,
                                            base::Callback<Status> failed) override;

  // A process that was killed while it wrote has blocked the queue: every endpoint fails, and nothing arrives here again.
  bool blocked() const { return blocked_; }
  bool unused() const { return endpoints_.empty() && transfers_ == 0; }

 private:
  friend class UcxEndpoint;
  friend class UcxArrival;
  friend struct Transfer;

  UcxFabric(EpollLoop* loop, MessageSink* sink, Kind kind, Context context)
      : loop_(loop), sink_(sink), kind_(kind), context_(std::move(context)) {}
  Status StartWorker();
  Status StartListener(const std::string& host);
  Result<EndpointState*> MakeEndpoint(ucp_ep_params_t* params);
  void Close(EndpointState* state);
  std::unique_ptr<Endpoint> Claim(ucp_ep_h ep, base::Callback<Status> failed);
  bool Gathers(size_t bytes) const { return kind_ == Kind::kShm && bytes >= gather_bytes_min; }
  // The transfer for the next call of UCX, and again for the one after it, unless UCX keeps it.
  Transfer* NextTransfer();
  void UcxKeepsTransfer();
  void Reclaim(Transfer* ended);

  bool Progress() override;
  bool Arm() override;
  int fd() const override { return event_fd_; }
  void AcceptWaiting();
  void ReportErrors();
  void CloseAbandoned();
  void DropLateStrangers();
  // See ucx_fabric_probe.cc.
  void Probe();
  void OnProbe();
  void OnProbeLate();

  static ucs_status_t OnMessage(void* self, const void* header, size_t header_bytes, void* data, size_t bytes,
                                const ucp_am_recv_param_t* param);
  static void OnConnection(ucp_conn_request_h request, void* self);
  static void OnError(void* state, ucp_ep_h ep, ucs_status_t status);

  EpollLoop* const loop_;
  MessageSink* const sink_;
  const Kind kind_;
  std::optional<UcxUse> ending_;  // until the context is gone
  Context context_;
  ucp_worker_h worker_ = nullptr;
  ucp_listener_h listener_ = nullptr;
  int event_fd_ = -1;
  std::string address_;
  std::vector<ucp_conn_request_h> waiting_;
  std::list<std::unique_ptr<EndpointState>> endpoints_;
  size_t strangers_ = 0;
  size_t transfers_ = 0;    // that UCX has not ended yet
  std::unique_ptr<Transfer> next_transfer_;
  std::vector<std::unique_ptr<Transfer>> spare_transfers_;
  bool attention_ = false;  // some endpoint failed or is closing
  std::unique_ptr<Endpoint> loopback_;  // to itself; null: not needed yet
  uint64_t probe_timer_ = 0;            // 0: no probe is under way
  bool probe_again_ = false;
  bool blocked_ = false;
};

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_UCX_FABRIC_H_
