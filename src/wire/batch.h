// The operations of a batch or a transaction as payload: for each a struct and its keys, without gaps; after all
// of them the values that are written, also without gaps.
//
// Memory: packs into bytes of its own; what was unpacked has keys of its own, and its values are views of the
// payload.
// Threads: pure functions. Failure: Unpack... answers with the reason, null if there is none.
// Limits: batch_operations_max operations.
#ifndef REMOTE_DRAM_WIRE_BATCH_H_
#define REMOTE_DRAM_WIRE_BATCH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remote_dram/verbs.h"
#include "wire/message.h"

namespace remote_dram::wire {

struct ReadEntry {  // then the key
  WireGeneration if_generation;
  WireGeneration if_not_generation;
  int64_t range_min = 0;
  int64_t range_max = -1;
  uint32_t key_bytes = 0;
  uint32_t stat = 0;  // 1: no bytes
  const char* Fault() const;
};

struct WriteEntry {  // then the key; of a range: begin and end
  WireGeneration if_generation;
  uint64_t value_bytes = 0;  // of the value behind the entries
  uint32_t kind = 0;         // WriteOperation::Kind
  uint32_t key_bytes = 0;
  uint32_t end_bytes = 0;
  uint32_t ahead = 0;  // 1: the value of this put came ahead, and is not behind the entries
  const char* Fault() const;
};

static_assert(sizeof(ReadEntry) == 72 && sizeof(WriteEntry) == 48);

std::string PackReads(const std::vector<ReadOperation>& operations);
const char* UnpackReads(std::string_view payload, uint32_t count, std::vector<ReadOperation>* operations);

// `ahead`: for each operation whether its value came ahead; empty: none did. The values of the others follow
// the packed entries.
std::string PackWrites(const std::vector<WriteOperation>& operations, const std::vector<bool>& ahead);
const char* UnpackWrites(std::string_view payload, uint32_t count, std::vector<WriteOperation>* operations,
                         std::vector<bool>* ahead);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_BATCH_H_
