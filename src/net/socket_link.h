// SocketLink: a ControlLink over a TCP or Unix stream socket on an EpollLoop; encrypted if it is given a Tls.
//
// Memory: owns its descriptor; see ControlLink. Threads: the loop's role.
// Failure: as ControlLink; the reason distinguishes refused, timed out, closed by the peer, not frames, and not admitted.
// Limits: a connection attempt ends after connect_attempt_max; a TCP peer that vanished silently is noticed after
// keepalive_seconds_max; after reads_at_once_max other work of the loop gets its turn.
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
  static constexpr int reads_at_once_max = 4;  // of up to control_frame_bytes_max each

  // Takes over a connected socket, on the server's side.
  SocketLink(EpollLoop* loop, base::Descriptor socket, ControlEvents* events, std::shared_ptr<const Tls> tls = nullptr)
      REQUIRES(loop->role);
  // Begins to connect to a resolved address.
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
  // Calls OnClosed, in which the owner may destroy the link.
  void Fail(LinkEnd end, Status why);
  void Detach();
  void FailSoon(LinkEnd end, Status why);

  EpollLoop* const loop_;
  ControlEvents* const events_;
  const std::string peer_;  // the name of the peer in error texts
  const Address address_;
  base::Descriptor socket_;
  enum class State { kConnecting, kOpen, kClosed } state_;
  bool watched_ = false;
  uint64_t timer_ = 0;
  const std::unique_ptr<TlsStream> tls_;  // null: not encrypted
  std::string received_;
  std::string unsent_;  // already encrypted, if tls_ is set
  std::deque<base::Descriptor> taken_along_;  // received descriptors, in order
  // Descriptors to be sent, in order, each with the byte at that offset of unsent_.
  std::deque<std::pair<size_t, base::Descriptor>> attached_;
  // Functions keep a copy of the pointer, to see after an event whether the owner destroyed the link in it.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_SOCKET_LINK_H_
