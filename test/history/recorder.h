// Recorder: writes the operations of one client to a file that is complete even if the client is killed.
//
// The file is mapped, so the kernel has every store at once. An operation is recorded before it is sent, and its end is
// filled in later. Unused room contains zeros, which mark the end of the history for a reader.
// Memory: maps the file; the destructor cuts it to the used size. Added operations keep their addresses.
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

inline constexpr size_t part_bytes_max = size_t{4} << 30;  // sparse: takes only as much disk space as is used

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
  // Records the end of an added operation.
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
