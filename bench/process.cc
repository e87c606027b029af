// Reads /proc and the processes' CPU clocks.
#include "bench/process.h"

#include <sched.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "bench/fail.h"

namespace remote_dram::bench {
namespace {

// The value of a line "NAME<blanks>: VALUE" in a file; empty if there is no such line or no value.
std::string Field(const std::string& file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(':');
    if (line.compare(0, name.size(), name) != 0 || colon == std::string::npos) continue;
    const size_t value = line.find_first_not_of(" \t", colon + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "";
}

// The chosen one of the kernel's choices in a file such as "always [madvise] never".
std::string Chosen(const std::string& file) {
  std::string choices;
  std::getline(std::ifstream(file), choices);
  const size_t open = choices.find('['), close = choices.find(']');
  return close == std::string::npos ? "unknown" : choices.substr(open + 1, close - open - 1);
}

uint64_t StatusBytes(pid_t process, const std::string& name) {
  const std::string text = Field("/proc/" + std::to_string(process) + "/status", name);
  Require(!text.empty(), "process " + std::to_string(process) + " is gone");
  return std::stoull(text) * 1024;  // "1234 kB"
}

}  // namespace

void PinTo(int cpu) {
  if (std::thread::hardware_concurrency() < 2) return;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  Require(sched_setaffinity(0, sizeof cpus, &cpus) == 0, "cannot be pinned to cpu " + std::to_string(cpu));
}

std::chrono::nanoseconds CpuTime(pid_t process) {
  clockid_t clock;
  timespec time{};
  Require(clock_getcpuclockid(process, &clock) == 0 && clock_gettime(clock, &time) == 0,
          "process " + std::to_string(process) + " has no clock");
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

uint64_t Sleeps(pid_t process) {
  uint64_t sleeps = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
    const std::string text = Field(task.path() / "status", "voluntary_ctxt_switches");
    if (!text.empty()) sleeps += std::stoull(text);
  }
  return sleeps;
}

uint64_t ResidentBytes(pid_t process) { return StatusBytes(process, "VmRSS"); }

uint64_t ResidentBytesMax(pid_t process) { return StatusBytes(process, "VmHWM"); }

void ForgetResidentBytesMax(pid_t process) {
  std::ofstream file("/proc/" + std::to_string(process) + "/clear_refs");
  file << "5" << std::flush;  // 5 resets VmHWM, see proc(5)
  Require(file.good(), "the maximum of process " + std::to_string(process) + " cannot be reset");
}

TemporaryFolder::TemporaryFolder() : path_("/tmp/remote_dram_bench.XXXXXX") {
  Require(mkdtemp(path_.data()) != nullptr, "there is no room in /tmp");
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Machine ThisMachine() {
  Machine machine;
  machine.cores = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  if (const std::string cpu = Field("/proc/cpuinfo", "model name"); !cpu.empty()) machine.cpu = cpu;
  if (const std::string kib = Field("/proc/meminfo", "MemTotal"); !kib.empty()) {
    machine.memory = std::to_string(std::stoull(kib) >> 20) + " GiB";
  }
  utsname names{};
  if (uname(&names) == 0) machine.kernel = std::string(names.sysname) + " " + names.release;
  machine.huge_pages = Chosen("/sys/kernel/mm/transparent_hugepage/enabled");
  machine.shared_huge_pages = Chosen("/sys/kernel/mm/transparent_hugepage/shmem_enabled");
  std::string control;
  std::getline(std::ifstream("/proc/sys/net/ipv4/tcp_congestion_control"), control);
  if (!control.empty()) machine.tcp_congestion_control = control;
  return machine;
}

}  // namespace remote_dram::bench
