// What the kernel says of a process and of this machine, and pinning.
//
// Memory: plain values, but for TemporaryFolder. Threads: any. Failure: Fail; of the machine, "unknown".
#ifndef REMOTE_DRAM_BENCH_PROCESS_H_
#define REMOTE_DRAM_BENCH_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace remote_dram::bench {

// Servers and clients have a core each, if the machine has two.
inline constexpr int kServerCpu = 0;
inline constexpr int kClientCpu = 1;

// This thread and those that it starts from now on; nothing on a machine of one core.
void PinTo(int cpu);

std::chrono::nanoseconds CpuTime(pid_t process);
uint64_t Sleeps(pid_t process);  // how often its threads gave the processor up to wait
uint64_t ResidentBytes(pid_t process);
uint64_t ResidentBytesMax(pid_t process);  // since it began, or since this:
void ForgetResidentBytesMax(pid_t process);

// A folder of this process's own below /tmp, for sockets; gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct Machine {
  std::string cpu;
  int cores = 0;
  std::string memory;
  std::string kernel;
  std::string huge_pages;  // "always", "madvise" or "never"
};
Machine ThisMachine();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_PROCESS_H_
