// Check: groups the operations by incarnation, judges each incarnation, and the order of the incarnations.
#include "history/checker.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "history/incarnation.h"

namespace remote_dram::history {
namespace {

using Operations = std::vector<const Operation*>;

void Count(const Operation& operation, Verdict* verdict) {
  ++verdict->operations;
  verdict->done += operation.end == End::kDone;
  verdict->refused += operation.end == End::kRefused;
  verdict->failed += operation.end == End::kFailed;
  verdict->unknown += operation.end == End::kUnknown || operation.end == End::kNever;
  if (operation.ended_ns == 0) return;
  const std::chrono::nanoseconds took(operation.ended_ns - operation.began_ns);
  const auto late = std::chrono::duration_cast<std::chrono::milliseconds>(took) -
                    std::chrono::milliseconds(operation.timeout_ms);
  verdict->latest = std::max(verdict->latest, late);
  if (late > late_max) verdict->Add("a call ended long after its deadline", &operation);
}

void CheckOrder(const std::map<uint64_t, Operations>& incarnations, Verdict* verdict) {
  struct Span {
    const Operation* first_answered = nullptr;
    const Operation* last_begun = nullptr;
  };
  std::vector<Span> spans;
  for (const auto& [id, operations] : incarnations) {
    Span span;
    for (const Operation* each : operations) {
      if (!Answered(*each)) continue;
      if (!span.first_answered || each->ended_ns < span.first_answered->ended_ns) span.first_answered = each;
      if (!span.last_begun || each->began_ns > span.last_begun->began_ns) span.last_begun = each;
    }
    if (span.first_answered) spans.push_back(span);
  }
  verdict->incarnations = spans.size();
  // Incarnation a precedes b if every call that a answered began before b's first answer. If neither of two precedes
  // the other, the older one answered too late. Checking pairs is enough: a cycle of three contains such a pair.
  const auto before = [](const Span& a, const Span& b) { return a.last_begun->began_ns <= b.first_answered->ended_ns; };
  for (size_t i = 0; i < spans.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (before(spans[i], spans[j]) || before(spans[j], spans[i])) continue;
      const bool i_is_old = spans[i].first_answered->ended_ns < spans[j].first_answered->ended_ns;
      verdict->Add("an old incarnation answered a call that was made after a later one had answered",
                   spans[i_is_old ? i : j].last_begun);
    }
  }
}

}  // namespace

Verdict Check(const History& history) {
  Verdict verdict;
  const Writers writers(history, &verdict);
  Adoptions adoptions;
  std::map<uint64_t, Operations> incarnations;
  Operations of_any;  // writes that may have changed any incarnation
  for (const Operation* each : history.operations()) {
    Count(*each, &verdict);
    if (each->incarnation != 0) {
      incarnations[each->incarnation].push_back(each);
    } else if (each->kind != Kind::kRead && each->kind != Kind::kList) {
      of_any.push_back(each);
    }
  }
  CheckOrder(incarnations, &verdict);
  for (auto& [id, operations] : incarnations) {
    operations.insert(operations.end(), of_any.begin(), of_any.end());
    Incarnation(id, operations, writers, &adoptions, &verdict).Judge();
    operations = {};
  }
  return verdict;
}

std::string ToText(const Violation& violation) {
  std::ostringstream text;
  text << violation.what;
  if (violation.operation == nullptr) return text.str();
  static constexpr const char* kKinds[] = {"read", "write", "delete range", "copy range", "list"};
  static constexpr const char* kEnds[] = {"never ended", "outcome unknown", "failed", "refused", "done"};
  static constexpr const char* kWhats[] = {"nothing", "value", "version", "kept"};
  static constexpr const char* kConditions[] = {"", " if missing", " if it is ", " if it is not ", " if foreign"};
  const Operation& operation = *violation.operation;
  text << "\n  " << kKinds[static_cast<int>(operation.kind)] << ", " << kEnds[static_cast<int>(operation.end)]
       << std::hex << ", incarnation " << operation.incarnation << std::dec << ", sequence " << operation.sequence
       << ", from " << operation.began_ns << " to " << operation.ended_ns << " ns";
  if (operation.end_key != 0) text << ", keys " << operation.first_key << " to " << operation.end_key;
  for (const Item& item : ItemsOf(operation)) {
    text << "\n    key " << item.key << ": " << kWhats[static_cast<int>(item.what)] << " " << std::hex << item.value
         << std::dec << " number " << item.sequence << kConditions[static_cast<int>(item.condition)];
    if (item.condition == Condition::kIs || item.condition == Condition::kIsNot) text << item.expected;
  }
  return text.str();
}

std::string ToText(const Verdict& verdict) {
  std::ostringstream text;
  text << verdict.operations << " operations: " << verdict.done << " done, " << verdict.refused << " refused, "
       << verdict.failed << " failed, " << verdict.unknown << " unknown (" << verdict.adopted
       << " of them seen); incarnations: " << verdict.incarnations << "; latest: " << verdict.latest.count()
       << " ms after its deadline; violations: " << verdict.violations_found;
  return text.str();
}

}  // namespace remote_dram::history
