// Fuzz targets: what each x_fuzz.cc defines, and what they share. test/fuzz_main.cc runs them.
//
// Memory and threads: plain functions and values, in one thread.
// Failure: a target dies (RD_CHECK, a sanitizer) on what must never be. Limits: moves_max for Play.
#ifndef REMOTE_DRAM_BASE_FUZZING_H_
#define REMOTE_DRAM_BASE_FUZZING_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace remote_dram::fuzz {

// One input: parses it, and checks what holds for everything that was taken.
void Run(std::string_view input);

// Where the search begins: inputs made by the code itself, so that they never rot.
std::vector<std::string> Seeds();

// Takes choices off the front of an input; zeros when it is used up.
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
  // At most so many bytes.
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

// An input that is a game: its moves, each chosen by Go, and the End, where what was promised is due.
template <typename Game>
void Play(std::string_view input) {
  Game game;
  Choices choices(input);
  for (int moves = 0; moves < moves_max && !choices.empty(); ++moves) game.Go(&choices);
  game.End();
}

// The other way round: a seed, choice by choice.
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
