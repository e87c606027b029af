// The operations of a batch or a transaction as payload: for each operation a struct and its keys, without gaps; after the
// last operation the values of the puts, also without gaps.
//
// Memory: Pack... returns a new string. Values, and the keys of reads, are unpacked as views of the payload; the keys of
// writes are copied.
// Threads: pure functions. Failure: Unpack... returns what is wrong with the payload, null if nothing is.
// Limits: batch_operations_max operations.
#ifndef REMOTE_DRAM_WIRE_BATCH_H_
#define REMOTE_DRAM_WIRE_BATCH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/read_view.h"
#include "remote_dram/verbs.h"
#include "wire/message.h"

namespace remote_dram::wire {

struct ReadEntry {  // followed by the key
  WireGeneration if_generation;
  WireGeneration if_not_generation;
  int64_t range_min = 0;
  int64_t range_max = -1;
  uint32_t key_bytes = 0;
  uint32_t stat = 0;  // 1: the reply brings no bytes of the value
  const char* Fault() const;
};

struct WriteEntry {  // followed by the key; for a range by its begin and end
  WireGeneration if_generation;
  uint64_t value_bytes = 0;  // size of the value that follows the entries
  uint32_t kind = 0;         // WriteOperation::Kind
  uint32_t key_bytes = 0;
  uint32_t end_bytes = 0;
  uint32_t ahead = 0;  // 1: the value of this put was sent ahead (StageRequest), and does not follow the entries
  const char* Fault() const;
};

static_assert(sizeof(ReadEntry) == 72 && sizeof(WriteEntry) == 48);

std::string PackReads(const std::vector<base::ReadView>& operations);
const char* UnpackReads(std::string_view payload, uint32_t count, std::vector<base::ReadView>* operations);

// `ahead`: for each operation whether its value was sent ahead; empty: none was. The caller appends the other values to
// the packed entries.
std::string PackWrites(const std::vector<WriteOperation>& operations, const std::vector<bool>& ahead);
const char* UnpackWrites(std::string_view payload, uint32_t count, std::vector<WriteOperation>* operations,
                         std::vector<bool>* ahead);

}  // namespace remote_dram::wire

#endif  // REMOTE_DRAM_WIRE_BATCH_H_
