// MessageWriter and MessageReader: messages into a ring, and out of the other one.
//
// A message is {header bytes u32, 0 u32, payload bytes u64}, the header, the payload, one after the other.
// The other end may have any process behind it: nothing is believed, and what is read is copied first.
// Memory: the rings, the bell and the sink outlive both. A message that did not fit at once keeps its payload where it
// lies, and one that is fetched comes where it shall lie; no byte there is read or written once its transfer ended.
// Threads: one at a time. Transfers end inside WriteMore, Read and End, and may then end everything else.
// Failure: Read tells what came that is no message; counts that no correct peer writes, the rings themselves.
// Limits: payload_along_bytes_max comes along, what is larger is fetched; ring_turn_bytes_max for one call, each way.
#ifndef REMOTE_DRAM_NET_RING_MESSAGES_H_
#define REMOTE_DRAM_NET_RING_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/byte_ring.h"
#include "net/fabric.h"
#include "net/ring_bell.h"
#include "net/ring_pair.h"

namespace remote_dram::net {

inline constexpr size_t ring_turn_bytes_max = size_t{1} << 20;
// So much is copied before the other side may see it: both copy at once.
inline constexpr size_t ring_piece_bytes_max = ring_bytes / 4;
static_assert(ring_piece_bytes_max <= ring_bytes - ring_lag_bytes);

struct MessagePrefix {
  uint32_t header_bytes = 0;
  uint32_t reserved = 0;
  uint64_t payload_bytes = 0;
};

class MessageWriter {
 public:
  MessageWriter(PairEnd* end, const RingBell* bell) : end_(end), bell_(bell) {}

  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload);  // as Endpoint's
  // Something is not sent yet; whether there is room for some of it.
  bool waits() const { return !unsent_.empty(); }
  bool MayWrite() { return waits() && end_->out.Room(1) > 0; }
  // True: some of it was written.
  bool WriteMore();
  // Of what is not sent yet.
  void End(const Status& why);

 private:
  struct Outgoing {
    std::string head;  // prefix and header
    std::vector<std::string_view> payload;
    size_t bytes = 0;  // of both
    size_t sent = 0;
    TransferEnded ended;
  };

  bool Write(std::list<Outgoing>* done);
  void JudgeSize();
  void WriteSome(Outgoing& next, size_t bytes);

  PairEnd* const end_;
  const RingBell* const bell_;
  std::list<Outgoing> unsent_;  // a list: callers hold on to `ended`
  bool full_ = false;           // the ring, when it was last written
};

class MessageReader {
 public:
  static constexpr size_t payload_along_bytes_max = 8192;

  MessageReader(RingReader* ring, const RingBell* bell, MessageSink* sink) : ring_(ring), bell_(bell), sink_(sink) {}

  // Null, or what is wrong with what was read.
  const char* Read();
  // Nothing is told any more, nor written into anybody's memory; also from within Read.
  void Stop();
  // Of what is being fetched.
  void End(const Status& why);

 private:
  class FramedArrival;
  static constexpr size_t buffer_bytes = sizeof(MessagePrefix) + message_header_bytes_max + payload_along_bytes_max;

  const char* Cut();
  const char* CutMessage(std::string_view bytes, size_t* used);
  size_t Advance(const char* bytes, size_t count);

  RingReader* const ring_;
  const RingBell* const bell_;
  MessageSink* const sink_;
  bool stopped_ = false;
  const std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(buffer_bytes);
  size_t filled_ = 0;
  // Of the payload that comes in, if it did not come along.
  uint64_t missing_ = 0;
  char* target_ = nullptr;  // null: nobody wants it
  TransferEnded fetched_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_MESSAGES_H_
