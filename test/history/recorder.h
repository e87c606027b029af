// Recorder: writes the operations of one client to a file, so that they are there even if the client is killed.
//
// The file is mapped: what was written there is the kernel's at once. An operation is on record before it is
// sent, and its end is written in its place. In memory that was never used there are zeros, where the file ends
// for a reader.
// Memory: maps the file, which the destructor cuts to what was used. Operations that were added stay in place.
// Threads: one. Failure: Create says why a file cannot be made; a full file ends the program.
// Limits: part_bytes_max for each file.
#ifndef REMOTE_DRAM_TEST_HISTORY_RECORDER_H_
#define REMOTE_DRAM_TEST_HISTORY_RECORDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "history/record.h"
#include "remote_dram/status.h"

namespace remote_dram::history {

inline constexpr size_t part_bytes_max = size_t{4} << 30;  // takes only as much of a disk as is used

// Nanoseconds of the monotonic clock.
uint64_t NowNs();

class Recorder {
 public:
  static Result<Recorder> Create(const std::string& file);
  Recorder(Recorder&& other) noexcept;
  Recorder& operator=(Recorder&&) = delete;
  ~Recorder();

  // `began_ns` must not be 0.
  Operation* Add(const Operation& operation, std::span<const Item> items);
  // Of an operation that was added without an end.
  static void Finish(Operation* operation, End end, uint64_t sequence, uint64_t ended_ns);
  static std::span<Item> ItemsOf(Operation* operation) { return {reinterpret_cast<Item*>(operation + 1), operation->items}; }

 private:
  Recorder(int fd, char* map);

  int fd_;
  char* map_;
  size_t used_;
};

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_RECORDER_H_
