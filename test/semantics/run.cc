// Runs the steps of a case, one after the other.
#include "semantics/run.h"

#include <array>

#include "semantics/verbs.h"

namespace remote_dram::semantics {
namespace {

struct Named {
  const char* name;
  Verb verb;
  bool must_expect;  // a read that expects nothing checks nothing
};

constexpr std::array kVerbs = {
    Named{"get", Get, true},
    Named{"put", Put, false},
    Named{"delete", Delete, false},
    Named{"delete range", DeleteRange, false},
    Named{"list", List, true},
    Named{"stat", Stat, true},
    Named{"batch read", BatchRead, false},  // each of its operations must expect something
    Named{"batch write", BatchWrite, false},
    Named{"transact", Transact, false},
    Named{"copy range", CopyRange, false},
    Named{"wait", Wait, true},
    Named{"stat server", StatServer, true},
};

class Run {
 public:
  Run(KeyValueStore& store, const Limits& limits, Puts puts) : store_(store), limits_(limits), puts_(puts) {}

  void Steps(const Json& steps, const std::string& within) {
    if (!steps.is_array() || steps.empty()) throw TableError(within + "no steps");
    for (size_t i = 0; i < steps.size(); ++i) Step(steps[i], within + "step " + std::to_string(i + 1));
  }

 private:
  void Step(const Json& json, const std::string& place) {
    Fields step(json, place + " (" + json.value("do", "") + ")");
    const std::string name = step.Text("do");
    const Named* found = nullptr;
    for (const Named& each : kVerbs) found = each.name == name ? &each : found;
    if (found == nullptr) step.Refuse("there is no such verb");
    Call call{store_, step, limits_, witness_.generations(),
              [this, place](const Json& steps) { Steps(steps, place + ", meanwhile "); }, puts_};
    const Json* expect = step.Find("expect");
    const Json* bind = step.Find("bind");
    if (found->must_expect && expect == nullptr) step.Refuse("needs to expect something");
    Answer answer = found->verb(call);
    step.Finish();
    answer.expect = expect;
    answer.bind = bind;
    answer.where = step.where();
    witness_.Check(answer, limits_);
  }

  KeyValueStore& store_;
  const Limits& limits_;
  const Puts puts_;
  Witness witness_;
};

}  // namespace

std::string RunCase(KeyValueStore& store, const Json& entry, const Limits& limits, Puts puts) try {
  Fields fields(entry, "case");
  fields.Text("name");
  fields.Find("cannot");
  const Json& steps = fields.Need("steps");
  fields.Finish();
  Run(store, limits, puts).Steps(steps, "");
  return "";
} catch (const Mismatch& wrong) {
  return wrong.what();
} catch (const std::exception& wrong) {
  return std::string("the table is wrong: ") + wrong.what();
}

}  // namespace remote_dram::semantics
