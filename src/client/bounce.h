// Bounce: the payloads of large requests on their way through this client's bounce buffers (wire/bounce.h).
//
//   Send ──► free ──filled, sent──► in use ──the server has answered for it──► free ──► the next piece
//
// A payload is copied into free buffers, one message for each; what does not fit yet waits, and those who wait take
// turns. Both processors copy at the same time, each at the speed of memory, which the kernel's copy from one process
// to another does not reach (doc/performance.md).
// Memory: shares the buffers. Of a call that it was told to Forget it touches nothing any more.
// Threads: the loop's role.
// Failure: none; after Close nothing is known of what was sent. Limits: bounce_buffers, bounce_buffer_bytes.
#ifndef REMOTE_DRAM_CLIENT_BOUNCE_H_
#define REMOTE_DRAM_CLIENT_BOUNCE_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "client/call.h"
#include "client/own_memory.h"
#include "net/fabric.h"
#include "wire/message.h"

namespace remote_dram::client {

class Bounce {
 public:
  // What is smaller goes inside a message: UCX has room for 8 KiB in one, its own header and ours included.
  static constexpr uint64_t payload_bytes_min = 7 << 10;

  // From now on, by this endpoint, which stays until Close.
  void Open(std::shared_ptr<BounceBuffers> buffers, net::Endpoint* endpoint);
  void Close();
  bool open() const { return buffers_ != nullptr; }

  // False: it is not for the bounce buffers.
  bool Send(Call& call, wire::MessageHeader header);
  // The server answered the request, or has read the piece there; false: that is in no buffer.
  void OnAnswer(uint64_t request);
  bool OnRead(uint64_t offset);
  // The call was decided.
  void Forget(const Call& call);

 private:
  static constexpr uint64_t kFree = 0, kUntilRead = ~uint64_t{0};  // beside numbers of requests
  // A payload of which not all has been sent.
  struct Rest {
    Call* call;
    wire::MessageHeader header;
    uint64_t payload_bytes;
    uint64_t sent_bytes = 0;
    size_t part = 0;       // of the call's payload, that comes next,
    size_t part_sent = 0;  // and how much of it was sent
  };

  std::optional<uint32_t> FreeBuffer() const;
  static void CopyNext(Rest& rest, uint64_t bytes, char* to);
  // The next piece, in the buffer from now on, which is then `used`.
  wire::Piece Fill(uint32_t buffer, Rest& rest, uint64_t used);
  void SendPiece(const wire::MessageHeader& header, const wire::Piece& piece);
  void SendRests();

  std::shared_ptr<BounceBuffers> buffers_;
  net::Endpoint* endpoint_ = nullptr;
  std::array<uint64_t, bounce_buffers> used_{};  // kFree, kUntilRead, or the request whose answer frees it
  std::deque<Rest> rests_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_BOUNCE_H_
