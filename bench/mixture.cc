// The kinds of requests, and the choice among them.
#include "bench/mixture.h"

#include "bench/contender.h"
#include "bench/fail.h"

namespace remote_dram::bench {
namespace {

constexpr int kInFlight = 8;
constexpr uint32_t kKeys = 1000;
constexpr size_t kBatch = 16;
// Batches have keys and small values of their own.
constexpr char kLarge[] = "key ", kSmall[] = "small ", kCopy[] = "copy ";
constexpr uint32_t kLargeBits = 20, kSmallBits = 10;  // values of up to 2^bits bytes
constexpr std::chrono::milliseconds kWait{1};         // for a key that is missing and perhaps stays so

}  // namespace

Mixture::Mixture(Client* client)
    : client_(client), value_(Pattern(1 << kLargeBits, kSourceSeed)), counts_(Kinds().size()) {
  uint32_t percent = 0;
  for (const Kind& kind : Kinds()) percent += kind.percent;
  Require(percent == 100, "the shares of the mix are not a hundred");
}

const std::vector<Mixture::Kind>& Mixture::Kinds() {
  static const std::vector<Kind> kinds{{"get", 30, &Mixture::Get},
                                       {"view", 8, &Mixture::View},
                                       {"put", 22, &Mixture::Put},
                                       {"delete", 8, &Mixture::Delete},
                                       {"stat", 8, &Mixture::Stat},
                                       {"list", 4, &Mixture::List},
                                       {"batches of 16 gets", 5, &Mixture::BatchRead},
                                       {"of 16 puts", 5, &Mixture::BatchWrite},
                                       {"transactions", 3, &Mixture::Transact},
                                       {"copies of ranges", 2, &Mixture::Copy},
                                       {"deletes of ranges", 2, &Mixture::DeleteRange},
                                       {"waits", 3, &Mixture::Wait}};
  return kinds;
}

std::string Mixture::Text() {
  std::string text;
  for (const Kind& kind : Kinds()) {
    text += (text.empty() ? "" : ", ") + std::to_string(kind.percent) + " % " + kind.name;
  }
  return text;
}

void Mixture::Run(uint64_t requests) {
  left_ = requests;
  running_ = kInFlight;
  Latch over;
  over_ = &over;
  client_->StatServer({}, [this](const Result<ServerStat>&) {
    for (int i = 0; i < kInFlight; ++i) Next();
  });
  over.Wait();
}

void Mixture::RequireAll() const {
  for (size_t i = 0; i < counts_.size(); ++i) {
    Require(counts_[i] > 0, std::string("the mix had no ") + Kinds()[i].name);
  }
}

void Mixture::Next() {
  if (left_ == 0) {
    if (--running_ == 0) over_->Set();
    return;
  }
  --left_;
  uint32_t percent = random_() % 100;
  size_t kind = 0;
  for (; percent >= Kinds()[kind].percent; ++kind) percent -= Kinds()[kind].percent;
  ++counts_[kind];
  (this->*Kinds()[kind].begin)();
}

template <typename T>
Done<T> Mixture::Ended() {
  return [this](const Result<T>& result) {
    Require(result.status(), "a mixed request");
    if constexpr (requires { result->results; }) {
      for (const auto& one : result->results) Require(one.status(), "an operation of a mixed batch");
    }
    Next();
  };
}

void Mixture::Get() { client_->Get(RandomKey(kLarge), {}, Ended<GetResult>()); }

void Mixture::View() {
  GetOptions options;
  options.view = true;
  client_->Get(RandomKey(kLarge), options, [this](const Result<GetResult>& got) {
    Require(got.status(), "a mixed view");
    views_[random_() % views_.size()] = got->value;
    Next();
  });
}

void Mixture::Put() { client_->Put(RandomKey(kLarge), RandomValue(kLargeBits), {}, Ended<WriteResult>()); }

void Mixture::Delete() { client_->Delete(RandomKey(kLarge), {}, Ended<WriteResult>()); }

void Mixture::Stat() { client_->Stat(RandomKey(kLarge), {}, Ended<StatResult>()); }

void Mixture::List() {
  ListOptions options;
  options.entries_max = 100;
  client_->List({RandomKey(kLarge), ""}, options, Ended<ListPage>());
}

void Mixture::BatchRead() {
  std::vector<ReadOperation> reads(kBatch);
  for (ReadOperation& read : reads) read.key = RandomKey(kSmall);
  client_->BatchRead(reads, {}, Ended<BatchReadResult>());
}

void Mixture::BatchWrite() {
  std::vector<WriteOperation> puts(kBatch);
  for (WriteOperation& put : puts) {
    put.key = RandomKey(kSmall);
    put.value = RandomValue(kSmallBits);
  }
  client_->BatchWrite(puts, {}, Ended<BatchWriteResult>());
}

// One value goes ahead of the transaction, and half of the transactions then need a key that does not exist: the server
// often has to drop what it has received.
void Mixture::Transact() {
  std::vector<WriteOperation> puts(2);
  puts[0].key = RandomKey(kLarge);
  puts[0].value = {{value_.data(), transaction_value_ahead_min + random_() % transaction_value_ahead_min}};
  if (random_() % 2 == 0) puts[0].if_generation = Generation::Missing();
  puts[1].key = RandomKey(kSmall);
  puts[1].value = RandomValue(kSmallBits);
  client_->Transact(puts, {}, Ended<TransactResult>());
}

void Mixture::Copy() {
  client_->CopyRange(KeyRange::Prefix(RandomCopied(kLarge)), {sizeof kLarge - 1, kCopy}, {}, Ended<CopyRangeResult>());
}

void Mixture::DeleteRange() {
  client_->DeleteRange(KeyRange::Prefix(RandomCopied(kCopy)), {}, Ended<DeleteRangeResult>());
}

void Mixture::Wait() {
  WaitOptions options;
  options.timeout = kWait;
  client_->Wait(RandomKey(kLarge), options, [this](const Result<StatResult>& result) {
    Require(result.ok() || result.status().code() == StatusCode::kDeadlineExceeded, "a mixed wait has failed");
    Next();
  });
}

std::string Mixture::RandomKey(const char* prefix) { return prefix + std::to_string(random_() % kKeys); }

// The prefix of eleven keys, such as 17 and 170 to 179; there are ten such prefixes.
std::string Mixture::RandomCopied(const char* prefix) { return prefix + std::to_string(10 + random_() % 10); }

// At most 2^n bytes with n uniform in 0 to `bits`: smaller sizes more often.
Pieces Mixture::RandomValue(uint32_t bits) {
  const size_t bytes = (random_() % (size_t{1} << (random_() % (bits + 1)))) + 1;
  return Pieces{{value_.data(), bytes}};
}

}  // namespace remote_dram::bench
