// Table: test/semantics.json, read and checked as a whole.
//
// Memory: owns the JSON. Threads: const access from any.
// Failure: TableError for a table that cannot be read, a duplicate field, an unknown door, or two cases with one name.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_TABLE_H_
#define REMOTE_DRAM_TEST_SEMANTICS_TABLE_H_

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "semantics/literals.h"

namespace remote_dram::semantics {

// A way to reach a store: one of the APIs or programs that run the cases.
struct Door {
  std::string is;                             // a description
  std::map<std::string, std::string> cannot;  // a verb or an argument that the door does not have, and why
};

struct Table {
  Limits limits;  // from remote_dram/limits.h, and of the server that the cases are written for
  std::map<std::string, Door> doors;
  std::vector<Json> cases;

  // Why this door cannot express this case; empty if it can.
  std::string WhyNot(const std::string& door, const Json& entry) const;
};

Table ReadTable(std::istream& text);

// "A get is short." becomes AGetIsShort, a valid gtest name.
std::string TestName(std::string_view sentence);

}  // namespace remote_dram::semantics

#endif  // REMOTE_DRAM_TEST_SEMANTICS_TABLE_H_
