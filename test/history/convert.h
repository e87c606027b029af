// WriteJson: a history as JSON lines, one object for each operation, for other judges.
//
//   {"op": "read",  "inv": t, "ret": t, "inc": i, "keys": {key: {"val": id or null, "seq": s}}}
//   {"op": "write", "inv": t, "ret": t, "inc": i, "keys": {key: {"val": id or null, "exp": s}}, "seq": s, "ok": b}
//
// A null for ret: the outcome is unknown. A null for val: missing, or deleted. What happened to the keys of a
// range, each at a number that nobody was told, is written as writes of unknown outcome. Left out is what this
// form has no word for: listings, versions whose value nobody read, and conditions on them or on keys that are
// not written.
// Memory: a table of the values that were seen. Threads: one. Failure: none; the stream has its own.
#ifndef REMOTE_DRAM_TEST_HISTORY_CONVERT_H_
#define REMOTE_DRAM_TEST_HISTORY_CONVERT_H_

#include <iosfwd>

#include "history/history.h"

namespace remote_dram::history {

void WriteJson(const History& history, std::ostream& out);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_CONVERT_H_
