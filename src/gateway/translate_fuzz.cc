// Requests of the gateway's service, parsed from arbitrary bytes: every accepted one becomes options that the public API
// allows.
#include "gateway/translate.h"

#include "base/check.h"
#include "base/fuzzing.h"
#include "base/validate.h"
#include "gateway/write_parts.h"

namespace remote_dram::fuzz {
namespace {

using namespace gateway;

enum class Verb : uint8_t { kRead, kWrite, kDelete, kList, kCount };

constexpr uint64_t kValueBytesMax = 100;
const Time kNow = Time(std::chrono::seconds(1'700'000'000));

template <typename Request>
bool Parse(Choices* choices, Request* request) {
  const std::string_view bytes = choices->Text();
  return request->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

void Read(Choices* choices) {
  proto::ReadRequest request;
  if (!Parse(choices, &request)) return;
  const Result<ReadPlan> plan = PlanRead(request, kNow);
  if (!plan.ok()) return;
  RD_CHECK(base::CheckByteRange(plan->options.range).ok() && plan->key == request.key());
  RD_CHECK(plan->stamp.nanos() >= 0 && plan->stamp.nanos() < 1'000'000'000);
  // A condition that a client names is never dropped.
  RD_CHECK(plan->options.if_generation.known() == !request.generation_if_equal().empty());
  RD_CHECK(plan->options.if_not_generation.known() == !request.generation_if_not_equal().empty());
}

// WriteParts, given the bytes in two halves, must produce what the generated parser produces.
void Write(Choices* choices) {
  WriteParts parts(kValueBytesMax);
  uint64_t value_bytes = 0;
  for (bool first = true; !choices->empty(); first = false) {
    const std::string bytes(choices->Text());
    const size_t cut = bytes.size() / 2;
    proto::WriteRequest request;
    const Result<WriteParts::Part> part = parts.Take({grpc::Slice(bytes.substr(0, cut)), grpc::Slice(bytes.substr(cut))});
    if (!request.ParseFromString(bytes) || !part.ok()) return;  // WriteParts also accepts tags longer than five bytes
    std::string joined;
    for (const std::string_view piece : part->pieces) joined += piece;
    RD_CHECK(joined == request.value_part());
    value_bytes += joined.size();
    RD_CHECK(parts.value_bytes() == value_bytes && value_bytes <= kValueBytesMax && parts.key().size() <= key_bytes_max);
    if (first) RD_CHECK(parts.key() == request.key() && parts.if_generation().known() == !request.generation_if_equal().empty());
  }
}

void Delete(Choices* choices) {
  proto::DeleteRequest request;
  if (!Parse(choices, &request)) return;
  const Result<DeletePlan> plan = PlanDelete(request);
  if (!plan.ok()) return;
  RD_CHECK(plan->whole_range == request.has_range());
  RD_CHECK(plan->whole_range ? !plan->options.if_generation.known() : !plan->key.empty());
  RD_CHECK(plan->options.if_generation.known() == !request.generation_if_equal().empty());
}

void List(Choices* choices) {
  proto::ListRequest request;
  if (!Parse(choices, &request)) return;
  const Result<ListPlan> plan = PlanList(request, kNow);
  if (!plan.ok()) return;
  RD_CHECK(plan->range.begin == request.range().inclusive_min() &&
           plan->range.end == request.range().exclusive_max());
  const proto::ListResponse page = AnswerList({{{"", 0}, {"key", 1}}, false, 0}, plan->strip_bytes);
  RD_CHECK(page.entry_size() == 2 &&
           page.entry(1).key() == std::string("key").substr(std::min<uint64_t>(3, plan->strip_bytes)));
}

template <typename... Requests>
std::string Seed(Verb verb, const Requests&... requests) {
  Script script = Script().Number(verb);
  (script.Text(requests.SerializeAsString()), ...);
  return script.bytes();
}

}  // namespace

void Run(std::string_view input) {
  Choices choices(input);
  switch (static_cast<Verb>(choices.Number() % static_cast<uint8_t>(Verb::kCount))) {
    case Verb::kRead:
      return Read(&choices);
    case Verb::kWrite:
      return Write(&choices);
    case Verb::kDelete:
      return Delete(&choices);
    case Verb::kList:
      return List(&choices);
    case Verb::kCount:
      break;
  }
}

std::vector<std::string> Seeds() {
  proto::ReadRequest read;
  read.set_key("key");
  read.set_generation_if_equal(Generation::Value(1, 2).ToBytes());
  read.set_generation_if_not_equal(Generation::Missing().ToBytes());
  read.mutable_byte_range()->set_inclusive_min(1);
  read.mutable_byte_range()->set_exclusive_max(5);
  read.mutable_staleness_bound()->set_seconds(1'600'000'000);
  proto::WriteRequest write;
  write.set_key("key");
  write.set_generation_if_equal(Generation::Missing().ToBytes());
  write.set_value_part(std::string(60, 'v'));
  proto::DeleteRequest one, many, both, conditional;
  one.set_key("key");
  one.set_generation_if_equal(Generation::Value(1, 2).ToBytes());
  many.mutable_range()->set_inclusive_min("a");
  many.mutable_range()->set_exclusive_max("b");
  both = one;
  *both.mutable_range() = many.range();
  conditional = both;
  conditional.clear_key();
  proto::ListRequest list;
  *list.mutable_range() = many.range();
  list.set_strip_prefix_length(2);
  list.mutable_staleness_bound()->set_seconds(INT64_MAX);
  return {Seed(Verb::kRead, read),          Seed(Verb::kWrite, write), Seed(Verb::kWrite, write, write),
          Seed(Verb::kDelete, one),         Seed(Verb::kDelete, many), Seed(Verb::kDelete, both),
          Seed(Verb::kDelete, conditional), Seed(Verb::kList, list)};
}

}  // namespace remote_dram::fuzz
