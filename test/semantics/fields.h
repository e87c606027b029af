// Fields: one JSON object of the table, of which every field must be asked for.
//
// Memory: refers to the JSON that it was made from, which must outlive it.
// Threads: one.
// Failure: TableError if the object is none, lacks a field, or has one that nobody asked for: a name
// spelled wrongly must not make a check vanish.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_FIELDS_H_
#define REMOTE_DRAM_TEST_SEMANTICS_FIELDS_H_

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>

namespace remote_dram::semantics {

using Json = nlohmann::json;

// The table makes no sense. What a store answered wrongly is a Mismatch.
class TableError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Fields {
 public:
  Fields(const Json& object, std::string where);

  const Json* Find(const char* name);  // null if there is none
  const Json& Need(const char* name);
  std::string Text(const char* name);  // needed, and a text
  bool Flag(const char* name);         // false if there is none
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
