// Figures from the kernel about a process and about this machine; pinning threads; temporary folders.
//
// Memory: plain values, except TemporaryFolder. Threads: any. Failure: Fail; an unknown fact about the machine is "unknown".
#ifndef REMOTE_DRAM_BENCH_PROCESS_H_
#define REMOTE_DRAM_BENCH_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace remote_dram::bench {

// If the machine has two cores, servers run on one and clients on the other.
inline constexpr int kServerCpu = 0;
inline constexpr int kClientCpu = 1;

// Pins this thread, and those that it starts from now on, to a cpu. Does nothing on a machine with one core.
void PinTo(int cpu);

std::chrono::nanoseconds CpuTime(pid_t process);
uint64_t Sleeps(pid_t process);  // voluntary context switches of its threads: how often they slept to wait
uint64_t ResidentBytes(pid_t process);
uint64_t ResidentBytesMax(pid_t process);  // since the process began, or since ForgetResidentBytesMax
void ForgetResidentBytesMax(pid_t process);

// A private folder in /tmp, for sockets; the destructor removes it.
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
  std::string cpu = "unknown";
  int cores = 0;
  std::string memory = "unknown";
  std::string kernel = "unknown";
  std::string huge_pages;                          // "always", "madvise" or "never"
  std::string shared_huge_pages;                   // of shared memory, such as "advise" or "never"
  std::string tcp_congestion_control = "unknown";  // such as "cubic"
};
Machine ThisMachine();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_PROCESS_H_
