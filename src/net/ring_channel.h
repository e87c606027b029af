// RingChannel: messages between two processes of one host through two rings in shared memory, one each way. A pair of Unix
// sockets brings the memory, rings for who sleeps, and tells the end; no byte of a message goes by it.
//
// For processes of one host, of any user and in any namespace. A message is {header bytes u32, 0 u32, payload bytes u64},
// the header, the payload, one after the other.
// The other end may have any process behind it: nothing is believed, and what is read is copied first.
// Memory: the rings go with the channel. A message that did not fit at once keeps its payload where it lies; no byte of it
// is read once its transfer ended. Destroyed endpoints close the socket and end what is under way soon.
// Threads: the loop's role. Failure: see Endpoint; MakeRingEndpoint refuses what is no Unix stream socket with memory. A
// peer that closed its socket is noticed when the loop comes to rest: that it is gone, the control channel tells.
// Limits: those of ring_pair.h; payload_along_bytes_max comes along, what is larger is fetched; bytes_per_turn_max each way.
#ifndef REMOTE_DRAM_NET_RING_CHANNEL_H_
#define REMOTE_DRAM_NET_RING_CHANNEL_H_

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "net/epoll_loop.h"
#include "net/fabric.h"
#include "net/ring_pair.h"

namespace remote_dram::net {

Result<std::unique_ptr<Endpoint>> MakeRingEndpoint(EpollLoop* loop, MessageSink* sink, base::Descriptor socket,
                                                   base::Callback<Status> failed);

class RingChannel final : private ProgressSource, public std::enable_shared_from_this<RingChannel> {
 public:
  static constexpr size_t payload_along_bytes_max = 8192;
  static constexpr size_t bytes_per_turn_max = size_t{1} << 20;
  // So much is copied before the other side may see it: both copy at once.
  static constexpr size_t piece_bytes_max = ring_bytes / 4;
  static_assert(piece_bytes_max <= ring_bytes - ring_lag_bytes);
  // A look into an empty ring costs less than the way to it through the loop, so it is repeated.
  static constexpr int polls = 8;

  RingChannel(EpollLoop* loop, MessageSink* sink, base::Descriptor socket, PairEnd end, base::Callback<Status> failed)
      : loop_(loop), sink_(sink), socket_(std::move(socket)), end_(std::move(end)), failed_(std::move(failed)) {}

  void Start();
  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload);  // as Endpoint's
  void Close();

 private:
  class FramedArrival;

  struct Prefix {
    uint32_t header_bytes = 0;
    uint32_t reserved = 0;
    uint64_t payload_bytes = 0;
  };
  struct Outgoing {
    std::string head;  // prefix and header
    std::vector<std::string_view> payload;
    size_t bytes = 0;  // of both
    size_t sent = 0;
    TransferEnded ended;
  };
  static constexpr size_t buffer_bytes = sizeof(Prefix) + message_header_bytes_max + payload_along_bytes_max;

  bool Progress() override;
  bool Arm() override;
  int fd() const override { return socket_.fd(); }
  void OnReady() override { rung_ = true; }

  bool open() const { return socket_.valid(); }
  void Ring();
  void ListenForBells();
  bool WriteMore();
  bool Write(std::list<Outgoing>* done);
  void JudgeSize();
  void WriteSome(Outgoing& next, size_t bytes);
  void Read();
  void Parse();
  bool ParseMessage(std::string_view bytes, size_t* used);
  size_t Advance(const char* bytes, size_t count);
  void Shut();
  void EndTransfers(const Status& why);
  void Break(const Status& why);

  EpollLoop* const loop_;
  MessageSink* const sink_;
  base::Descriptor socket_;  // not valid: closed, or broken
  PairEnd end_;
  base::Callback<Status> failed_;
  std::list<Outgoing> unsent_;  // a list: callers hold on to `ended`
  bool rung_ = false;  // bells lie in the socket, or its end
  bool peer_closed_ = false;
  bool full_ = false;  // the ring, when it was last written

  const std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(buffer_bytes);
  size_t filled_ = 0;
  // Of the payload that comes in, if it did not come along.
  uint64_t missing_ = 0;
  char* target_ = nullptr;  // null: nobody wants it
  TransferEnded fetched_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_CHANNEL_H_
