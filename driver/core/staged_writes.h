// StagedWrites: collects the operations of one commit of a TensorStore transaction, which the store applies all or none.
//
//   keys that are written or deleted, perhaps only over one version    Put, Delete
//   keys that were only read, and must not have changed                Check
//   ranges of keys that are deleted                                    DeleteRange
//
// A commit of a single write or delete is a plain Put or Delete, which sends even a large value in one message; any other
// commit is one Transact.
// Memory: keys are copied; the bytes of values must stay valid until the completion of Commit runs.
// Threads: one at a time. Failure: as the store's. A condition that does not hold is not a failure but an outcome.
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
  // Each adds an operation and returns the index of its outcome in TransactResult::outcomes.
  size_t Put(std::string_view key, Pieces value, const Generation& if_generation);
  size_t Delete(std::string_view key, const Generation& if_generation);
  size_t Check(std::string_view key, const Generation& if_generation);
  size_t DeleteRange(std::string_view begin, std::string_view end);

  bool empty() const { return operations_.empty(); }
  // Sends all operations. May be called only if not empty().
  void Commit(KeyValueStore& store, Done<TransactResult> done) const;

 private:
  size_t Add(WriteOperation::Kind kind, std::string_view key, const Generation& if_generation);

  std::vector<WriteOperation> operations_;
};

}  // namespace remote_dram::driver

#endif  // REMOTE_DRAM_DRIVER_CORE_STAGED_WRITES_H_
