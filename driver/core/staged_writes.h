// StagedWrites: what one commit of a TensorStore transaction asks of the store, all of it or nothing.
//
//   keys that are written or deleted, each perhaps only over one version    Put, Delete
//   keys that were only read, and must not have changed                     Check
//   ranges of keys that are deleted                                         DeleteRange
//
// A commit of one write or delete is a plain Put or Delete, which sends a large value once and in one message; any
// other is one Transact.
// Memory: keys are copied; the bytes of values must outlive the completion.
// Threads: one at a time. Failure: as the store's; a condition that does not hold is an outcome.
// Limits: transaction_keys_max, transaction_bytes_max.
#ifndef REMOTE_DRAM_DRIVER_CORE_STAGED_WRITES_H_
#define REMOTE_DRAM_DRIVER_CORE_STAGED_WRITES_H_

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "remote_dram/key_value_store.h"

namespace remote_dram::driver {

class StagedWrites {
 public:
  // Each returns the place of its outcome in TransactResult::outcomes.
  size_t Put(std::string_view key, Pieces value, const Generation& if_generation);
  size_t Delete(std::string_view key, const Generation& if_generation);
  size_t Check(std::string_view key, const Generation& if_generation);
  size_t DeleteRange(std::string_view begin, std::string_view end);

  // With nothing staged there is nothing to commit.
  bool empty() const { return operations_.empty(); }
  void Commit(KeyValueStore& store, Done<TransactResult> done) const;

 private:
  size_t Add(WriteOperation::Kind kind, std::string_view key, const Generation& if_generation);

  std::vector<WriteOperation> operations_;
};

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_STAGED_WRITES_H_
