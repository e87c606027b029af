// The verbs with several operations, each of which has its own expectations.
#include <deque>

#include "semantics/verbs.h"

namespace remote_dram::semantics {
namespace {

// The operations of a step. An operation with "numbered": N is repeated for N keys, each with a number appended.
template <typename Operation>
struct Operations {
  std::vector<Operation> operations;
  std::vector<const Json*> from;  // the table's text of each
  std::deque<Bytes> values;       // own the bytes to which the operations refer
  bool stat = false;
};

template <typename Operation, typename Read>
Operations<Operation> ReadOperations(Call& call, Read read) {
  Operations<Operation> made;
  const Json& list = call.step.Need("operations");
  const Json* expect = call.step.Find("expect");
  const bool refused = expect != nullptr && expect->contains("error");
  if (!list.is_array()) call.step.Refuse("\"operations\" is no list");
  for (const Json& json : list) {
    Fields fields(json, call.step.where() + ", operation " + std::to_string(&json - &list[0] + 1));
    const bool asks = fields.Find("expect") != nullptr || fields.Find("bind") != nullptr;
    if (asks && refused) fields.Refuse("expects something of a call that is refused as a whole");
    fields.Find("bind");
    const Operation operation = read(fields, &made);
    const Json* numbered = fields.Find("numbered");
    const uint64_t count = numbered != nullptr ? Count(*numbered, call.limits) : 1;
    fields.Finish();
    for (uint64_t i = 0; i < count; ++i) {
      made.operations.push_back(operation);
      if (numbered != nullptr) made.operations.back().key += std::to_string(i);
      made.from.push_back(&json);
    }
  }
  return made;
}

ReadOperation ReadOf(const Call& call, Fields& fields) {
  ReadOperation operation;
  operation.key = Bytes(fields.Need("key"), call.limits).Text();
  operation.if_generation = call.Condition(fields, "if");
  operation.if_not_generation = call.Condition(fields, "unless");
  operation.range = ByteRangeOf(fields, call.limits);
  operation.stat = fields.Flag("stat");
  return operation;
}

WriteOperation WriteOf(const Call& call, Fields& fields, std::deque<Bytes>* values) {
  using Kind = WriteOperation::Kind;
  WriteOperation operation;
  const std::string verb = fields.Text("do");
  operation.if_generation = call.Condition(fields, "if");
  if (verb == "delete range") {
    const KeyRange range = RangeOf(fields, call.limits);
    operation.kind = Kind::kDeleteRange;
    operation.key = range.begin;
    operation.end = range.end;
    return operation;
  }
  operation.key = Bytes(fields.Need("key"), call.limits).Text();
  if (verb == "put") {
    values->emplace_back(fields.Need("value"), call.limits);
    operation.value = values->back().AsPieces();
  } else if (verb == "delete" || verb == "check") {
    operation.kind = verb == "delete" ? Kind::kDelete : Kind::kCheck;
  } else {
    fields.Refuse("does \"" + verb + "\"; a write is a put, delete, check or delete range");
  }
  return operation;
}

template <typename Operation>
void Expect(const Operations<Operation>& asked, const Call& call, Answer* answer) {
  if (answer->status.ok() && answer->each.size() != asked.operations.size())
    throw Mismatch(call.step.where() + ": another number of results than of operations");
  for (size_t i = 0; i < answer->each.size(); ++i) {
    Answer& each = answer->each[i];
    const auto field = [from = asked.from[i]](const char* name) {
      const auto found = from->find(name);
      return found != from->end() ? &*found : nullptr;
    };
    each.expect = field("expect");
    each.bind = field("bind");
    each.where = call.step.where() + ", operation " + std::to_string(i + 1);
  }
}

}  // namespace

Answer BatchRead(Call& call) {
  BatchReadOptions options;
  options.at_one_instant = call.step.Flag("at_one_instant");
  const Terms terms(call, &options);
  const auto asked = ReadOperations<ReadOperation>(
      call, [&call](Fields& fields, auto*) { return ReadOf(call, fields); });
  const Result<BatchReadResult> read = call.store.BatchRead(asked.operations, options);
  Answer answer;
  answer.status = read.status();
  if (read.ok()) {
    for (size_t i = 0; i < read->results.size(); ++i)
      answer.each.push_back(AnswerOf(read->results[i], asked.operations.at(i).stat));
  }
  Expect(asked, call, &answer);
  for (Answer& each : answer.each) {
    if (each.expect == nullptr) call.step.Refuse("every read needs to expect something");
  }
  return answer;
}

Answer BatchWrite(Call& call) {
  BatchWriteOptions options;
  const Terms terms(call, &options);
  const auto asked = ReadOperations<WriteOperation>(
      call, [&call](Fields& fields, auto* made) { return WriteOf(call, fields, &made->values); });
  const Result<BatchWriteResult> written = call.store.BatchWrite(asked.operations, options);
  Answer answer;
  answer.status = written.status();
  if (written.ok()) {
    for (const Result<WriteResult>& each : written->results) answer.each.push_back(AnswerOf(each));
  }
  Expect(asked, call, &answer);
  return answer;
}

Answer Transact(Call& call) {
  TransactOptions options;
  const Terms terms(call, &options);
  const auto asked = ReadOperations<WriteOperation>(
      call, [&call](Fields& fields, auto* made) { return WriteOf(call, fields, &made->values); });
  const Result<TransactResult> result = call.store.Transact(asked.operations, options);
  Answer answer;
  answer.status = result.status();
  answer.one_instant = true;
  if (!result.ok()) return answer;
  answer.plain = {{"state", result->state == WriteState::kApplied ? "applied" : "condition failed"}};
  answer.sequence = result->sequence;
  for (const TransactResult::Outcome& outcome : result->outcomes) {
    Answer& each = answer.each.emplace_back();
    each.plain = {{"matched", outcome.matched}};
    each.generation = outcome.generation;
  }
  Expect(asked, call, &answer);
  return answer;
}

}  // namespace remote_dram::semantics
