// Answer: a store's answer in the terms of the table; Witness checks it against what the table expects.
//
// Memory: refers to the JSON of the step, which must outlive it; shares the bytes of values.
// Threads: one.
// Failure: Mismatch if the store answered something else; TableError if the expectation makes no sense.
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
  Json plain = Json::object();  // the fields that are compared as they are: "state", "value_bytes", "keys_deleted", ...
  std::optional<Generation> generation;
  std::optional<Value> value;
  std::optional<std::vector<ListEntry>> entries;
  std::vector<Answer> each;  // for a batch or a transaction, one answer per operation
  bool one_instant = false;  // the versions in `each` may share one generation
  std::optional<uint64_t> sequence;
  const Json* expect = nullptr;  // null: the call must have succeeded, and its state, if any, must be "applied"
  const Json* bind = nullptr;    // the name to bind to its generation
  std::string where;             // for messages: "step 2 (get)"
};

// Checks the answers of a case. Beside the expectations, it checks what holds in every case: the server's sequence only
// grows, and a new version's generation has the number of its write.
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
