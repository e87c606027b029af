// Starts and ends a child, and exchanges lines with it, on both sides.
#include "bench/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <thread>

#include "bench/fail.h"

namespace remote_dram::bench {
namespace {

std::string ReadLine(int fd) {
  std::string line;
  for (char c; read(fd, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

void WriteLine(int fd, std::string line) {
  line += '\n';
  Require(write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()), "a pipe broke");
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const std::string& program) {
  int input[2], output[2];
  Require(pipe2(input, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0, "no more descriptors");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int error = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  Require(error == 0, std::string("a child cannot be started: ") + std::strerror(error));
  close(input[0]);
  close(output[1]);
  to_child_ = input[1];
  from_child_ = output[0];
  line_ = ReadLine(from_child_);
  Require(!line_.empty(), "a child ended before it was ready: " + arguments.front() + " " + arguments.back());
}

Child::~Child() {
  close(to_child_);
  const auto deadline = std::chrono::steady_clock::now() + end_time_max;
  while (waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  close(from_child_);
}

void Child::Tell(const std::string& line) { WriteLine(to_child_, line); }

std::string Child::Hear() {
  std::string line = ReadLine(from_child_);
  Require(!line.empty(), "a child ended in the middle of its work");
  return line;
}

void TellParent(const std::string& line) { WriteLine(STDOUT_FILENO, line); }

std::string HearParent() { return ReadLine(STDIN_FILENO); }

void AwaitEndOfInput() {
  for (char ignored; read(STDIN_FILENO, &ignored, 1) == 1;) {
  }
}

}  // namespace remote_dram::bench
