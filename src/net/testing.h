// For tests: a loop with its own thread, receivers for the events of a link and for the messages of a network, temporary
// limits on descriptors and processors, and whether a page is in memory.
//
// Memory: RunningLoop owns its loop. Threads: Do from any but the loop's. Failure: expectations of the test fail.
#ifndef REMOTE_DRAM_NET_TESTING_H_
#define REMOTE_DRAM_NET_TESTING_H_

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "net/control.h"
#include "net/epoll_loop.h"
#include "net/fabric.h"

namespace remote_dram::net {

// Records the events of a link: the newest frame, and how the link ended. Read a field only after its latch is set.
class LinkEvents final : public ControlEvents {
 public:
  void OnFrame(std::string_view bytes) override {
    frame = bytes;
    arrived.Set();
  }
  void OnClosed(LinkEnd how, const Status& why) override {
    end = how;
    reason = why;
    closed.Set();
  }

  std::string frame;
  LinkEnd end{};
  Status reason;
  Latch arrived, closed;
};

// The sink of a network in a test without messages.
class NoMessages final : public MessageSink {
  void OnMessage(Arrival&) override {}
};

// While it exists, no descriptor can be opened. (UndefinedBehaviorSanitizer opens some to examine memory.)
class NoDescriptorsLeft {
 public:
  NoDescriptorsLeft() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    const rlimit none{0, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptorsLeft() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0); }

 private:
  rlimit before_{};
};

// Whether the page that begins there is in memory.
inline bool IsInMemory(char* page) {
  unsigned char there = 0;
  EXPECT_EQ(mincore(page, 1, &there), 0);
  return (there & 1) != 0;
}

// While it exists, this thread and those that it starts stay on the processor on which it was made.
class OnOneProcessor {
 public:
  OnOneProcessor() {
    EXPECT_EQ(sched_getaffinity(0, sizeof before_, &before_), 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    EXPECT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  }
  ~OnOneProcessor() { EXPECT_EQ(sched_setaffinity(0, sizeof before_, &before_), 0); }

 private:
  cpu_set_t before_;
};

// Waits until the thread of this process sleeps in epoll_wait. Of a thread that runs, the kernel tells no system call.
inline void AwaitEpoll(const std::atomic<pid_t>& thread) {
  for (long call = -1; call != SYS_epoll_wait && call != SYS_epoll_pwait;) {
    std::this_thread::yield();
    call = -1;
    std::ifstream("/proc/self/task/" + std::to_string(thread) + "/syscall") >> call;
  }
}

class RunningLoop {
 public:
  explicit RunningLoop(std::chrono::milliseconds idle_sleep = EpollLoop::idle_sleep_min)
      : loop_(idle_sleep), thread_([this] {
          id_ = gettid();
          loop_.Run();
        }) {}
  ~RunningLoop() {
    loop_.Stop();
    thread_.join();
    loop_.RunLast([] {});
  }

  EpollLoop& get() { return loop_; }
  EpollLoop* operator->() { return &loop_; }
  void AwaitAsleep() const { AwaitEpoll(id_); }
  // Runs the function with the loop's role, and waits for it.
  void Do(const std::function<void()>& function) { RunOn(loop_, function); }

 private:
  EpollLoop loop_;
  std::atomic<pid_t> id_{0};
  std::thread thread_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_TESTING_H_
