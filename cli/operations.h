// The operations of a transaction, as lines of JSON say them.
//
// Memory: owns the values; the pieces of the list point into them, also after a move.
// Threads: one.
// Failure: INVALID_ARGUMENT with the number of the line: what is no JSON object, an unknown operation or
// field, a field of the wrong kind, a contradiction. A value_file that cannot be read: see cli/file.h.
// Limits: those of a transaction are the store's to judge; a value_file has at most transaction_bytes_max.
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
  // Lines that are empty are skipped.
  static Result<Operations> Parse(std::string_view lines);

  std::vector<WriteOperation> list;
  std::deque<std::string> texts;
  std::deque<Input> files;
};

// "put", as the lines name it.
std::string_view NameOf(WriteOperation::Kind kind);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_OPERATIONS_H_
