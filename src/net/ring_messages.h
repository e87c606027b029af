// MessageWriter and MessageReader: write messages into one ring, and read messages from the other.
//
// A message is {header bytes u32, 0 u32, payload bytes u64}, then the header, then the payload, without gaps.
// The peer may be any process, so nothing that it writes is trusted, and data is copied before it is examined.
// Memory: the rings, the bell and the sink outlive both. A payload that did not fit at once is later copied from the sender's
// memory, and a fetched payload is copied straight into the receiver's; neither memory is touched after its transfer ended.
// Threads: one at a time. Transfers end inside WriteMore, Read and End; their callbacks may close the channel.
// Failure: Read returns what is wrong with a malformed message; the rings notice counts that no correct peer writes.
// Limits: a payload of up to payload_along_bytes_max comes along with its header, a larger one is fetched;
// ring_turn_bytes_max for one call, in each direction.
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
#include "net/store_pace.h"

namespace remote_dram::net {

inline constexpr size_t ring_turn_bytes_max = size_t{1} << 20;
// A message that is larger than a small ring is bulk. Each other message cancels this much of it (MessageWriter::Weigh).
inline constexpr size_t ring_small_message_weight = ring_bytes / 8;
// At most this much is copied before it is published, so that both sides copy at the same time.
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

  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload);  // as Endpoint::Send
  // waits: something is not sent yet. MayWrite: and some of it can be written now.
  bool waits() const { return !unsent_.empty(); }
  bool MayWrite() { return waits() && (waits_to_turn_ ? end_->out.MayTurn() : end_->out.Room(1) > 0); }
  // True: some bytes were written.
  bool WriteMore();
  // Gives the memory of a large ring back if nothing needed a large one since the last call, and nothing waits.
  void GiveUnusedBack();
  // Ends all transfers that are not sent yet.
  void End(const Status& why);

 private:
  struct Outgoing {
    std::string head;  // prefix and header
    std::vector<std::string_view> pieces;  // what is left of the head, and of each piece of the payload
    size_t first_left = 0;  // index of the first piece that is not sent
    size_t bytes = 0;       // of head and payload together
    size_t sent = 0;
    TransferEnded ended;
  };

  void Weigh(size_t message_bytes);
  bool Write(std::list<Outgoing>* done);
  bool PrepareRing(const Outgoing& next);
  void ForgetBulk();
  void WriteSome(Outgoing& next, size_t bytes);

  PairEnd* const end_;
  const RingBell* const bell_;
  StorePace pace_;
  std::list<Outgoing> unsent_;  // a list, because callers keep pointers to `ended`
  bool full_ = false;           // the ring was full at the last attempt to write
  bool waits_to_turn_ = false;  // nothing is written before the ring turns
  bool needed_large_ = false;   // a large ring was needed since GiveUnusedBack
  size_t bulk_bytes_ = 0;       // sent lately; see Weigh
  bool wants_large_ = false;    // for bulk; see Weigh
};

class MessageReader {
 public:
  static constexpr size_t payload_along_bytes_max = 8192;

  MessageReader(RingReader* ring, const RingBell* bell, MessageSink* sink) : ring_(ring), bell_(bell), sink_(sink) {}

  // Returns null, or what is wrong with the bytes that were read.
  const char* Read();
  // From now on nothing is delivered, nor written into the target of a fetch. May be called inside Read.
  void Stop();
  // Ends the fetch under way, if any.
  void End(const Status& why);

 private:
  class FramedArrival;
  static constexpr size_t buffer_bytes = sizeof(MessagePrefix) + message_header_bytes_max + payload_along_bytes_max;
  static_assert(buffer_bytes < ring_bytes, "the payload of bulk must not come along with its header");

  const char* Cut();
  const char* CutMessage(std::string_view bytes, size_t* used);
  size_t Advance(const char* bytes, size_t count);

  RingReader* const ring_;
  const RingBell* const bell_;
  MessageSink* const sink_;
  bool stopped_ = false;
  const std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(buffer_bytes);
  size_t filled_ = 0;
  // The payload that is arriving, if it does not come along with its header.
  uint64_t missing_ = 0;    // bytes still to come
  char* target_ = nullptr;  // null: nobody fetches it, so it is skipped
  base::Stores stores_ = base::Stores::kCached;  // into the target
  TransferEnded fetched_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_RING_MESSAGES_H_
