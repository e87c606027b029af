// EpollLoop: tasks, callers, timers, completions and descriptors. Sleep and wake: epoll_loop_wake_test.cc.
#include "net/epoll_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <climits>
#include <numeric>

#include "base/descriptor.h"
#include "base/short_slice.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

using std::chrono::milliseconds;

TEST(EpollLoop, RunsTasksFromSeveralThreadsEachThreadsInOrder) {
  RunningLoop loop;
  constexpr int kThreads = 4, kTasks = 2000;
  std::vector<std::vector<int>> ran(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&loop, &mine = ran[t]] {
      for (int i = 0; i < kTasks; ++i) loop->Post([&mine, i] { mine.push_back(i); });
    });
  }
  for (std::thread& thread : threads) thread.join();
  loop.Do([] {});  // runs after everything that was posted before
  std::vector<int> expected(kTasks);
  std::iota(expected.begin(), expected.end(), 0);
  for (const std::vector<int>& one : ran) EXPECT_EQ(one, expected);
}

TEST(EpollLoop, NeverRunsATaskInsidePost) {
  RunningLoop loop;
  bool returned = false, ran_after = false;
  loop.Do([&] {
    loop->Post([&] { ran_after = returned; });
    EXPECT_FALSE(ran_after);
    returned = true;
  });
  loop.Do([] {});
  EXPECT_TRUE(ran_after);
}

TEST(EpollLoop, TakesShortSlicesOfItsOwnThread) {
  base::SchedAttr usual, own;
  if (!base::ReadSchedAttr(&usual) || usual.runtime == 0) GTEST_SKIP() << "this kernel tells of no slices (Linux 6.12)";
  RunningLoop loop;
  Latch read;
  loop->Post([&own, &read] {
    EXPECT_TRUE(base::ReadSchedAttr(&own));
    read.Set();
  });
  read.Wait();  // waiting on the latch does not drive the loop
  EXPECT_EQ(own.runtime, static_cast<uint64_t>(std::chrono::nanoseconds(base::short_slice).count()));
  EXPECT_NE(own.runtime, usual.runtime);
}

TEST(EpollLoop, LetsAWaitingCallerDrive) {
  EpollLoop loop;  // without a thread of its own
  const std::thread::id self = std::this_thread::get_id();
  std::thread::id ran_on;
  RunOn(loop, [&ran_on] { ran_on = std::this_thread::get_id(); });
  EXPECT_EQ(ran_on, self);
}

TEST(EpollLoop, ServesCallersFromSeveralThreads) {
  RunningLoop loop;
  int count = 0;  // guarded by the role
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&loop, &count] {
      for (int i = 0; i < 500; ++i) loop.Do([&loop, &count] {
        loop->AssertHeld();
        ++count;
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 2000);
}

TEST(EpollLoop, RunsACompletionWithoutTheRoleSoThatItMayMakeWaitingCalls) {
  RunningLoop loop;
  Latch done;
  std::vector<int> order;
  loop->Post([&loop, &done, &order] {
    loop->AssertHeld();
    loop->Complete([&loop, &done, &order] {
      loop.Do([&order] { order.push_back(2); });
      order.push_back(3);
      done.Set();
    });
    order.push_back(1);
  });
  done.Wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(EpollLoop, LetsACallerGoWhoseAnswerCameWhileAnotherOneDrives) {
  RunningLoop loop;
  Latch drives, slow_answer;
  std::thread slow([&] {
    loop->RunAndAwait([&loop, &drives] { loop->Post([&drives] { drives.Set(); }); }, slow_answer);
  });
  drives.Wait();
  for (int i = 0; i < 100; ++i) loop.Do([] {});  // returns although the other caller is still waiting
  loop->Post([&] {
    loop->AssertHeld();
    loop->Complete([&slow_answer] { slow_answer.Set(); });
  });
  slow.join();
}

TEST(EpollLoop, RunsTimersInTheOrderOfTheirTimes) {
  RunningLoop loop;
  std::vector<int> order;
  Latch last;
  loop.Do([&] {
    loop->AssertHeld();
    const TimePoint now = loop->Now();
    loop->At(now + milliseconds(6), [&] { order.push_back(3); last.Set(); });
    loop->At(now + milliseconds(2), [&] { order.push_back(1); });
    loop->At(now + milliseconds(4), [&] { order.push_back(2); });
    loop->At(now - milliseconds(1), [&] { order.push_back(0); });
  });
  last.Wait();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TEST(EpollLoop, CancelsTimersAndForgivesIdsThatHaveGone) {
  RunningLoop loop;
  bool cancelled_ran = false;
  uint64_t first = 0, second = 0;
  Latch ran;
  loop.Do([&] {
    loop->AssertHeld();
    first = loop->At(loop->Now() + milliseconds(1), [&cancelled_ran] { cancelled_ran = true; });
    second = loop->At(loop->Now() + milliseconds(2), [&ran] { ran.Set(); });
    loop->Cancel(first);
  });
  ran.Wait();
  EXPECT_NE(first, 0u);
  EXPECT_NE(second, first);
  loop.Do([&] {
    loop->AssertHeld();
    loop->Cancel(first);
    loop->Cancel(second);
    EXPECT_FALSE(cancelled_ran);
  });
}

// A source that never makes progress; counts how often it is asked.
class QuietSource final : public ProgressSource {
 public:
  bool Progress() override { return ++asked_, false; }
  bool Arm() override { return true; }
  int fd() const override { return event_.fd(); }
  int asked() const { return asked_; }

 private:
  const base::Descriptor event_{[] { return eventfd(0, EFD_CLOEXEC); }};
  int asked_ = 0;
};

TEST(EpollLoop, SleepsAgainAtOnceWhenOnlyTheClockWokeIt) {
  constexpr int kTimers = 20, kTurnsMax = 4;  // a spinning loop makes hundreds of turns
  RunningLoop loop;
  QuietSource source;
  Latch last;
  std::vector<int> asked;
  loop.Do([&] {
    loop->AssertHeld();
    loop->AddSource(&source);
    for (int i = 1; i <= kTimers; ++i) {
      loop->At(loop->Now() + i * milliseconds(3), [&] {
        asked.push_back(source.asked());
        if (asked.size() == kTimers) last.Set();
      });
    }
  });
  last.Wait();
  loop.Do([&] {
    loop->AssertHeld();
    loop->RemoveSource(&source);
  });
  int least = INT_MAX;
  for (int i = 1; i < kTimers; ++i) {
    if (asked[i] != asked[i - 1]) least = std::min(least, asked[i] - asked[i - 1]);  // skips timers that ran in the same turn
  }
  EXPECT_LE(least, kTurnsMax);
}

TEST(EpollLoop, WakesForADescriptorUntilItIsUnwatched) {
  RunningLoop loop;
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const base::Descriptor near([&ends] { return ends[0]; }), far([&ends] { return ends[1]; });
  std::atomic<int> ready{0};
  Latch seen;
  loop.Do([&] {
    loop->AssertHeld();
    loop->Watch(near.fd(), EPOLLIN, [&](uint32_t) {
      ++ready;
      loop->AssertHeld();
      loop->Unwatch(near.fd());  // inside the descriptor's own event
      seen.Set();
    });
  });
  ASSERT_EQ(write(far.fd(), "x", 1), 1);
  seen.Wait();
  loop.Do([] {});
  EXPECT_EQ(ready, 1);  // the byte is still unread, but no longer watched for
}

TEST(EpollLoop, RunsAtItsEndWhatWasPostedAndCompleted) {
  EpollLoop loop;
  std::vector<int> order;
  loop.Post([&loop, &order] {
    order.push_back(1);
    loop.Post([&order] { order.push_back(2); });
    loop.AssertHeld();
    loop.Complete([&order] { order.push_back(4); });
  });
  loop.RunLast([&order] { order.push_back(3); });
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4}));
}

// The completion would wait for ever if the tasks that it posted before had to wait for its end.
TEST(EpollLoop, RunsWhatACompletionPostedWhileThatCompletionWaits) {
  RunningLoop loop;
  Latch ended;
  std::vector<int> order;
  loop.Do([&] {
    loop->AssertHeld();
    loop->Complete([&] {
      loop->Post([&order] { order.push_back(1); });
      Latch waited_for;
      loop->RunAndAwait(
          [&] {
            loop->Post([&] {
              order.push_back(2);
              loop->AssertHeld();
              loop->Complete([&waited_for] { waited_for.Set(); });
            });
          },
          waited_for);
      waited_for.Wait();
      order.push_back(3);
      loop->Post([&] {
        order.push_back(4);
        ended.Set();
      });
    });
  });
  ended.Wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4}));
}

TEST(EpollLoop, DoesSoonWhatWasAskedByATaskOfACompletionAndOnlyThenCompletesMore) {
  RunningLoop loop;
  Latch ended;
  std::vector<int> order;
  const auto task = [&] {
    loop->AssertHeld();
    loop->Complete([&] {
      order.push_back(2);
      ended.Set();
    });
    loop->Soon([&order] { order.push_back(1); });
  };
  loop->Post([&] {
    loop->AssertHeld();
    loop->Complete([&] { loop->Post(task); });
  });
  ended.Wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(EpollLoop, RunsTimersBesideACompletionThatAlwaysPostsTheNext) {
  std::atomic<bool> over{false};
  std::function<void()> again;
  Latch fired;
  RunningLoop loop;
  again = [&] {
    loop->Post([&] {
      loop->AssertHeld();
      loop->Complete([&] {
        if (!over) again();
      });
    });
  };
  loop.Do([&] {
    loop->AssertHeld();
    loop->At(loop->Now() + milliseconds(1), [&fired] { fired.Set(); });
  });
  again();
  fired.Wait();
  over = true;
}

TEST(EpollLoop, RunsAtItsEndWhatTheCompletionPostedThatStoppedIt) {
  EpollLoop loop;
  std::vector<int> order;
  loop.Post([&] {
    loop.AssertHeld();
    loop.Complete([&] {
      loop.Post([&order] { order.push_back(1); });
      loop.Stop();
    });
  });
  std::thread(&EpollLoop::Run, &loop).join();
  loop.RunLast([&order] { order.push_back(2); });
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

using EpollLoopDeathTest = testing::Test;
TEST(EpollLoopDeathTest, NoticesWhoTouchesItWithoutTheRole) {
  EpollLoop loop;
  EXPECT_DEATH(loop.AssertHeld(), "check failed");
}

}  // namespace
}  // namespace remote_dram::net
