// Input and Output: files, pipes and standard streams as the source of a put and the target of everything that is printed.
//
// Memory: an Input owns all bytes of its file; its pieces point into it. An Output closes the file that it opened.
// Threads: one.
// Failure: a Status that names the file. It is not a failure if the reader of a pipe has closed it: see reader_left().
// Limits: an Input is read into memory as a whole; more bytes than the caller's limit are RESOURCE_EXHAUSTED.
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
  // Reads the file of that name; "" and "-" are standard input. Shows its progress on a terminal.
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
  // Opens the file of that name; "", "-", /dev/stdout and /dev/fd/1 are standard output. A regular file is written under a
  // temporary name in the same folder and renamed by Finish, so that nobody ever sees half of it.
  static Result<Output> Open(const std::string& name);
  static Output Standard();

  Output(Output&& other) noexcept;
  Output& operator=(Output&&) = delete;
  ~Output();

  // Writes all bytes. Does nothing once reader_left().
  Status Write(std::string_view bytes);

  // Puts a regular file in its place. Without this call, an existing file stays as it was.
  Status Finish();

  // True once the reader has closed the pipe: bytes written since then were dropped, and writing more is pointless.
  bool reader_left() const { return reader_left_; }

 private:
  Output(int fd, bool owned, std::string name) : fd_(fd), owned_(owned), name_(std::move(name)) {}

  int fd_;
  bool owned_;
  bool reader_left_ = false;
  std::string name_;       // as the user wrote it, for messages
  std::string temporary_;  // the file that is written until Finish; empty: the target is written directly
  std::string target_;     // the file that Finish replaces
};

// Writes text to standard output.
Status Print(std::string_view text);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_FILE_H_
