// The laps of batches, stats and lists: several keys in one operation, or operations that carry no value.
#include "bench/fail.h"
#include "bench/ours.h"

namespace remote_dram::bench {

std::vector<ReadOperation> BatchOf(const Load& load) {
  std::vector<ReadOperation> operations(load.batch);
  KeyText key;
  for (size_t i = 0; i < load.batch; ++i) {
    operations[i].key = key.Of(i);
    operations[i].stat = load.verb == Verb::kStat;
  }
  return operations;
}

Lap OurBatchReads(Client& client, const Load& load, const Pace& pace, Buffers& buffers) {
  const std::vector<ReadOperation> operations = BatchOf(load);
  BatchReadResult last;
  Lap lap = OneByOne(pace, [&client, &load, &operations, &last] {
    last = Require(client.BatchRead(operations), "a batch");
    for (const Result<GetResult>& got : last.results) {
      Require(got.ok() && got->state == ReadState::kValue && got->value_bytes == load.bytes,
              "a batch brought another value");
    }
  });
  Require(last.results.size() == load.batch, "a batch has another number of results");
  for (size_t i = 0; i < load.batch && load.verb == Verb::kGet; ++i) {
    Require(last.results[i]->value.bytes() == buffers.Stored(i, load.bytes), "a batch brought other bytes");
  }
  return lap;
}

Lap OurBatchPuts(Client& client, const Load& load, const Pace& pace, Buffers& buffers) {
  buffers.Restamp();
  const Pieces value{{buffers.source.data(), load.bytes}};
  std::vector<WriteOperation> puts(load.batch);
  std::vector<ReadOperation> gets(load.batch);
  for (size_t i = 0; i < load.batch; ++i) {
    puts[i].key = gets[i].key = "put/" + std::to_string(i);
    puts[i].value = value;
  }
  Lap lap = OneByOne(pace, [&client, &puts] {
    const BatchWriteResult written = Require(client.BatchWrite(puts), "a batch of puts");
    Require(written.results.size() == puts.size(), "a batch has another number of results");
    for (const Result<WriteResult>& put : written.results) {
      Require(put.ok() && put->state == WriteState::kApplied, "a put of a batch was not applied");
    }
  });
  const BatchReadResult read = Require(client.BatchRead(gets), "reading back");
  for (const Result<GetResult>& got : read.results) {
    Require(got.ok() && got->value.bytes() == value[0], "a batch of puts left other bytes");
  }
  Require(client.DeleteRange({"put/", "put0"}).status(), "forgetting what was put");
  return lap;
}

Lap OurStats(Client& client, const Load& load, const Pace& pace) {
  Walk walk(load.keys, load.round);
  KeyText key;
  return OneByOne(pace, [&client, &load, &walk, &key] {
    const StatResult stat = Require(client.Stat(key.Of(walk.Next())), "a stat");
    Require(stat.exists && stat.value_bytes == load.bytes, "a stat saw another value");
  });
}

Lap OurLists(Client& client, const Load& load, const Pace& pace) {
  std::vector<ListEntry> entries;
  Lap lap = OneByOne(pace, [&client, &load, &entries] {
    entries.clear();
    ListOptions options;
    for (bool more = true; more; options.after = entries.back().key) {
      ListPage page = Require(client.List({"", ""}, options), "a page of a list");
      std::move(page.entries.begin(), page.entries.end(), std::back_inserter(entries));
      more = page.more;
      Require(!page.entries.empty() || !more, "an empty page before the last");
    }
    Require(entries.size() == load.keys, "a list has another number of keys");
  });
  KeyText key;
  for (size_t i = 0; i < load.keys; ++i) {
    Require(entries[i].key == key.Of(i) && entries[i].value_bytes == load.bytes, "a list has other keys");
  }
  return lap;
}

}  // namespace remote_dram::bench
