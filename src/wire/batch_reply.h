// The outcomes of a batch or a transaction as payload: a table with a struct for each outcome, without gaps, then for each
// outcome its bytes: of a value, or the text of an error. Each of them is padded with zeros to begin at a multiple of
// kValueAlignment in the payload, so that a receiver can hand out values where they arrived.
//
// Memory: PackOutcomes returns views of the table and of the caller's bytes; UnpackOutcomes makes views of the payload.
// Threads: pure functions. Failure: UnpackOutcomes returns what is wrong with the payload, null if nothing is.
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
  uint64_t sequence = 0;       // the server's sequence at the instant of this operation
  uint64_t payload_bytes = 0;  // of this outcome in the payload
  uint32_t code = 0;           // StatusCode; if not OK, the bytes are the error's text, and the other fields are zero
  uint32_t state = 0;          // ReadState or WriteState; in a transaction: whether the operation's condition held
  const char* Fault() const;
};
static_assert(sizeof(BatchOutcome) == 56);

struct BatchPart {
  BatchOutcome outcome;
  std::string_view bytes;
};

// The most bytes that a payload can have besides those of values: table, texts of errors and padding.
inline constexpr uint64_t batch_reply_table_bytes_max =
    batch_operations_max * (sizeof(BatchOutcome) + error_text_bytes_max + kValueAlignment);

// The part for an error. It views `text`, which the caller keeps alive, and cuts it after error_text_bytes_max.
BatchPart ErrorPart(StatusCode code, std::string_view text);

// Returns the payload in pieces. Sets payload_bytes of each outcome, and fills `table`, which the first piece views.
Pieces PackOutcomes(std::vector<BatchPart>* parts, std::string* table);
const char* UnpackOutcomes(std::string_view payload, uint32_t count, std::vector<BatchPart>* parts);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_BATCH_REPLY_H_
