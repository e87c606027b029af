// SocketLink: a ControlLink over a TCP or Unix stream socket on an EpollLoop; in TLS, if it is given one.
//
// Memory: owns its descriptor; see ControlLink. Threads: the loop's role.
// Failure: as ControlLink; the reason tells refused, timed out, closed by the peer, not frames, and not admitted.
// Limits: a connection attempt ends after connect_attempt_max; a TCP peer that vanished without a word is
// noticed after keepalive_seconds_max; reads_at_once_max, after which the loop's other work has its turn.
#ifndef REMOTE_DRAM_NET_SOCKET_LINK_H_
#define REMOTE_DRAM_NET_SOCKET_LINK_H_

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "base/descriptor.h"
#include "net/address.h"
#include "net/control.h"
#include "net/epoll_loop.h"
#include "net/tls.h"

namespace remote_dram::net {

class SocketLink final : public ControlLink {
 public:
  static constexpr std::chrono::milliseconds connect_attempt_max{10'000};
  static constexpr int keepalive_seconds_max = 10;
  static constexpr int reads_at_once_max = 4;  // of control_frame_bytes_max

  // A connected socket, of the server's side.
  SocketLink(EpollLoop* loop, base::Descriptor socket, ControlEvents* events, std::shared_ptr<const Tls> tls = nullptr)
      REQUIRES(loop->role);
  // One that begins to connect to a resolved address.
  SocketLink(EpollLoop* loop, const Address& address, ControlEvents* events, std::shared_ptr<const Tls> tls = nullptr)
      REQUIRES(loop->role);
  ~SocketLink() override;

  void Send(std::string_view frame) override { SendWith(frame, base::Descriptor()); }
  void SendWith(std::string_view frame, base::Descriptor descriptor) override;
  base::Descriptor TakeDescriptor() override;
  base::Descriptor Duplicate() const override;
  void Cut() override;
  bool PeerIsThere() const override;
  std::string local_host() const override;
  std::string peer_host() const override;

 private:
  void StartConnect();
  void OnConnected();
  void OnReady(uint32_t events);
  bool ReadFrames();
  bool Take(std::string_view bytes);
  bool DeliverFrames();
  Status NotFrames(std::string_view seen);
  bool Flush();
  ssize_t SendSome();
  void Watch();
  // Tells the owner, who may destroy the link inside.
  void Fail(LinkEnd end, Status why);
  void Detach();
  void FailSoon(LinkEnd end, Status why);

  EpollLoop* const loop_;
  ControlEvents* const events_;
  const std::string peer_;  // as messages name it
  const Address address_;
  base::Descriptor socket_;
  enum class State { kConnecting, kOpen, kClosed } state_;
  bool watched_ = false;
  uint64_t timer_ = 0;
  const std::unique_ptr<TlsStream> tls_;  // null: in the clear
  std::string received_;
  std::string unsent_;  // in TLS, if there is one
  std::deque<base::Descriptor> taken_along_;  // that came, in order
  // To go out with the byte at this place of unsent_, in order.
  std::deque<std::pair<size_t, base::Descriptor>> attached_;
  // Outlives the link, to see inside an event whether the owner destroyed it.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_SOCKET_LINK_H_
