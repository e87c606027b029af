// The messages of the data path: one pair of structs per verb (request and reply), after a common header.
//
// A message is an active message of UCX. Its header part holds MessageHeader, the verb's struct and its tail. Its payload
// part holds bulk data: values, the keys of a range or a batch, a page of a listing.
// Memory, threads, failure: see codec.h. Limits: message_tail_bytes_max; keys as in remote_dram/limits.h.
#ifndef REMOTE_DRAM_WIRE_MESSAGE_H_
#define REMOTE_DRAM_WIRE_MESSAGE_H_

#include <cstddef>
#include <cstdint>

#include "remote_dram/generation.h"
#include "remote_dram/limits.h"
#include "wire/codec.h"

namespace remote_dram::wire {

// Numbers are never reused.
enum class Verb : uint16_t {
  kJoin = 1,  // the first message; binds the data path to the session that the token identifies
  kGet = 2,
  kPut = 3,
  kDelete = 4,
  kDeleteRange = 5,
  kList = 6,
  kStat = 7,
  kStatServer = 8,
  kBatchRead = 9,
  kBatchWrite = 10,
  kTransact = 11,
  kStage = 12,  // sends a value ahead of its transaction
  kCopyRange = 13,
  kWait = 14,
  kGetWhole = 15,  // a Get without conditions and byte range, the most common kind
  kBundle = 16,    // several messages, see bundle.h
};

// Whether a request changes keys. A client numbers such requests, so that one that it sends again is applied once.
constexpr bool Mutates(Verb verb) {
  switch (verb) {
    case Verb::kPut:
    case Verb::kDelete:
    case Verb::kDeleteRange:
    case Verb::kBatchWrite:
    case Verb::kTransact:
    case Verb::kCopyRange:
      return true;
    default:
      return false;
  }
}

inline constexpr size_t error_text_bytes_max = 1024;

// A client repeats its Wait after this time, so that a server soon forgets clients that no longer wait.
inline constexpr uint64_t wait_ms_max = 60'000;

// The beginning of every request and every reply.
struct MessageHeader {
  uint64_t token = 0;    // identifies the session, in both directions
  uint64_t request = 0;  // chosen by the client, repeated in the reply
  // Reply: the server's sequence at the moment of the operation. Request of a mutation: the number that the client gave to
  // the mutation, from 1 on; it stays the same when the mutation is sent again. Other requests: 0.
  uint64_t sequence = 0;
  uint16_t verb = 0;
  // Reply: StatusCode; if it is not OK, the tail is the error's text. Request: 0.
  uint16_t code = 0;
  // Request of a mutation: its number minus the lowest number to which the client still expects a reply. Reply: 1 if it is
  // unknown whether the mutation was applied.
  uint32_t span = 0;
  const char* Fault() const;
};

// A message without a tail.
template <WireStruct Body>
struct Message {
  MessageHeader header;
  Body body;
  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }
};

// The numbers of a client's undecided mutations differ by less than this.
inline constexpr uint32_t mutations_window_max = 4096;

struct WireGeneration {
  uint64_t incarnation = 0;
  uint64_t sequence = 0;
  uint64_t kind = 0;  // Generation::Kind

  static WireGeneration From(const Generation& generation);
  Generation ToGeneration() const;
  const char* Fault() const;
};

// Unless a comment says otherwise, the tail of a request is its key, and a reply has no tail.
struct JoinRequest {
  uint64_t incarnation = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct JoinReply {
  uint64_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct GetRequest {
  WireGeneration if_generation;
  WireGeneration if_not_generation;
  int64_t range_min = 0;
  int64_t range_max = -1;
  uint64_t room_bytes = UINT64_MAX;  // more bytes than this are not sent; the reply is OUT_OF_RANGE
  const char* Fault(size_t tail_bytes) const;
};
struct GetWholeRequest {
  uint64_t room_bytes = UINT64_MAX;
  const char* Fault(size_t tail_bytes) const;
};
struct GetReply {  // of Get and GetWhole; payload: the requested bytes, if state is kValue
  WireGeneration generation;
  uint64_t value_bytes = 0;
  uint64_t payload_bytes = 0;
  uint64_t state = 0;  // ReadState
  const char* Fault(size_t tail_bytes) const;
};

struct PutRequest {  // payload: the value
  WireGeneration if_generation;
  uint64_t value_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct DeleteRequest {
  WireGeneration if_generation;
  const char* Fault(size_t tail_bytes) const;
};
struct WriteReply {  // of Put and Delete
  WireGeneration generation;
  uint64_t state = 0;  // WriteState
  const char* Fault(size_t tail_bytes) const;
};

struct DeleteRangeRequest {  // payload: begin, end
  uint32_t begin_bytes = 0;
  uint32_t end_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct DeleteRangeReply {
  uint64_t keys_deleted = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct ListRequest {  // payload: begin, end, after
  uint32_t begin_bytes = 0;
  uint32_t end_bytes = 0;
  uint32_t after_bytes = 0;
  uint32_t resume = 0;  // 1: only keys greater than `after`
  uint32_t entries_max = 0;
  uint32_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct ListReply {  // payload: entries, see list_page.h
  uint32_t entries = 0;
  uint32_t more = 0;
  uint64_t payload_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct StatRequest {
  uint64_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct StatReply {  // of Stat and Wait
  WireGeneration generation;
  uint64_t value_bytes = 0;
  uint64_t exists = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct StatServerRequest {  // no tail
  uint64_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct StatServerReply {  // tail: the version of the server's software
  uint64_t incarnation = 0;
  uint64_t keys = 0;
  uint64_t memory_bytes = 0;
  uint64_t memory_limit_bytes = 0;
  uint64_t connections = 0;
  uint64_t uptime_ms = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct BatchReadRequest {  // no tail; payload: the operations, see batch.h
  uint32_t operations = 0;
  uint32_t at_one_instant = 0;  // 1: all operations read the state of one instant
  uint64_t payload_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct BatchWriteRequest {  // of BatchWrite and Transact; no tail; payload: the operations, then their values
  uint32_t operations = 0;
  uint32_t reserved = 0;
  uint64_t transaction = 0;  // the same number as in the StageRequests that sent values ahead
  uint64_t payload_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct BatchReply {  // of BatchRead, BatchWrite and Transact; payload: the outcomes, see batch_reply.h
  uint32_t operations = 0;
  uint32_t state = 0;  // for Transact: WriteState
  uint64_t payload_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct StageRequest {  // payload: the value
  uint64_t transaction = 0;  // chosen by the client, unique in this session
  uint64_t value_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct StageReply {
  uint64_t reserved = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct CopyRangeRequest {  // no tail; payload: begin, end, prefix
  uint32_t begin_bytes = 0;
  uint32_t end_bytes = 0;
  uint32_t prefix_bytes = 0;
  uint32_t strip_bytes = 0;
  const char* Fault(size_t tail_bytes) const;
};
struct CopyRangeReply {
  uint64_t keys_copied = 0;
  const char* Fault(size_t tail_bytes) const;
};

struct WaitRequest {
  WireGeneration while_generation;  // Unknown is treated as Missing
  uint64_t timeout_ms = 0;          // after this time the server forgets the request
  const char* Fault(size_t tail_bytes) const;
};

static_assert(sizeof(MessageHeader) == 32);
static_assert(sizeof(WireGeneration) == 24);
static_assert(sizeof(JoinRequest) == 8 && sizeof(JoinReply) == 8);
static_assert(sizeof(GetRequest) == 72 && sizeof(GetWholeRequest) == 8 && sizeof(GetReply) == 48);
static_assert(sizeof(PutRequest) == 32 && sizeof(DeleteRequest) == 24 && sizeof(WriteReply) == 32);
static_assert(sizeof(DeleteRangeRequest) == 8 && sizeof(DeleteRangeReply) == 8);
static_assert(sizeof(ListRequest) == 24 && sizeof(ListReply) == 16);
static_assert(sizeof(StatRequest) == 8 && sizeof(StatReply) == 40);
static_assert(sizeof(StatServerRequest) == 8 && sizeof(StatServerReply) == 48);
static_assert(sizeof(BatchReadRequest) == 16 && sizeof(BatchWriteRequest) == 24 && sizeof(BatchReply) == 16);
static_assert(sizeof(StageRequest) == 16 && sizeof(StageReply) == 8);
static_assert(sizeof(CopyRangeRequest) == 16 && sizeof(CopyRangeReply) == 8 && sizeof(WaitRequest) == 32);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_MESSAGE_H_
