// The verbs on one key, and StatServer.
#include "semantics/verbs.h"

namespace remote_dram::semantics {
namespace {

const char* Name(ReadState state) {
  return state == ReadState::kValue     ? "value"
         : state == ReadState::kMissing ? "missing"
                                        : "condition failed";
}

}  // namespace

ByteRange ByteRangeOf(Fields& fields, const Limits& limits) {
  const Json* range = fields.Find("range");
  if (range == nullptr) return {};
  if (!range->is_array() || range->size() != 2) fields.Refuse("a range is [MIN, MAX]");
  const auto bound = [&limits](const Json& json) {
    return json.is_number_integer() ? json.get<int64_t>() : static_cast<int64_t>(Count(json, limits));
  };
  return {bound(range->at(0)), bound(range->at(1))};
}

Answer AnswerOf(const Result<GetResult>& got, bool stat) {
  Answer answer;
  answer.status = got.status();
  if (!got.ok()) return answer;
  const bool stray = !got->value.empty() && (stat || got->state != ReadState::kValue);
  answer.plain = {{"state", Name(got->state) + std::string(stray ? ", with bytes" : "")},
                  {"value_bytes", got->value_bytes}};
  answer.generation = got->generation;
  answer.sequence = got->sequence;
  if (got->state == ReadState::kValue && !stat) answer.value = got->value;
  return answer;
}

Answer AnswerOf(const Result<WriteResult>& written) {
  Answer answer;
  answer.status = written.status();
  if (!written.ok()) return answer;
  answer.plain = {{"state", written->state == WriteState::kApplied ? "applied" : "condition failed"}};
  answer.generation = written->generation;
  answer.sequence = written->sequence;
  return answer;
}

Answer AnswerOf(const Result<StatResult>& stat) {
  Answer answer;
  answer.status = stat.status();
  if (!stat.ok()) return answer;
  answer.plain = {{"state", stat->exists ? "value" : "missing"}, {"value_bytes", stat->value_bytes}};
  answer.generation = stat->generation;
  answer.sequence = stat->sequence;
  return answer;
}

Answer Get(Call& call) {
  GetOptions options;
  options.if_generation = call.Condition("if");
  options.if_not_generation = call.Condition("unless");
  options.range = ByteRangeOf(call.step, call.limits);
  std::string room;
  if (const Json* bytes = call.step.Find("room")) {
    room.resize(Count(*bytes, call.limits));
    options.into = {room.data(), room.size()};
  }
  const Terms terms(call, &options);
  Answer answer = AnswerOf(call.store.Get(call.Key(), options));
  if (options.into.data == nullptr || !answer.value) return answer;
  auto kept = std::make_shared<std::string>(answer.value->bytes());  // a copy, because `room` ends with this call
  answer.value = Value(kept, *kept);
  return answer;
}

namespace {

// Puts the pieces of the value one by one, after the two halves of the first.
Result<WriteResult> PutInParts(KeyValueStore& store, const std::string& key, const Pieces& value, const PutOptions& options) {
  const std::unique_ptr<Upload> upload = store.StartUpload(key);
  for (size_t i = 0; i < value.size(); ++i) {
    const std::string_view piece = value[i];
    const size_t cut = i == 0 ? piece.size() / 2 : 0;
    for (const std::string_view part : {piece.substr(0, cut), piece.substr(cut)}) upload->Append({part}, nullptr);
  }
  std::optional<Result<WriteResult>> written;
  Latch latch;
  upload->Commit(options, [&written, &latch](Result<WriteResult> result) {
    written = std::move(result);
    latch.Set();
  });
  latch.Wait();
  return *written;
}

}  // namespace

Answer Put(Call& call) {
  PutOptions options;
  options.if_generation = call.Condition("if");
  const Terms terms(call, &options);
  const Bytes value(call.step.Need("value"), call.limits);
  if (call.puts == Puts::kInParts) return AnswerOf(PutInParts(call.store, call.Key(), value.AsPieces(), options));
  return AnswerOf(call.store.Put(call.Key(), value.AsPieces(), options));
}

Answer Delete(Call& call) {
  DeleteOptions options;
  options.if_generation = call.Condition("if");
  const Terms terms(call, &options);
  return AnswerOf(call.store.Delete(call.Key(), options));
}

Answer Stat(Call& call) {
  StatOptions options;
  const Terms terms(call, &options);
  return AnswerOf(call.store.Stat(call.Key(), options));
}

Answer StatServer(Call& call) {
  StatOptions options;
  const Terms terms(call, &options);
  const Result<ServerStat> stat = call.store.StatServer(options);
  Answer answer;
  answer.status = stat.status();
  if (stat.ok()) answer.plain = {{"keys", stat->keys}};
  if (stat.ok()) answer.sequence = stat->sequence;
  return answer;
}

}  // namespace remote_dram::semantics
