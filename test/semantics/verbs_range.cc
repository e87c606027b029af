// The verbs on a range of keys.
#include "semantics/verbs.h"

namespace remote_dram::semantics {

KeyRange RangeOf(Fields& fields, const Limits& limits) {
  if (const Json* prefix = fields.Find("prefix"))
    return KeyRange::Prefix(Bytes(*prefix, limits).Text());
  return {Bytes(fields.Need("begin"), limits).Text(), Bytes(fields.Need("end"), limits).Text()};
}

Answer DeleteRange(Call& call) {
  DeleteRangeOptions options;
  const Terms terms(call, &options);
  const Result<DeleteRangeResult> deleted =
      call.store.DeleteRange(RangeOf(call.step, call.limits), options);
  Answer answer;
  answer.status = deleted.status();
  if (deleted.ok()) answer.plain = {{"keys_deleted", deleted->keys_deleted}};
  if (deleted.ok()) answer.sequence = deleted->sequence;
  return answer;
}

// With "all_pages", lists page after page until the last one; the answer then has the entries of all pages.
Answer List(Call& call) {
  constexpr int kPagesMax = 1000;
  ListOptions options;
  if (const Json* most = call.step.Find("entries_max"))
    options.entries_max = static_cast<uint32_t>(Count(*most, call.limits));
  if (const Json* after = call.step.Find("after")) options.after = Bytes(*after, call.limits).Text();
  const Terms terms(call, &options);
  const KeyRange range = RangeOf(call.step, call.limits);
  const bool all_pages = call.step.Flag("all_pages");
  Answer answer;
  answer.entries.emplace();
  for (int pages = 1; pages <= kPagesMax; ++pages) {
    const Result<ListPage> page = call.store.List(range, options);
    answer.status = page.status();
    if (!page.ok()) return answer;
    answer.entries->insert(answer.entries->end(), page->entries.begin(), page->entries.end());
    answer.plain = {{"count", answer.entries->size()}, {"more", page->more}, {"pages", pages}};
    answer.sequence = page->sequence;
    if (!page->more || !all_pages) return answer;
    if (page->entries.empty()) break;
    options.after = page->entries.back().key;
  }
  answer.status = Status(StatusCode::kInternal, "the listing has no end, or a page without keys before it");
  return answer;
}

Answer CopyRange(Call& call) {
  CopyRangeOptions options;
  const Terms terms(call, &options);
  const Json* strip = call.step.Find("strip_bytes");
  const CopyTarget target{strip != nullptr ? Count(*strip, call.limits) : 0, call.Key("to")};
  const Result<CopyRangeResult> copied =
      call.store.CopyRange(RangeOf(call.step, call.limits), target, options);
  Answer answer;
  answer.status = copied.status();
  if (copied.ok()) answer.plain = {{"keys_copied", copied->keys_copied}};
  if (copied.ok()) answer.sequence = copied->sequence;
  return answer;
}

}  // namespace remote_dram::semantics
