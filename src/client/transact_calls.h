// The two messages of a transaction: one for each value, or part of a value, that is sent ahead, and the one that commits.
//
// Memory, threads, failure: see verbs.h. A commit that fails with ABORTED has changed nothing: the server has lost a value that
// was sent ahead, or never got it.
#ifndef REMOTE_DRAM_CLIENT_TRANSACT_CALLS_H_
#define REMOTE_DRAM_CLIENT_TRANSACT_CALLS_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "client/call.h"
#include "remote_dram/verbs.h"

namespace remote_dram::client {

// Where a part belongs. The parts of one value are sent one after the other: each once the server has the one before.
struct Part {
  uint64_t offset = 0;          // in the value, in bytes
  uint64_t expected_bytes = 0;  // of the first part: a guess of the value's size, or 0
};

// `name`: the verb's name in messages.
std::shared_ptr<Call> StageCall(const char* name, uint64_t transaction, std::string_view key, const Pieces& bytes, const Part& part,
                                Done<bool>&& done);

// `ahead`: which operations' values were sent ahead.
std::shared_ptr<Call> CommitCall(const char* name, uint64_t transaction, const std::vector<WriteOperation>& operations,
                                 const std::vector<bool>& ahead, Done<TransactResult>&& done);

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_TRANSACT_CALLS_H_
