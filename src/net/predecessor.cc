// Predecessor: identifies a process by a mark, and waits for its end with a pidfd.
#include "net/predecessor.h"

#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "base/descriptor.h"
#include "base/planted_fault.h"

namespace remote_dram::net {
namespace {

// The start time of a process, in ticks since boot. PID and start time together identify a process in its PID namespace.
// Empty: there is no such process.
std::string StartOf(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const size_t name_end = text.rfind(')');  // the last one, because the name may contain any characters
  if (name_end == std::string::npos) return "";
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  return field;
}

std::string PidNamespace() {
  struct stat found{};
  return stat("/proc/self/ns/pid", &found) == 0 ? std::to_string(found.st_ino) : "";
}

}  // namespace

std::string MarkOfThisProcess() {
  const std::string pid = std::to_string(getpid());
  return pid + " " + StartOf(pid) + " " + PidNamespace() + "\n";
}

Status AwaitEnd(const std::string& mark) {
  if (base::Planted(base::PlantedFault::kSuccessorTooEarly)) return Status();
  std::istringstream fields(mark);
  pid_t pid = 0;
  std::string start, space;
  if (!(fields >> pid >> start >> space) || pid <= 0 || pid == getpid() || space != PidNamespace()) return Status();
  const base::Descriptor process([pid] { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); });
  if (!process.valid() || StartOf(std::to_string(pid)) != start) return Status();  // it has ended
  pollfd end{process.fd(), POLLIN, 0};
  if (poll(&end, 1, static_cast<int>(predecessor_max.count())) > 0) return Status();
  return Status(StatusCode::kUnavailable, "process " + std::to_string(pid) + ", which served there before, has not ended");
}

}  // namespace remote_dram::net
