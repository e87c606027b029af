// Contender: a program that can run a load and is measured against others in the same run.
//
// Memory: Buffers outlive every Run. All contenders use the same Buffers, so that none has warmer caches.
// Threads: one. Failure: Fail, also if the bytes that should have moved did not.
#ifndef REMOTE_DRAM_BENCH_CONTENDER_H_
#define REMOTE_DRAM_BENCH_CONTENDER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/statistics.h"
#include "remote_dram/client.h"

namespace remote_dram::bench {

enum class Verb { kGet, kAllocatedGet, kView, kPut, kStat, kList };  // kAllocatedGet: not into the caller's memory

struct Load {
  Verb verb = Verb::kGet;
  size_t bytes = 0;     // of a value
  int in_flight = 1;    // operations of each client
  size_t keys = 1;      // a get or put takes a random one of them; a list returns all
  size_t batch = 1;     // keys of one operation
  int clients = 1;      // connections
  int busy = 0;         // processes that compute meanwhile, see Busy
  int round = 0;        // in which a lap is run: the random keys differ from round to round, see Walk

  bool moves() const { return verb == Verb::kGet || verb == Verb::kPut; }
  size_t items() const { return verb == Verb::kList ? keys : batch; }
};

inline constexpr size_t load_bytes_min = sizeof(uint64_t);
inline constexpr size_t load_bytes_max = 64 << 20;
inline constexpr int load_in_flight_max = 256;  // operations of all clients together

// The client's memory. Every value is the beginning of one of two patterns, except for its first word.
class Buffers {
 public:
  explicit Buffers(size_t bytes);

  // The value stored under a key; the view is valid until the next call.
  std::string_view Stored(size_t key, size_t bytes);
  // Whether the target holds the key's value: Arrived compares the first word, RequireArrived all bytes.
  bool Arrived(size_t key) const;
  void RequireArrived(size_t key, size_t bytes, const std::string& who);

  // Gives `source` a value that it never had before.
  void Restamp();

  std::string source;  // what puts write
  std::string target;  // where gets arrive

 private:
  std::string stored_;
  uint64_t stored_word_ = 0;
  uint64_t stamp_ = 0;
};

// Bytes that differ from those of every other seed.
std::string Pattern(size_t bytes, uint64_t seed);
inline constexpr uint64_t kStoredSeed = 1;
inline constexpr uint64_t kSourceSeed = 2;

// The text of a key, made in a few nanoseconds: "array/c/00000017".
class KeyText {
 public:
  static constexpr size_t number_max = 99'999'999;
  std::string_view Of(size_t number);  // valid until the next call

 private:
  char text_[16] = {'a', 'r', 'r', 'a', 'y', '/', 'c', '/'};
};

// Keys in a pseudo-random order, which no prefetcher can predict: in a round the same for all contenders, and in the next
// round other ones, because a contender would find the keys of its last lap in the caches.
class Walk {
 public:
  Walk(size_t keys, int round) : keys_(keys), state_(static_cast<uint64_t>(round) * 0x9e3779b97f4a7c15) {}
  size_t Next() {
    state_ = state_ * 6364136223846793005 + 1442695040888963407;
    return static_cast<size_t>(((state_ >> 32) * keys_) >> 32);
  }

 private:
  const uint64_t keys_;
  uint64_t state_;
};

class Contender {
 public:
  virtual ~Contender() = default;
  virtual std::string name() const = 0;
  virtual bool Takes(const Load& load) const = 0;

  // Called before the first lap of a load: stores the values that the laps read.
  virtual void Prepare(const Load&, Buffers&) {}
  // Measures one lap and checks that its bytes have moved.
  virtual Figures Run(const Load& load, const Pace& pace, Buffers& buffers) = 0;
};

using Contenders = std::vector<std::unique_ptr<Contender>>;

// Runs a lap that calls `operation` again and again, one call at a time.
template <typename Operation>
Lap OneByOne(const Pace& pace, Operation operation) {
  TimePoint started = Clock::now();
  Lap lap(pace, started);
  for (;;) {
    operation();
    const TimePoint now = Clock::now();
    if (!lap.Record(started, now)) return lap;
    started = now;
  }
}

std::string NameOf(Verb verb);
std::string SizeText(size_t bytes);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_CONTENDER_H_
