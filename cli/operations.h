// Operations: the operations of a transaction, parsed from lines of JSON.
//
// Memory: owns the values; the pieces of the list point into them and stay valid after a move.
// Threads: one.
// Failure: INVALID_ARGUMENT with the number of the line, for a line that is not a JSON object, an unknown operation or
// field, a field of the wrong type, or fields that contradict each other. A value_file that cannot be read: see cli/file.h.
// Limits: transaction_bytes_max for each value_file. The store checks the limits of the transaction.
#ifndef REMOTE_DRAM_CLI_OPERATIONS_H_
#define REMOTE_DRAM_CLI_OPERATIONS_H_

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "cli/file.h"
#include "remote_dram/verbs.h"

namespace remote_dram::cli {

struct Operations {
  // Parses one operation per line; empty lines are skipped.
  static Result<Operations> Parse(std::string_view lines);

  std::vector<WriteOperation> list;
  std::deque<std::string> texts;  // own the values in `list`
  std::deque<Input> files;        // own those from a value_file
};

// The name of the operation in the JSON: "put" and so on.
std::string_view NameOf(WriteOperation::Kind kind);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_OPERATIONS_H_
