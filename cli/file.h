// Files, pipes and standard streams as the source of a put and the target of everything that is printed.
//
// Memory: an Input owns all bytes of its file; its pieces point into it. An Output closes what it opened.
// Threads: one.
// Failure: Status that names the file. A reader of a pipe who left is no failure: see reader_left().
// Limits: an Input is read whole, into memory, and refused (RESOURCE_EXHAUSTED) beyond the caller's limit.
#ifndef REMOTE_DRAM_CLI_FILE_H_
#define REMOTE_DRAM_CLI_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remote_dram/status.h"
#include "remote_dram/value.h"

namespace remote_dram::cli {

class Input {
 public:
  // "" and "-" are standard input. Shows its progress.
  static Result<Input> Read(const std::string& name, uint64_t bytes_max);

  uint64_t bytes() const;
  Pieces pieces() const;

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };
  std::vector<Block> blocks_;
};

class Output {
 public:
  // "" and "-" are standard output. A regular file is written beside its place and put there by Finish, so
  // that nobody ever meets half of it.
  static Result<Output> Open(const std::string& name);
  static Output Standard();

  Output(Output&& other) noexcept;
  Output& operator=(Output&&) = delete;
  ~Output();

  Status Write(std::string_view bytes);

  // Without it, a regular file stays as it was.
  Status Finish();

  // Nobody reads the pipe any more: what was written since went nowhere, and more is pointless.
  bool reader_left() const { return reader_left_; }

 private:
  Output(int fd, bool owned, std::string name) : fd_(fd), owned_(owned), name_(std::move(name)) {}

  int fd_;
  bool owned_;
  bool reader_left_ = false;
  std::string name_;       // as the user gave it
  std::string temporary_;  // where the bytes go until Finish; empty: straight to their place
  std::string target_;
};

// Writes text to standard output.
Status Print(std::string_view text);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_FILE_H_
