// RingChannel: messages between two processes of one host through two rings in shared memory, one in each direction. A pair
// of Unix sockets passes the memory, wakes a side that sleeps, and shows when the peer ends; it carries no message bytes.
//
// The processes may belong to different users and namespaces. This class is the part that lives on the loop: it decides when
// to write, to read, to sleep, to give memory back and to end. The format of messages is in ring_messages.h.
// Memory: the rings live as long as the channel. Destroying an endpoint closes its socket; transfers under way end soon after.
// Threads: the loop's role. Failure: see Endpoint; MakeRingEndpoint refuses anything but a Unix stream socket with memory. A
// peer that closed its socket is noticed only when the loop comes to rest; the control channel reports a dead peer earlier.
// Limits: those of ring_pair.h and ring_messages.h.
#ifndef REMOTE_DRAM_NET_RING_CHANNEL_H_
#define REMOTE_DRAM_NET_RING_CHANNEL_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "net/epoll_loop.h"
#include "net/fabric.h"
#include "net/ring_bell.h"
#include "net/ring_messages.h"
#include "net/ring_pair.h"

namespace remote_dram::net {

Result<std::unique_ptr<Endpoint>> MakeRingEndpoint(EpollLoop* loop, MessageSink* sink, base::Descriptor socket,
                                                   base::Callback<Status> failed);

class RingChannel final : private ProgressSource, public std::enable_shared_from_this<RingChannel> {
 public:
  // Checking an empty ring costs less than reaching it through the loop, so each turn checks several times.
  static constexpr int polls = 8;
  // The memory of a large ring is given back one to two of these after it was last needed.
  static constexpr std::chrono::milliseconds large_ring_check_interval{1000};

  RingChannel(EpollLoop* loop, MessageSink* sink, base::Descriptor socket, PairEnd end, base::Callback<Status> failed)
      : loop_(loop),
        bell_(std::move(socket)),
        end_(std::move(end)),
        writer_(&end_, &bell_),
        reader_(&end_.in, &bell_, sink),
        failed_(std::move(failed)) {}

  void Start();
  // As Endpoint::Send. A channel that was closed or has failed (which was reported) sends nothing.
  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload);
  void Close();

 private:
  bool Progress() override;
  bool Arm() override;
  int fd() const override { return bell_.fd(); }
  void OnReady() override { rung_ = true; }

  bool open() const { return bell_.open(); }
  void CheckLargeRingLater();
  void Shut();
  void EndTransfers(const Status& why);
  void Break(const Status& why);

  EpollLoop* const loop_;
  RingBell bell_;  // not open: the channel was closed, or has failed
  PairEnd end_;
  MessageWriter writer_;
  MessageReader reader_;
  base::Callback<Status> failed_;
  uint64_t large_ring_check_ = 0;  // timer; 0: none
  bool rung_ = false;  // the socket is readable: it has bells, or the peer closed its end
  bool peer_closed_ = false;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_CHANNEL_H_
