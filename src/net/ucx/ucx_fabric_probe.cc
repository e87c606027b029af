// UcxFabric: checks whether its queue in shared memory still works.
//
// All peers write to one queue: each first reserves a place, then fills it. A process that is killed between the two steps
// leaves a place that is never filled. UCX never reads beyond it, so no message arrives any more, and reports no error. So
// whenever a peer has gone, the fabric sends itself a message; if that does not arrive in time, the queue is given up.
#include <ucp/api/ucp.h>

#include <utility>

#include "net/ucx/ucx_fabric.h"

namespace remote_dram::net::ucx {

void UcxFabric::Probe() {
  if (kind_ != Kind::kShm || blocked_ || worker_ == nullptr) return;
  if (probe_timer_ != 0) {
    probe_again_ = true;  // the probe under way may have its place before the one that was never filled
    return;
  }
  if (loopback_ == nullptr) {
    Result<std::unique_ptr<Endpoint>> own = Connect(address_, {});
    if (!own.ok()) return;
    loopback_ = std::move(*own);
  }
  loop_->AssertHeld();
  probe_timer_ = loop_->At(loop_->Now() + probe_time_max, [this] { OnProbeLate(); });
  (void)loopback_->Send({}, {});
}

void UcxFabric::OnProbe() {
  loop_->AssertHeld();
  if (probe_timer_ == 0) return;
  loop_->Cancel(std::exchange(probe_timer_, 0));
  if (std::exchange(probe_again_, false)) Probe();
}

void UcxFabric::OnProbeLate() {
  // If the whole process was delayed, the probe may have arrived unnoticed, so look once more. When it is found, another
  // probe may start, which changes probe_timer_.
  const uint64_t late = probe_timer_;
  for (int i = 0; i < probe_turns_max && probe_timer_ == late; ++i) ucp_worker_progress(worker_);
  if (probe_timer_ != late) return;
  probe_timer_ = 0;
  blocked_ = true;
  loopback_.reset();
  for (const auto& state : endpoints_) {
    if (state->error == UCS_OK) state->error = UCS_ERR_UNREACHABLE;
  }
  attention_ = true;
}

}  // namespace remote_dram::net::ucx
