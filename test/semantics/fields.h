// Fields: one JSON object of the table; its reader must ask for every field.
//
// Memory: refers to the JSON that it was made from, which must outlive it.
// Threads: one.
// Failure: TableError if the JSON is not an object, lacks a field, or has a field that the reader did not ask for: a
// misspelled name must not silently drop a check.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_FIELDS_H_
#define REMOTE_DRAM_TEST_SEMANTICS_FIELDS_H_

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>

namespace remote_dram::semantics {

using Json = nlohmann::json;

// An error in the table. A wrong answer of a store is a Mismatch instead.
class TableError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Fields {
 public:
  Fields(const Json& object, std::string where);

  const Json* Find(const char* name);  // null if there is no such field
  const Json& Need(const char* name);
  std::string Text(const char* name);  // required; a string
  bool Flag(const char* name);         // false if there is no such field
  void Finish() const;                 // throws if a field was not asked for

  const std::string& where() const { return where_; }
  [[noreturn]] void Refuse(const std::string& why) const { throw TableError(where_ + ": " + why); }

 private:
  const Json& object_;
  const std::string where_;
  std::set<std::string> asked_;
};

}  // namespace remote_dram::semantics

#endif  // REMOTE_DRAM_TEST_SEMANTICS_FIELDS_H_
