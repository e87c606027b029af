// EpollLoop: threads that sleep are woken, whoever posts, calls or sets a timer.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "net/epoll_loop.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

using std::chrono::milliseconds;

// So long that a test whose wake-up is lost does not end.
constexpr std::chrono::hours for_ever{1};

TEST(EpollLoop, SleepsUntilAllIdleLoopsWakeAndNoShorterThanAsked) {
  constexpr milliseconds asked{1000};
  const TimePoint whole(std::chrono::seconds(71));
  for (const int microseconds : {0, 1, 999, 1000, 400'000, 999'001, 999'999}) {
    const TimePoint now = whole + std::chrono::microseconds(microseconds);
    const milliseconds sleep = EpollLoop::IdleSleepFrom(now, asked);
    EXPECT_GE(sleep, asked) << microseconds;
    EXPECT_EQ(std::chrono::floor<milliseconds>(now + sleep), whole + 2 * asked) << microseconds;
  }
}

// Each post waits for the previous one, so that posts meet the loop in every state between awake and asleep.
TEST(EpollLoop, LosesNoneOfTwoThousandPostsThroughSleepAndWake) {
  RunningLoop loop(for_ever);
  for (int i = 0; i < 2000; ++i) {
    Latch ran;
    loop->Post([&ran] { ran.Set(); });
    ran.Wait();
    if (i % 20 == 0) loop.AwaitAsleep();
  }
}

TEST(EpollLoop, LosesNoPostAmongCallersThatComeAndGo) {
  RunningLoop loop(for_ever);
  std::atomic<bool> over{false};
  std::thread caller([&loop, &over] {
    while (!over) loop.Do([] {});
  });
  for (int i = 0; i < 2000; ++i) {
    Latch ran;
    loop->Post([&ran] { ran.Set(); });
    ran.Wait();
  }
  over = true;
  caller.join();
}

int SleepsOf(pid_t thread) {
  std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/status");
  for (std::string word; status >> word;) {
    int count = 0;
    if (word == "voluntary_ctxt_switches:" && status >> count) return count;
  }
  ADD_FAILURE() << "the kernel counts no sleeps";
  return 0;
}

TEST(EpollLoop, LetsItsOwnThreadNapWhileCallsComeAndGo) {
  const OnOneProcessor one;  // so that a caller has to wait while it wakes the thread
  RunningLoop loop(for_ever);
  pid_t own = 0;
  Latch ran;
  loop->Post([&] {
    own = gettid();
    ran.Set();
  });
  ran.Wait();
  const auto start = Clock::now();
  const int before = SleepsOf(own);
  while (Clock::now() < start + 100 * EpollLoop::nap) loop.Do([] {});
  const auto naps = (Clock::now() - start) / EpollLoop::nap;
  EXPECT_LE(SleepsOf(own) - before, 2 * naps) << "it was woken by calls, too";
}

TEST(EpollLoop, WakesACallerWhoseAnswerWasGivenByAnotherThread) {
  RunningLoop loop(for_ever);
  const std::atomic<pid_t> self{gettid()};
  Latch entered, caller_waits, answered;
  loop->Post([&] {  // runs on the own thread: nobody else drives yet
    entered.Set();
    caller_waits.Wait();
    loop->AssertHeld();
    loop->Complete([&] {
      AwaitEpoll(self);  // the caller drives, and has nothing to do
      answered.Set();
    });
  });
  entered.Wait();
  loop->RunAndAwait([&caller_waits] { caller_waits.Set(); }, answered);
}

TEST(EpollLoop, KeepsTimersOnTimeThatACallerSetWhileTheOwnThreadSlept) {
  RunningLoop loop(for_ever);
  loop.AwaitAsleep();
  Latch fired;
  TimePoint due;
  loop.Do([&] {
    loop->AssertHeld();
    due = loop->Now() + milliseconds(10);
    loop->At(due, [&fired] { fired.Set(); });
  });
  fired.Wait();
  EXPECT_GE(Clock::now(), due);
}

TEST(EpollLoop, RunsWhatACompletionPostedWhileTheOwnThreadSlept) {
  RunningLoop loop(for_ever);
  loop.AwaitAsleep();
  Latch posted, ran;
  const auto start = [&] {
    loop->Post([&] {
      loop->AssertHeld();
      loop->Complete([&] {  // runs in the caller, which has left the seat
        loop->Post([&ran] { ran.Set(); });
        posted.Set();
      });
    });
  };
  loop->RunAndAwait(start, posted);
  ran.Wait();
}

TEST(EpollLoop, WakesACallerWhoSleepsAsTheDriverForWhatIsPosted) {
  RunningLoop loop(for_ever);
  Latch drives, answered;
  std::atomic<pid_t> id{0};
  std::thread caller([&] {
    id = gettid();
    loop->RunAndAwait([&loop, &drives] { loop->Post([&drives] { drives.Set(); }); }, answered);
  });
  drives.Wait();
  AwaitEpoll(id);
  loop->Post([&] {
    loop->AssertHeld();
    loop->Complete([&answered] { answered.Set(); });
  });
  caller.join();
}

// A thread that was woken by the clock does not spin, but must still run the completions of a timer.
TEST(EpollLoop, RunsWhatATimerCompletesBeforeItSleepsAgain) {
  RunningLoop loop(for_ever);
  const auto complete_soon = [&loop](Latch& latch) {
    loop->Post([&loop, &latch] {
      loop->AssertHeld();
      loop->At(loop->Now() + milliseconds(5), [&loop, &latch] {
        loop->AssertHeld();
        loop->Complete([&latch] { latch.Set(); });
      });
    });
  };
  Latch by_a_caller, by_the_own_thread;
  loop->RunAndAwait([&] { complete_soon(by_a_caller); }, by_a_caller);
  by_a_caller.Wait();
  complete_soon(by_the_own_thread);
  by_the_own_thread.Wait();
}

}  // namespace
}  // namespace remote_dram::net
