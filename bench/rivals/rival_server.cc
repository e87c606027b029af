// The rivals' programs and arguments; starts and ends them.
#include "bench/rivals/rival_server.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "bench/child.h"
#include "bench/fail.h"
#include "bench/process.h"
#include "bench/socket.h"

namespace remote_dram::bench {
namespace {

// The places where Debian installs the servers; independent of PATH.
std::string ProgramOf(const std::string& rival) {
  return rival == "redis" ? "/usr/bin/redis-server" : "/usr/bin/memcached";
}

std::vector<std::string> Arguments(const std::string& rival, bool tcp, const std::string& place) {
  const std::string mebibytes = std::to_string(rival_memory_mebibytes);
  if (rival == "redis") {
    // Redis writes nothing to disk, and neither refuses nor evicts a value.
    std::vector<std::string> arguments{"--save", "", "--appendonly", "no", "--maxmemory", "0"};
    if (tcp) {
      arguments.insert(arguments.end(), {"--bind", "127.0.0.1", "--port", place});
    } else {
      arguments.insert(arguments.end(), {"--port", "0", "--unixsocket", place});
    }
    return arguments;
  }
  // As root, memcached requires -u; -I allows values of 128 MiB instead of 1 MiB; -M makes it refuse values, not evict.
  std::vector<std::string> arguments{"-u", "root", "-t", "1", "-m", mebibytes, "-I", "128m", "-M"};
  if (tcp) {
    arguments.insert(arguments.end(), {"-l", "127.0.0.1", "-p", place, "-U", "0"});
  } else {
    arguments.insert(arguments.end(), {"-s", place});
  }
  return arguments;
}

pid_t Start(const std::string& program, const std::vector<std::string>& arguments, const std::string& log) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  Require(pid >= 0, "a rival cannot be started");
  if (pid > 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_RDONLY);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(nothing, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execv(program.c_str(), argv.data());
  _exit(127);
}

}  // namespace

bool IsInstalled(const std::string& rival) { return access(ProgramOf(rival).c_str(), X_OK) == 0; }

void ServeRival(const std::string& rival, bool tcp) {
  const TemporaryFolder folder;
  const std::string place = tcp ? std::to_string(FreePort()) : folder / "socket";
  const std::string address = tcp ? place : "unix:" + place;
  const pid_t pid = Start(ProgramOf(rival), Arguments(rival, tcp, place), folder / "log");
  const auto deadline = std::chrono::steady_clock::now() + rival_start_time_max;
  while (!CanConnect(address)) {
    Require(waitpid(pid, nullptr, WNOHANG) == 0 && std::chrono::steady_clock::now() < deadline,
            rival + " does not start");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  TellParent(address);
  AwaitEndOfInput();
  kill(pid, SIGTERM);
  waitpid(pid, nullptr, 0);
}

}  // namespace remote_dram::bench
