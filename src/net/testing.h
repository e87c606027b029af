// A loop with its own thread, for tests: made, used from other threads, and ended at the end of the test.
//
// Memory: owns the loop. Threads: Do from any but the loop's. Failure: as expectations of the test.
#ifndef REMOTE_DRAM_NET_TESTING_H_
#define REMOTE_DRAM_NET_TESTING_H_

#include <gtest/gtest.h>

#include <thread>

#include "net/epoll_loop.h"

namespace remote_dram::net {

class RunningLoop {
 public:
  RunningLoop() : thread_([this] { loop_.Run(); }) {}
  ~RunningLoop() {
    loop_.Stop();
    thread_.join();
    loop_.RunLast([] {});
  }

  EpollLoop& get() { return loop_; }
  EpollLoop* operator->() { return &loop_; }
  // Runs the function with the loop's role, and waits for it.
  void Do(const std::function<void()>& function) { RunOn(loop_, function); }

 private:
  EpollLoop loop_;
  std::thread thread_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_TESTING_H_
