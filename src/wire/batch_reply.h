// The outcomes of a batch or a transaction as payload: a struct for each, without gaps, then what they bring,
// bytes of a value or the text of an error. Each of these begins at a multiple of kValueAlignment in the payload,
// behind zeros, so that a receiver can hand values out where they arrived.
//
// Memory: Pack makes pieces that view the table and the caller's bytes; Unpack makes views of the payload.
// Threads: pure functions. Failure: UnpackOutcomes answers with the reason, null if there is none.
// Limits: batch_operations_max outcomes.
#ifndef REMOTE_DRAM_WIRE_BATCH_REPLY_H_
#define REMOTE_DRAM_WIRE_BATCH_REPLY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remote_dram/status.h"
#include "remote_dram/value.h"
#include "wire/message.h"

namespace remote_dram::wire {

struct BatchOutcome {
  WireGeneration generation;
  uint64_t value_bytes = 0;    // of the whole value
  uint64_t sequence = 0;       // of its own instant
  uint64_t payload_bytes = 0;  // that it brings
  uint32_t code = 0;           // StatusCode; if not OK, it brings the error's text, and the rest is zero
  uint32_t state = 0;          // ReadState or WriteState; in a transaction: whether its condition held
  const char* Fault() const;
};
static_assert(sizeof(BatchOutcome) == 56);

struct BatchPart {
  BatchOutcome outcome;
  std::string_view bytes;
};

// The most that a payload can have beside the bytes of values.
inline constexpr uint64_t batch_reply_table_bytes_max =
    batch_operations_max * (sizeof(BatchOutcome) + error_text_bytes_max + kValueAlignment);

// An error, whose text the caller keeps.
BatchPart ErrorPart(StatusCode code, std::string_view text);

// The payload in pieces; sets the sizes of the outcomes, and fills the table, which the first piece views.
Pieces PackOutcomes(std::vector<BatchPart>* parts, std::string* table);
const char* UnpackOutcomes(std::string_view payload, uint32_t count, std::vector<BatchPart>* parts);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_BATCH_REPLY_H_
