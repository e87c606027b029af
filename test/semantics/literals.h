// Literals: numbers, bytes and generations in the notation of the table.
//
// Memory: plain values; Bytes holds one unit of what it repeats, so that gigabytes cost little.
// Threads: const access from any.
// Failure: TableError for anything that has none of the forms below.
#ifndef REMOTE_DRAM_TEST_SEMANTICS_LITERALS_H_
#define REMOTE_DRAM_TEST_SEMANTICS_LITERALS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "remote_dram/generation.h"
#include "remote_dram/value.h"
#include "semantics/fields.h"

namespace remote_dram::semantics {

using Limits = std::map<std::string, uint64_t>;

// 12, or "key_bytes_max", "key_bytes_max + 1", "batch_reply_bytes_max / 2 + 1".
uint64_t Count(const Json& json, const Limits& limits);

// "text", {"hex": "00ff"}, {"repeat": BYTES, "times": COUNT}, {"pattern": SEED, "bytes": COUNT},
// {"join": [BYTES, ...]}.
class Bytes {
 public:
  Bytes(const Json& json, const Limits& limits);

  std::string Text() const;
  Pieces AsPieces() const;  // views of this object's memory
  bool Is(std::string_view bytes) const;

 private:
  std::string unit_;
  uint64_t times_ = 1;
  size_t rest_ = 0;  // at the end, the first bytes of one more unit
};

std::string FromHex(const std::string& hex);

// The names that a case has bound to generations, and the generations seen in its answers.
class Generations {
 public:
  // A condition: "missing", a bound name, {"hex": "00ff"}, {"flip": NAME, "byte": N, "bits": "08"} (the named generation
  // with these bits of a byte inverted), or {"cut": NAME, "bytes": N} (only its first bytes).
  Generation Condition(const Json& json) const;

  // An expectation: "new" (a value's generation, never seen before), "missing", "unknown", or a bound name.
  bool IsAsExpected(const Generation& generation, const Json& json) const;

  void Bind(const std::string& name, const Generation& generation);
  void Saw(const Generation& generation) { seen_.push_back(generation); }

 private:
  const Generation& Named(const std::string& name) const;

  std::map<std::string, Generation> bound_;
  std::vector<Generation> seen_;
};

}  // namespace remote_dram::semantics

#endif  // REMOTE_DRAM_TEST_SEMANTICS_LITERALS_H_
