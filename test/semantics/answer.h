// Answer: what a store said, in the words of the table, and whether that is what the table expects.
//
// Memory: refers to the JSON of the step, which must outlive it; shares the bytes of values.
// Threads: one.
// Failure: Mismatch if the store said something else; TableError if the expectation makes no sense.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_ANSWER_H_
#define REMOTE_DRAM_TEST_SEMANTICS_ANSWER_H_

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "remote_dram/status.h"
#include "remote_dram/verbs.h"
#include "semantics/fields.h"
#include "semantics/literals.h"

namespace remote_dram::semantics {

// A store's answer is not what the table expects.
class Mismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Answer {
  Status status;
  Json plain = Json::object();  // what is compared as it stands: "state", "value_bytes", "keys_deleted"
  std::optional<Generation> generation;
  std::optional<Value> value;
  std::optional<std::vector<ListEntry>> entries;
  std::vector<Answer> each;  // of a batch or a transaction, one per operation
  bool one_instant = false;  // all of `each` share one generation
  std::optional<uint64_t> sequence;
  const Json* expect = nullptr;  // null: it must have succeeded, and if it has a state, be applied
  const Json* bind = nullptr;    // what its generation is to be called
  std::string where;             // step 2 (get)
};

// What is the same in every case: that the server's count of mutations only grows, and names the
// versions.
class Witness {
 public:
  void Check(const Answer& answer, const Limits& limits);
  const Generations& generations() const { return generations_; }

 private:
  void CheckOne(const Answer& answer, const Limits& limits, std::vector<Generation>* seen_later);
  void CheckFields(const Answer& answer, const Limits& limits) const;

  Generations generations_;
  uint64_t sequence_ = 0;
};

}  // namespace remote_dram::semantics

#endif  // REMOTE_DRAM_TEST_SEMANTICS_ANSWER_H_
