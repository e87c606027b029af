// Fuzz targets: the functions that each x_fuzz.cc defines, and shared building blocks. test/fuzz_main.cc runs them.
//
// Memory and threads: plain functions and values, in one thread.
// Failure: a target dies (RD_CHECK, a sanitizer) if an invariant is broken. Limits: moves_max for Play.
#ifndef REMOTE_DRAM_BASE_FUZZING_H_
#define REMOTE_DRAM_BASE_FUZZING_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace remote_dram::fuzz {

// Runs one input: parses it and, if it is accepted, checks the invariants of the result.
void Run(std::string_view input);

// The initial corpus. The code under test produces these inputs, so that they never become outdated.
std::vector<std::string> Seeds();

// Takes choices off the front of an input. When the input is used up, numbers are zero and texts are empty.
class Choices {
 public:
  explicit Choices(std::string_view input) : rest_(input) {}

  bool empty() const { return rest_.empty(); }
  template <typename T = uint8_t>
  T Number() {
    T number = 0;
    const std::string_view bytes = Take(sizeof number);
    std::memcpy(&number, bytes.data(), bytes.size());
    return number;
  }
  // At most `count` bytes.
  std::string_view Take(size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // A length and that many bytes.
  std::string_view Text() { return Take(Number<uint16_t>()); }
  std::string_view Rest() { return Take(rest_.size()); }

 private:
  std::string_view rest_;
};

inline constexpr int moves_max = 64;

// Interprets an input as a game: Go makes one move, which it chooses from the input, and End checks what must hold after
// the last move.
template <typename Game>
void Play(std::string_view input) {
  Game game;
  Choices choices(input);
  for (int moves = 0; moves < moves_max && !choices.empty(); ++moves) game.Go(&choices);
  game.End();
}

// The inverse of Choices: builds a seed, choice by choice.
class Script {
 public:
  template <typename T>
  Script& Number(T number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Script& Text(std::string_view text) {
    Number(static_cast<uint16_t>(text.size())).bytes_.append(text);
    return *this;
  }
  Script Then(const Script& other) const {
    Script both = *this;
    both.bytes_ += other.bytes_;
    return both;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace remote_dram::fuzz

#endif  // REMOTE_DRAM_BASE_FUZZING_H_
