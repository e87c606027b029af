// Compares answers with expectations, field by field.
#include "semantics/answer.h"

#include <algorithm>

namespace remote_dram::semantics {
namespace {

[[noreturn]] void Differ(const Answer& answer, const std::string& what) {
  throw Mismatch(answer.where + ": " + what);
}

void CheckError(const Answer& answer, const Json& json) {
  Fields expect(json, answer.where + ", expect");
  const std::string code = expect.Text("error");
  if (answer.status.ok()) Differ(answer, "succeeded; " + code + " was expected");
  const std::string text = answer.status.ToString();
  if (CodeName(answer.status.code()) != code) Differ(answer, text + "; " + code + " was expected");
  Json says = expect.Need("says");
  if (says.is_string()) says = Json::array({says});
  for (const Json& part : says) {
    const bool found = answer.status.message().find(part.get<std::string>()) != std::string::npos;
    if (!found) Differ(answer, text + "; does not say " + part.dump());
  }
  if (answer.status.outcome_unknown() != expect.Flag("outcome_unknown")) {
    Differ(answer, text + (answer.status.outcome_unknown() ? "; outcome unknown" : "; outcome known"));
  }
  expect.Finish();
}

// `expected` is [KEY, ...], or [[KEY, BYTES], ...] to check the sizes of the values, too.
void CheckEntries(const Answer& answer, const Json& expected, const Limits& limits) {
  const std::vector<ListEntry>& entries = *answer.entries;
  for (size_t i = 0; i < std::max(entries.size(), expected.size()); ++i) {
    const std::string place = "entry " + std::to_string(i + 1);
    if (i >= entries.size()) Differ(answer, place + " is not there");
    if (i >= expected.size())
      Differ(answer, place + " is one too many: " +
                         Json(entries[i].key).dump(-1, ' ', true, Json::error_handler_t::replace));
    const bool sized = expected[i].is_array();
    const Json& key = sized ? expected[i].at(0) : expected[i];
    if (!Bytes(key, limits).Is(entries[i].key)) Differ(answer, place + " is not " + key.dump());
    if (sized && entries[i].value_bytes != Count(expected[i].at(1), limits)) {
      Differ(answer, place + " has " + std::to_string(entries[i].value_bytes) + " bytes");
    }
  }
}

void CheckPlain(const Answer& answer, const std::string& name, const Json& wanted,
                const Limits& limits) {
  const auto found = answer.plain.find(name);
  if (found == answer.plain.end())
    throw TableError(answer.where + ": an answer has no field \"" + name + "\"");
  const bool number = found->is_number();
  if (*found != (number ? Json(Count(wanted, limits)) : wanted)) {
    Differ(answer, name + " is " + found->dump() + "; " + wanted.dump() + " was expected");
  }
}

}  // namespace

void Witness::CheckFields(const Answer& answer, const Limits& limits) const {
  const Json& expect = *answer.expect;
  if (!expect.is_object() || expect.empty()) throw TableError(answer.where + ": expects nothing");
  if (expect.contains("error")) return CheckError(answer, expect);
  if (!answer.status.ok()) Differ(answer, answer.status.ToString());
  for (const auto& [name, wanted] : expect.items()) {
    if (name == "generation" && answer.generation) {
      const bool right = generations_.IsAsExpected(*answer.generation, wanted);
      if (!right)
        Differ(answer, "the generation is " + answer.generation->ToHex() + "; " + wanted.dump() +
                           " was expected");
    } else if (name == "value" && answer.plain.contains("state")) {
      if (!answer.value || !Bytes(wanted, limits).Is(answer.value->bytes())) {
        Differ(answer,
               "the value is " +
                   (answer.value ? "another one, of " + std::to_string(answer.value->size()) + " bytes"
                                 : "not there"));
      }
    } else if (name == "entries" && answer.entries) {
      CheckEntries(answer, wanted, limits);
    } else {
      CheckPlain(answer, name, wanted, limits);
    }
  }
  const bool unchecked =
      answer.value && expect.value("state", "") == "value" && !expect.contains("value");
  if (unchecked) throw TableError(answer.where + ": expects a value, and does not say which");
}

void Witness::CheckOne(const Answer& answer, const Limits& limits,
                       std::vector<Generation>* seen_later) {
  if (answer.expect != nullptr) {
    CheckFields(answer, limits);
  } else {
    if (!answer.status.ok()) Differ(answer, answer.status.ToString());
    if (answer.plain.value("state", "applied") != "applied") Differ(answer, "was not applied");
  }
  const bool writes = answer.plain.value("state", "") == "applied";
  if (answer.sequence) {
    if (*answer.sequence < sequence_ + (writes ? 1 : 0))
      Differ(answer, "the sequence went back, or did not grow");
    sequence_ = *answer.sequence;
    const bool named =
        writes && answer.generation && answer.generation->kind() == Generation::Kind::kValue;
    if (named && answer.generation->sequence() != sequence_)
      Differ(answer, "the generation is not of this sequence");
  }
  if (answer.bind != nullptr) {
    if (!answer.generation) throw TableError(answer.where + ": has no generation to bind");
    generations_.Bind(answer.bind->get<std::string>(), *answer.generation);
  }
  if (answer.generation) seen_later->push_back(*answer.generation);
}

void Witness::Check(const Answer& answer, const Limits& limits) {
  std::vector<Generation> seen;
  const auto keep = [this, &seen] {
    for (const Generation& generation : seen) generations_.Saw(generation);
    seen.clear();
  };
  CheckOne(answer, limits, &seen);
  for (const Answer& each : answer.each) {
    if (!answer.one_instant) keep();
    CheckOne(each, limits, &seen);
  }
  keep();
}

}  // namespace remote_dram::semantics
