// WriteJson: a history as JSON lines, one object for each operation, for other checkers.
//
//   {"op": "read",  "inv": t, "ret": t, "inc": i, "keys": {key: {"val": id or null, "seq": s}}}
//   {"op": "write", "inv": t, "ret": t, "inc": i, "keys": {key: {"val": id or null, "exp": s}}, "seq": s, "ok": b}
//
// ret is null if the outcome is unknown, inc if the incarnation is unknown, val if the key is missing or deleted.
// A range delete or a copy changes each key at a number that no answer tells, so its keys are written as writes of
// unknown outcome. The form cannot express listings, versions whose value was never read, conditions on such versions,
// and conditions on keys that are not written; these are left out.
// Memory: a table of the values in the history. Threads: one. Failure: none; the stream keeps its own error state.
#ifndef REMOTE_DRAM_TEST_HISTORY_CONVERT_H_
#define REMOTE_DRAM_TEST_HISTORY_CONVERT_H_

#include <iosfwd>

#include "history/history.h"

namespace remote_dram::history {

void WriteJson(const History& history, std::ostream& out);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_CONVERT_H_
