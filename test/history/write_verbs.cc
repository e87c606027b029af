// LoadClient: the verbs that write single keys, batches and transactions. Each operation is recorded before it is sent.
#include <algorithm>

#include "history/load_client.h"

namespace remote_dram::history {

void LoadClient::FinishWrite(Operation* operation, const Result<WriteResult>& written) {
  if (!written.ok()) return Fail(operation, written.status());
  const Generation& now = written->generation;
  const bool applied = written->state == WriteState::kApplied;
  if (applied && now.kind() == Generation::Kind::kValue && now.sequence() != written->sequence) {
    Complain("a write was answered with two numbers");
  }
  const uint32_t key = Recorder::ItemsOf(operation).front().key;
  if (applied) Learn(key, now);
  Finish(operation, applied ? End::kDone : End::kRefused, written->sequence);
  Place(operation, now.incarnation());
}

uint64_t LoadClient::Put() {
  Item item;
  item.key = PickKey();
  const std::string_view value = PickValue(&item);
  PutOptions options;
  if (Below(5) < 2) options.if_generation = PickCondition(item.key, &item);
  const size_t cut = Below(value.size() + 1);  // into two pieces, one of which may be empty
  const Pieces pieces{value.substr(0, cut), value.substr(cut)};
  const Begun begun = Begin();
  options.timeout = begun.timeout;
  Operation* const operation = AddOperation(Kind::kWrite, begun, {&item, 1});
  FinishWrite(operation, client_->Put(Name(item.key), pieces, options));
  return 1;
}

uint64_t LoadClient::Delete() {
  Item item;
  item.key = PickKey();
  DeleteOptions options;
  if (Below(3) == 0) options.if_generation = PickCondition(item.key, &item);
  const Begun begun = Begin();
  options.timeout = begun.timeout;
  Operation* const operation = AddOperation(Kind::kWrite, begun, {&item, 1});
  FinishWrite(operation, client_->Delete(Name(item.key), options));
  return 1;
}

WriteOperation LoadClient::PickWrite(uint32_t key, bool in_transaction, Item* item) {
  WriteOperation write;
  write.key = Name(key);
  item->key = key;
  if (Below(in_transaction ? 8 : 3) == 0) write.if_generation = PickCondition(key, item);
  const uint32_t dice = Below(10);
  if (dice < 7) {
    write.value = {PickValue(item)};
  } else if (in_transaction && dice == 9) {
    write.kind = WriteOperation::Kind::kCheck;
    item->what = What::kKept;
  } else {
    write.kind = WriteOperation::Kind::kDelete;
  }
  return write;
}

uint64_t LoadClient::BatchWrite() {
  std::vector<WriteOperation> writes;
  std::vector<Item> items;
  for (const uint32_t key : PickKeys(2 + Below(4))) writes.push_back(PickWrite(key, false, &items.emplace_back()));
  const Begun begun = Begin();
  BatchWriteOptions options;
  options.timeout = begun.timeout;
  std::vector<Operation*> operations;
  for (const Item& item : items) operations.push_back(AddOperation(Kind::kWrite, begun, {&item, 1}));
  const uint64_t expected = incarnation_;
  const Result<BatchWriteResult> written = client_->BatchWrite(writes, options);
  for (size_t i = 0; i < operations.size(); ++i) {
    FinishWrite(operations[i], written.ok() ? written->results[i] : Result<WriteResult>(written.status()));
    if (incarnation_ != expected) ExpectForeign(operations[i]);  // an answer so far named another incarnation
  }
  return operations.size();
}

// Sometimes the transaction also deletes a range: all its keys, except those that the transaction puts.
uint64_t LoadClient::Transact() {
  std::vector<WriteOperation> writes;
  std::vector<Item> items;
  for (const uint32_t key : PickKeys(2 + Below(5))) writes.push_back(PickWrite(key, true, &items.emplace_back()));
  if (Below(10) == 0) {
    uint32_t first, end;
    PickKeysInARow(options_.keys, &first, &end);
    WriteOperation& range = writes.emplace_back();
    range.kind = WriteOperation::Kind::kDeleteRange;
    range.key = Name(first);
    range.end = Name(end);
    for (Item& item : items) {
      if (item.what == What::kKept && item.key >= first && item.key < end) item.what = What::kNothing;
    }
    for (uint32_t key = first; key < end; ++key) {
      const auto is_it = [key](const Item& item) { return item.key == key; };
      if (std::none_of(items.begin(), items.end(), is_it)) items.push_back({.key = key});
    }
  }
  const Begun begun = Begin();
  TransactOptions options;
  options.timeout = begun.timeout;
  Operation* const operation = AddOperation(Kind::kWrite, begun, items);
  FinishTransaction(operation, begun, writes, client_->Transact(writes, options));
  return 1;
}

// The answer also tells the version of every key, new or unchanged; this is recorded as a read of all keys.
void LoadClient::FinishTransaction(Operation* operation, const Begun& begun, const std::vector<WriteOperation>& writes,
                                   const Result<TransactResult>& result) {
  if (!result.ok()) return Fail(operation, result.status());
  const bool applied = result->state == WriteState::kApplied;
  std::vector<Item> seen;
  uint64_t told = 0;
  bool all_matched = true;
  const std::span<const Item> items = Recorder::ItemsOf(operation);
  for (size_t i = 0; i < writes.size(); ++i) {
    if (writes[i].kind == WriteOperation::Kind::kDeleteRange) continue;
    const TransactResult::Outcome& outcome = result->outcomes[i];
    told = std::max(told, outcome.generation.incarnation());
    Item item = SeenVersion(items[i].key, outcome.generation, 0);
    all_matched = all_matched && outcome.matched;
    if (!outcome.matched && item.what == What::kVersion && items[i].condition == Condition::kIs) {
      item.condition = Condition::kIs;  // recorded as a refused read: the condition must not hold
      item.expected = items[i].expected;
    }
    seen.push_back(item);
  }
  if (applied != all_matched) Complain("a transaction contradicts itself: did all conditions hold?");
  Finish(operation, applied ? End::kDone : End::kRefused, result->sequence);
  Place(operation, told);
  AddRead(begun, told, result->sequence, seen);
}

}  // namespace remote_dram::history
