// Calls with several operations, which are tuples made by remote_dram/_operations.py, and a result for each.
#include <memory>
#include <vector>

#include "bind.h"

namespace remote_dram::python {
namespace {

using std::chrono::milliseconds;

// Unpacks (key, if_generation, if_not_generation, min, max, stat).
ReadOperation ReadOf(const nb::tuple& packed) {
  ReadOperation read;
  read.key = BytesOf(nb::cast<nb::bytes>(packed[0]));
  read.if_generation = nb::cast<Generation>(packed[1]);
  read.if_not_generation = nb::cast<Generation>(packed[2]);
  read.range = {nb::cast<int64_t>(packed[3]), nb::cast<int64_t>(packed[4])};
  read.stat = nb::cast<bool>(packed[5]);
  return read;
}

// A value, or for a stat (generation, size); the key's current Generation if a condition failed; None if the key is
// missing; an exception object if the read failed.
nb::object Answer(Result<GetResult> got, bool stat) {
  if (!got.ok()) return ErrorOf(got.status());
  if (got->state == ReadState::kMissing) return nb::none();
  if (got->state == ReadState::kConditionFailed) return nb::cast(got->generation);
  if (stat) return nb::make_tuple(got->generation, got->value_bytes);
  return nb::cast(ReadValue{std::move(got->value), got->generation, got->value_bytes});
}

nb::list ReadMany(const Store& self, const nb::list& packed, bool at_one_instant, int64_t timeout_ms) {
  std::vector<ReadOperation> reads;
  reads.reserve(packed.size());
  for (const nb::handle each : packed) reads.push_back(ReadOf(nb::cast<nb::tuple>(each)));
  const BatchReadOptions options{at_one_instant, milliseconds(timeout_ms)};
  BatchReadResult read = Wait([&] { return self.store->BatchRead(reads, options); });
  nb::list answers;
  for (size_t i = 0; i < reads.size(); ++i) answers.append(Answer(std::move(read.results[i]), reads[i].stat));
  return answers;
}

// The operations, and the values that they borrow until the Writes object is destroyed.
struct Writes {
  // Unpacks tuples (kind, key, end, value or None, if_generation).
  explicit Writes(const nb::list& packed) {
    operations.reserve(packed.size());
    for (const nb::handle each : packed) {
      const auto fields = nb::cast<nb::tuple>(each);
      WriteOperation write;
      write.kind = static_cast<WriteOperation::Kind>(nb::cast<int>(fields[0]));
      write.key = BytesOf(nb::cast<nb::bytes>(fields[1]));
      write.end = BytesOf(nb::cast<nb::bytes>(fields[2]));
      if (write.kind == WriteOperation::Kind::kPut) {
        lent.push_back(std::make_unique<Buffer>(fields[3], Buffer::Use::kRead));
        write.value = {lent.back()->bytes()};
      }
      write.if_generation = nb::cast<Generation>(fields[4]);
      operations.push_back(std::move(write));
    }
  }

  std::vector<WriteOperation> operations;
  std::vector<std::unique_ptr<Buffer>> lent;
};

// For each write its Generation; None if its condition failed; an exception object if it failed otherwise.
nb::list WriteMany(const Store& self, const nb::list& packed, int64_t timeout_ms) {
  const Writes writes(packed);
  const BatchWriteOptions options{milliseconds(timeout_ms)};
  const BatchWriteResult written = Wait([&] { return self.store->BatchWrite(writes.operations, options); });
  nb::list answers;
  for (const Result<WriteResult>& each : written.results) {
    if (!each.ok()) {
      answers.append(ErrorOf(each.status()));
    } else if (each->state == WriteState::kConditionFailed) {
      answers.append(nb::none());
    } else {
      answers.append(nb::cast(each->generation));
    }
  }
  return answers;
}

// (applied, outcomes); each operation's outcome is (whether its condition held, its key's version).
nb::tuple Transact(const Store& self, const nb::list& packed, int64_t timeout_ms) {
  const Writes writes(packed);
  const TransactOptions options{milliseconds(timeout_ms)};
  const TransactResult result = Wait([&] { return self.store->Transact(writes.operations, options); });
  nb::list outcomes;
  for (const TransactResult::Outcome& each : result.outcomes) {
    outcomes.append(nb::make_tuple(each.matched, each.generation));
  }
  return nb::make_tuple(result.state == WriteState::kApplied, outcomes);
}

}  // namespace

void BindMany(nb::class_<Store>& store) {
  store.def("read_many", &ReadMany).def("write_many", &WriteMany).def("transact", &Transact);
}

}  // namespace remote_dram::python
