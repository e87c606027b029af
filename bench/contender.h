// Contender: something that can get and put values, to be measured against others in the same run.
//
// Memory: Buffers outlive every Run, and all contenders use the same, so that none has warmer ones.
// Threads: one. Failure: Fail, also if the bytes that should have moved did not.
#ifndef REMOTE_DRAM_BENCH_CONTENDER_H_
#define REMOTE_DRAM_BENCH_CONTENDER_H_

#include <string>

#include "bench/statistics.h"
#include "remote_dram/client.h"

namespace remote_dram::bench {

enum class Verb { kGet, kPut };

struct Load {
  Verb verb = Verb::kGet;
  size_t bytes = 0;
  int in_flight = 1;
};

inline constexpr size_t load_bytes_min = sizeof(uint64_t);
inline constexpr size_t load_bytes_max = 16 << 20;
inline constexpr int load_in_flight_max = 64;

// The client's memory. Every value is the beginning of one of the two patterns.
class Buffers {
 public:
  explicit Buffers(size_t bytes);
  // Makes `source` another value than every one before.
  void Restamp();

  std::string stored;  // what gets read
  std::string source;  // what puts write
  std::string target;  // where gets arrive

 private:
  uint64_t stamp_ = 0;
};

// Bytes that no other seed gives.
std::string Pattern(size_t bytes, uint64_t seed);
inline constexpr uint64_t kStoredSeed = 1;
inline constexpr uint64_t kSourceSeed = 2;

class Contender {
 public:
  virtual ~Contender() = default;
  virtual std::string name() const = 0;
  virtual bool Takes(const Load&) const { return true; }

  // Measures one lap and makes sure that its bytes have moved.
  virtual Figures Run(const Load& load, const Pace& pace, Buffers& buffers) = 0;
};

std::string NameOf(Verb verb);
std::string NameOf(Path path);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_CONTENDER_H_
