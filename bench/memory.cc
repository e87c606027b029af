// Memory: resident memory of server and client during many mixed requests on a bounded set of keys.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>

#include "bench/fail.h"
#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/targets.h"

namespace remote_dram::bench {
namespace {

constexpr uint32_t kKeys = 1000;
constexpr int kInFlight = 8;
constexpr int kParts = 10;  // memory is sampled after each part
constexpr uint64_t kRequestsToJudge = 1'000'000;
// Shares of a hundred requests; the rest are deletes.
constexpr uint32_t kGets = 40, kPuts = 25, kBatchReads = 5, kBatchWrites = 5, kLists = 5, kStats = 10;
constexpr int kVerbs = 7;
constexpr size_t kBatch = 16;
// Batches have keys and small values of their own.
constexpr char kLarge[] = "key ", kSmall[] = "small ";
constexpr uint32_t kLargeBits = 20, kSmallBits = 10;  // values of up to 2^bits bytes

// Keeps kInFlight requests under way: each completion begins the next request, all on the client's own thread.
class Mixture {
 public:
  explicit Mixture(Client* client) : client_(client), value_(Pattern(1 << kLargeBits, kSourceSeed)) {}

  void Run(uint64_t requests) {
    left_ = requests;
    running_ = kInFlight;
    Latch over;
    over_ = &over;
    client_->StatServer({}, [this](const Result<ServerStat>&) {
      for (int i = 0; i < kInFlight; ++i) Next();
    });
    over.Wait();
  }

  const std::array<uint64_t, kVerbs>& counts() const { return counts_; }

 private:
  // The completion callback of every verb.
  template <typename T>
  auto Ended(size_t verb) {
    return [this, verb](const Result<T>& result) {
      Require(result.status(), "a mixed request");
      if constexpr (requires { result->results; }) {
        for (const auto& one : result->results) Require(one.status(), "an operation of a mixed batch");
      }
      ++counts_[verb];
      Next();
    };
  }

  void Next() {
    if (left_ == 0) {
      if (--running_ == 0) over_->Set();
      return;
    }
    --left_;
    uint32_t share = random_() % 100;
    const auto falls_to = [&share](uint32_t shares) {
      const bool falls = share < shares;
      share -= shares;
      return falls;
    };
    const std::string key = RandomKey(kLarge);
    if (falls_to(kGets)) {
      client_->Get(key, {}, Ended<GetResult>(0));
    } else if (falls_to(kPuts)) {
      client_->Put(key, RandomValue(kLargeBits), {}, Ended<WriteResult>(1));
    } else if (falls_to(kBatchReads)) {
      BatchRead();
    } else if (falls_to(kBatchWrites)) {
      BatchWrite();
    } else if (falls_to(kLists)) {
      ListOptions options;
      options.entries_max = 100;
      client_->List({key, ""}, options, Ended<ListPage>(2));
    } else if (falls_to(kStats)) {
      client_->Stat(key, {}, Ended<StatResult>(3));
    } else {
      client_->Delete(key, {}, Ended<WriteResult>(4));
    }
  }

  void BatchRead() {
    std::vector<ReadOperation> reads(kBatch);
    for (ReadOperation& read : reads) read.key = RandomKey(kSmall);
    client_->BatchRead(reads, {}, Ended<BatchReadResult>(5));
  }

  void BatchWrite() {
    std::vector<WriteOperation> puts(kBatch);
    for (WriteOperation& put : puts) {
      put.key = RandomKey(kSmall);
      put.value = RandomValue(kSmallBits);
    }
    client_->BatchWrite(puts, {}, Ended<BatchWriteResult>(6));
  }

  std::string RandomKey(const char* prefix) { return prefix + std::to_string(random_() % kKeys); }

  // At most 2^n bytes with n uniform in 0 to `bits`: smaller sizes more often.
  Pieces RandomValue(uint32_t bits) {
    const size_t bytes = (random_() % (size_t{1} << (random_() % (bits + 1)))) + 1;
    return Pieces{{value_.data(), bytes}};
  }

  Client* const client_;
  const std::string value_;
  std::mt19937 random_{1};
  std::array<uint64_t, kVerbs> counts_{};
  uint64_t left_ = 0;
  int running_ = 0;
  Latch* over_ = nullptr;
};

double Mebibytes(uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

}  // namespace

void Memory(const Flags& flags, Report& report) {
  const Table table("Memory: resident MiB over " + std::to_string(flags.requests) +
                        " mixed requests (40 % get, 25 % put, 5 % batches of 16 gets, 5 % of 16 puts, 10 % delete, "
                        "10 % stat, 5 % list) on " +
                        std::to_string(kKeys) + " keys of up to 1 MiB, batches on as many of up to 1 KiB",
                    {"path", "process", "at start", "after 1/10", "most by half", "most after", "at end", "max", "grown",
                     "target", ""});
  nlohmann::json& rows = report["memory"] = nlohmann::json::array();
  for (const Path path : flags.paths) {
    const OurServer server;
    Client client = server.Connect(path);
    Mixture mixture(&client);
    const pid_t processes[] = {server.pid(), getpid()};
    for (const pid_t process : processes) ForgetResidentBytesMax(process);
    std::vector<uint64_t> resident[2];
    for (int part = 0; part <= kParts; ++part) {
      if (part > 0) mixture.Run(flags.requests / kParts);
      for (int i = 0; i < 2; ++i) resident[i].push_back(ResidentBytes(processes[i]));
    }
    for (const uint64_t count : mixture.counts()) Require(count > 0, "some verb was never called");
    for (int i = 0; i < 2; ++i) {
      const std::vector<uint64_t>& at = resident[i];
      const std::string process = i == 0 ? "server" : "client";
      const uint64_t max = ResidentBytesMax(processes[i]);
      // Compares the maxima of both halves, not two single samples: memory rises and falls with the values in flight.
      const auto half = at.begin() + kParts / 2 + 1;
      const double by_half = Mebibytes(*std::max_element(at.begin(), half));
      const double after = Mebibytes(*std::max_element(half, at.end()));
      const double grown = after - by_half;
      // In a short run, the first half has not yet reached all keys and sizes, so growth in the second half is normal.
      const bool judged = flags.requests >= kRequestsToJudge;
      const bool met = !judged || report.Judge(kGrowthMebibytes.IsMet(grown));
      table.Row({NameOfPath(path), process, Digits(Mebibytes(at[0])), Digits(Mebibytes(at[1])), Digits(by_half), Digits(after),
                 Digits(Mebibytes(at[kParts])), Digits(Mebibytes(max)), Digits(grown), judged ? kGrowthMebibytes.Text() : "",
                 judged ? (met ? "met" : "missed") : ""});
      rows.push_back({{"path", NameOfPath(path)}, {"process", process}, {"requests", flags.requests},
                      {"resident_bytes", at}, {"resident_bytes_max", max}, {"grown_mebibytes", grown}});
    }
  }
}

}  // namespace remote_dram::bench
