// UcxFabric: a Fabric on one UCX worker, for shared memory or for TCP.
//
// Memory: owns context, worker and listener, and the state of each endpoint until UCX has closed it. The destructor ends all
// transfers, those under way with an error, if UCX does so within close_time_max.
// Threads: the loop's role; UCX's callbacks run inside Progress.
// Failure: an endpoint's error is reported, and an endpoint closed, only between UCX's progress calls, because neither is
// safe inside UCX's callbacks.
// Limits: at most strangers_max accepted connections that have not introduced themselves, for hello_timeout each;
// close_time_max for UCX to close everything when the fabric ends; spare_transfers_max.
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

// The state of one ucp_ep, from its creation until UCX has closed it; outlives its UcxEndpoint.
struct EndpointState {
  class UcxFabric* fabric = nullptr;
  ucp_ep_h ep = nullptr;
  ucs_status_ptr_t closing = nullptr;
  ucs_status_t error = UCS_OK;
  base::Callback<Status> failed;  // empty: the endpoint is not claimed yet, was closed, or its error was reported
  bool abandoned = false;      // to be closed
  bool close_started = false;  // ucp_ep_close_nbx was called
  uint64_t stranger_timer = 0;  // of a stranger, an accepted connection that has not introduced itself yet; else 0
};

class UcxFabric final : private ProgressSource, public Fabric {
 public:
  static constexpr size_t strangers_max = 256;
  static constexpr std::chrono::milliseconds close_time_max{2000};
  static constexpr size_t spare_transfers_max = 256;
  // A payload of several pieces is copied into one before it is sent: over shared memory from the first size on, over TCP up
  // to the second, as long as the copies under way have no more bytes together than the third.
  // - Shared memory: UCX would send the pieces through the queue, segment by segment, with a wake-up for every few if sender
  //   and receiver share a processor: 4 MiB took 25 ms that way, and 0.5 ms as one piece.
  // - TCP: UCX would send every five pieces by a system call of their own (600 of 64 B took 0.63 ms, and 0.09 ms as one), or,
  //   from 90 KB on, copy them into segments and the receiver copy them out. For larger payloads, copying before the first
  //   byte is sent costs as much.
  static constexpr size_t gather_shm_bytes_min = 8 << 10;
  static constexpr size_t gather_tcp_bytes_max = 8 << 20;
  static constexpr size_t gathered_bytes_max = 128 << 20;
  // Checking an empty queue in shared memory costs less than reaching it through the loop, so each turn checks several times.
  static constexpr int shm_polls = 8;
  // Checking sockets is a system call, so it is done once, or while transfers are under way, until nothing more has arrived,
  // so that the kernel's buffers are drained faster than a turn of the loop per piece would. At most this often in one turn.
  static constexpr int tcp_polls_max = 16;
  // How long a probe (a message to itself) may take before the queue is suspected to be blocked, and how many progress calls
  // then still look for it.
  static constexpr std::chrono::milliseconds probe_time_max{250};
  static constexpr int probe_turns_max = 1000;

  // `host`: for TCP, the local address whose network device is used. `listens`: whether to accept connections there.
  static Result<std::unique_ptr<UcxFabric>> Make(EpollLoop* loop, MessageSink* sink, Kind kind,
                                                 const std::string& host, bool listens);
  ~UcxFabric() override;

  std::string address() const override { return address_; }
  Result<std::unique_ptr<Endpoint>> Connect(std::string_view peer_address,
                                            base::Callback<Status> failed) override;

  // True if a process that was killed while it wrote has blocked the queue: every endpoint fails, and no message arrives any
  // more.
  bool blocked() const { return blocked_; }
  bool unused() const { return endpoints_.empty() && transfers_ == 0; }
  // The bytes of the payloads under way that were copied into one piece; at most gathered_bytes_max.
  size_t gathered_bytes() const { return gathered_bytes_; }

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
  // Copies the pieces into one. False: they are to be sent as they are.
  bool Gather(std::span<const std::string_view> pieces, Transfer* transfer);
  void DropGathered(Transfer* transfer);
  // The Transfer for the next call of UCX. It is reused for the following call unless UcxKeepsTransfer is called.
  Transfer* NextTransfer();
  void UcxKeepsTransfer();
  void Reclaim(Transfer* ended);

  bool Progress() override;
  bool PollQueue();    // of shared memory
  bool PollSockets();  // of TCP
  bool Arm() override;
  int fd() const override { return event_fd_; }
  void AcceptWaiting();
  void ReportErrors();
  void CloseAbandoned();
  void EndWait(EndpointState* stranger);
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
  std::optional<UcxUse> ending_;  // set by the destructor; declared first, so that it is held until the context is destroyed
  Context context_;
  ucp_worker_h worker_ = nullptr;
  ucp_listener_h listener_ = nullptr;
  int event_fd_ = -1;
  std::string address_;
  std::vector<ucp_conn_request_h> waiting_;
  std::list<std::unique_ptr<EndpointState>> endpoints_;
  size_t strangers_ = 0;
  size_t transfers_ = 0;    // transfers that UCX has not ended yet
  size_t gathered_bytes_ = 0;
  std::unique_ptr<Transfer> next_transfer_;
  std::vector<std::unique_ptr<Transfer>> spare_transfers_;
  bool attention_ = false;  // some endpoint has failed or is closing
  std::unique_ptr<Endpoint> loopback_;  // to this fabric itself, for probes; null: not needed yet
  uint64_t probe_timer_ = 0;            // 0: no probe is under way
  bool probe_again_ = false;
  bool blocked_ = false;
};

}  // namespace remote_dram::net::ucx

#endif  // REMOTE_DRAM_NET_UCX_UCX_FABRIC_H_
