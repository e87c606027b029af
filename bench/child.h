// Child: a child process that runs this program in another role, or another program; parent and child exchange lines.
//
// The child prints a line when it is ready and ends when its standard input does, so no child outlives the bench,
// however the bench ends.
// Memory: a Child owns its pipes and its process, which is gone when the destructor returns.
// Threads: one. Failure: Fail.
// Limits: end_time_max, after which a child that does not end is killed.
#ifndef REMOTE_DRAM_BENCH_CHILD_H_
#define REMOTE_DRAM_BENCH_CHILD_H_

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace remote_dram::bench {

class Child {
 public:
  static constexpr std::chrono::milliseconds end_time_max{5000};

  // Starts `PROGRAM ARGUMENTS...` (by default this program) and waits for its first line.
  explicit Child(const std::vector<std::string>& arguments, const std::string& program = "/proc/self/exe");
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& line() const { return line_; }
  void Tell(const std::string& line);
  std::string Hear();  // the child's next line

 private:
  pid_t pid_ = -1;
  int to_child_ = -1;
  int from_child_ = -1;
  std::string line_;
};

// The child's side.
void TellParent(const std::string& line);
std::string HearParent();  // the next line; empty at the end of the input
void AwaitEndOfInput();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_CHILD_H_
