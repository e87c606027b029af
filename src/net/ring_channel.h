// RingChannel: messages between two processes of one host through two rings in shared memory, one each way. A pair of Unix
// sockets brings the memory, rings for who sleeps, and tells the end; no byte of a message goes by it.
//
// For processes of one host, of any user and in any namespace. This is what lives on the loop: when to write and read, to
// sleep, and to end. What a message is, ring_messages.h knows.
// Memory: the rings go with the channel. Destroyed endpoints close the socket and end what is under way soon.
// Threads: the loop's role. Failure: see Endpoint; MakeRingEndpoint refuses what is no Unix stream socket with memory. A
// peer that closed its socket is noticed when the loop comes to rest: that it is gone, the control channel tells.
// Limits: those of ring_pair.h and ring_messages.h.
#ifndef REMOTE_DRAM_NET_RING_CHANNEL_H_
#define REMOTE_DRAM_NET_RING_CHANNEL_H_

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
  // A look into an empty ring costs less than the way to it through the loop, so it is repeated.
  static constexpr int polls = 8;

  RingChannel(EpollLoop* loop, MessageSink* sink, base::Descriptor socket, PairEnd end, base::Callback<Status> failed)
      : loop_(loop),
        bell_(std::move(socket)),
        end_(std::move(end)),
        writer_(&end_, &bell_),
        reader_(&end_.in, &bell_, sink),
        failed_(std::move(failed)) {}

  void Start();
  // As Endpoint's; of one that has failed, which was reported, nothing is sent.
  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) {
    return open() ? writer_.Send(header, payload) : nullptr;
  }
  void Close();

 private:
  bool Progress() override;
  bool Arm() override;
  int fd() const override { return bell_.fd(); }
  void OnReady() override { rung_ = true; }

  bool open() const { return bell_.open(); }
  void Shut();
  void EndTransfers(const Status& why);
  void Break(const Status& why);

  EpollLoop* const loop_;
  RingBell bell_;  // not open: the channel was closed, or broke
  PairEnd end_;
  MessageWriter writer_;
  MessageReader reader_;
  base::Callback<Status> failed_;
  bool rung_ = false;  // bells lie in the socket, or its end
  bool peer_closed_ = false;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_CHANNEL_H_
