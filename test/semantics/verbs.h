// Verbs: the calls that a step of the table can make.
//
// Memory: a call owns what it lends to the store, and returns after the store has answered.
// Threads: one; the answer of a wait arrives on another thread.
// Failure: TableError if the step's arguments make no sense. Whatever the store returns, even an error, is the Answer.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_VERBS_H_
#define REMOTE_DRAM_TEST_SEMANTICS_VERBS_H_

#include <functional>
#include <optional>
#include <string>

#include "remote_dram/key_value_store.h"
#include "semantics/answer.h"
#include "semantics/fields.h"
#include "semantics/literals.h"
#include "semantics/run.h"

namespace remote_dram::semantics {

struct Call {
  KeyValueStore& store;
  Fields& step;
  const Limits& limits;
  const Generations& generations;
  std::function<void(const Json& steps)> run;  // runs other steps while this call waits
  Puts puts = Puts::kWhole;

  std::string Key(const char* name = "key") const { return Bytes(step.Need(name), limits).Text(); }
  Generation Condition(const char* name) const { return Condition(step, name); }
  Generation Condition(Fields& fields, const char* name) const {
    const Json* condition = fields.Find(name);
    return condition != nullptr ? generations.Condition(*condition) : Generation::Unknown();
  }
};

using Verb = Answer (*)(Call& call);

// verbs_one.cc
Answer Get(Call& call);
Answer Put(Call& call);
Answer Delete(Call& call);
Answer Stat(Call& call);
Answer StatServer(Call& call);
// verbs_range.cc
Answer DeleteRange(Call& call);
Answer List(Call& call);
Answer CopyRange(Call& call);
// verbs_batch.cc
Answer BatchRead(Call& call);
Answer BatchWrite(Call& call);
Answer Transact(Call& call);
// verb_wait.cc
Answer Wait(Call& call);

KeyRange RangeOf(Fields& fields, const Limits& limits);       // "prefix", or "begin" and "end"
ByteRange ByteRangeOf(Fields& fields, const Limits& limits);  // "range": [MIN, MAX]
Answer AnswerOf(const Result<GetResult>& got, bool stat = false);
Answer AnswerOf(const Result<WriteResult>& written);
Answer AnswerOf(const Result<StatResult>& stat);

// "timeout_ms" and "cancel", which every verb has. "cancel" is "before": the call begins cancelled; "meanwhile": a wait
// is cancelled while it waits; or "after": the call is cancelled after its answer, which changes nothing.
template <typename Options>
class Terms {
 public:
  Terms(const Call& call, Options* options) {
    if (const Json* timeout = call.step.Find("timeout_ms"))
      options->timeout = std::chrono::milliseconds(timeout->get<int64_t>());
    if (call.step.Find("cancel") == nullptr) return;
    when_ = call.step.Text("cancel");
    cancel_ = options->cancel = Cancellation::Make();
    if (when_ == "before")
      cancel_.Cancel();
    else if (when_ != "after" && when_ != "meanwhile")
      call.step.Refuse("cancel is \"before\", \"meanwhile\" or \"after\"");
  }
  ~Terms() { cancel_.Cancel(); }
  bool meanwhile() const { return when_ == "meanwhile"; }
  void Cancel() const { cancel_.Cancel(); }

 private:
  std::string when_;
  Cancellation cancel_;
};

}  // namespace remote_dram::semantics

#endif  // REMOTE_DRAM_TEST_SEMANTICS_VERBS_H_
