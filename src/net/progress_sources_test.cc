// ProgressSources in a running loop: a sleeping thread misses no source, whichever thread armed it, and however long the source moved
// without a sleep before.
#include "net/progress_sources.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>

#include "base/descriptor.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

// Has progress to make at the moment at which a caller arms it. The same moment ends the call, so the caller leaves without asking
// for that progress.
class SourceThatACallerArms final : public ProgressSource {
 public:
  bool Progress() override {
    if (happened_ && std::this_thread::get_id() != caller_.load()) seen.Set();
    return false;
  }
  bool Arm() override {
    const bool by_caller = std::this_thread::get_id() == caller_.load();
    if (!by_caller) own_thread_rests.Set();
    if (!by_caller || happened_) return !happened_;
    happened_ = true;
    answered.Set();
    return false;
  }
  int fd() const override { return event_.fd(); }
  void CalledHere() { caller_ = std::this_thread::get_id(); }

  Latch own_thread_rests, answered, seen;

 private:
  const base::Descriptor event_{[] { return eventfd(0, EFD_CLOEXEC); }};
  std::atomic<std::thread::id> caller_{};
  std::atomic<bool> happened_{false};
};

// Makes progress whenever it is asked, until Rest; from then on only its descriptor shows progress.
class SourceThatMoves final : public ProgressSource {
 public:
  bool Progress() override {
    if (!may_rest_.load()) return true;
    if (told_.load()) seen.Set();
    return false;
  }
  bool Arm() override {
    armed.Set();
    return true;
  }
  int fd() const override { return event_.fd(); }
  void OnReady() override { found_ready.Set(); }
  void Move() { may_rest_ = false; }
  void Rest() { may_rest_ = true; }
  void Tell() {
    told_ = true;
    ASSERT_EQ(eventfd_write(event_.fd(), 1), 0);
  }

  Latch armed, seen, found_ready;

 private:
  const base::Descriptor event_{[] { return eventfd(0, EFD_CLOEXEC); }};
  std::atomic<bool> may_rest_{false}, told_{false};
};

// Waits until the loop has taken a source that keeps moving out of its epoll set.
void AwaitManyTurns() {
  const TimePoint begin = Clock::now();
  while (Clock::now() - begin < 5 * ProgressSources::watched_lively_max) std::this_thread::yield();
}

void Add(RunningLoop& loop, ProgressSource& source) {
  loop.Do([&] {
    loop->AssertHeld();
    loop->AddSource(&source);
  });
}

void Remove(RunningLoop& loop, ProgressSource& source) {
  loop.Do([&] {
    loop->AssertHeld();
    loop->RemoveSource(&source);
  });
}

void LetACallerDriveForManyTurns(RunningLoop& loop, const std::function<void()>& start) {
  Latch over;
  const std::jthread caller([&] { loop->RunAndAwait(start, over); });
  AwaitManyTurns();
  over.Set();
}

// The loop asks the source because its descriptor became readable, and not because a sleep ended.
void ExpectThatTellingWakes(SourceThatMoves& source) {
  const TimePoint begin = Clock::now();
  source.Tell();
  source.seen.Wait();
  EXPECT_LT(Clock::now() - begin, EpollLoop::idle_sleep_min / 2);
}

void ExpectThatASourceWakesAfterItMovedForLong() {
  RunningLoop loop;
  SourceThatMoves source;
  Add(loop, source);
  AwaitManyTurns();
  source.Rest();
  source.armed.Wait();
  ExpectThatTellingWakes(source);
  Remove(loop, source);
}

TEST(ProgressSources, WakesTheOwnThreadAfterItMovedForLong) { ExpectThatASourceWakesAfterItMovedForLong(); }

TEST(ProgressSources, WakesTheOwnThreadThatSleptEarlyBecauseAnotherWantedTheProcessor) {
  const OnOneProcessor here;
  std::atomic<bool> over{false};
  std::thread other([&over] {
    while (!over) {
    }
  });
  for (int i = 0; i < 10; ++i) ExpectThatASourceWakesAfterItMovedForLong();
  over = true;
  other.join();
}

TEST(ProgressSources, WakesACallerAfterItMovedForLongUnderTheOwnThread) {
  RunningLoop loop;
  SourceThatMoves source;
  Add(loop, source);
  AwaitManyTurns();
  std::jthread telling([&] {
    source.armed.Wait();
    source.Tell();
  });
  const TimePoint begin = Clock::now();
  loop->RunAndAwait([&] { source.Rest(); }, source.seen);
  EXPECT_LT(Clock::now() - begin, EpollLoop::idle_sleep_min / 2);
  Remove(loop, source);
}

TEST(ProgressSources, WakesTheOwnThreadThatSleptWhileItMovedForLongUnderACaller) {
  RunningLoop loop;
  SourceThatMoves source;
  source.Rest();
  Add(loop, source);
  source.armed.Wait();
  LetACallerDriveForManyTurns(loop, [&] { source.Move(); });
  source.Rest();
  ExpectThatTellingWakes(source);
  Remove(loop, source);
}

TEST(ProgressSources, WakesTheOwnThreadAfterItMovedForLongUnderACallerWhileThatOneWasAwake) {
  RunningLoop loop;
  SourceThatMoves source;
  Add(loop, source);
  LetACallerDriveForManyTurns(loop, [] {});
  source.Rest();
  source.armed.Wait();
  ExpectThatTellingWakes(source);
  Remove(loop, source);
}

TEST(ProgressSources, IsFoundReadyOnceItRestsThoughAnotherKeepsTheLoopAwake) {
  RunningLoop loop;
  SourceThatMoves busy, rests;
  Add(loop, busy);
  Add(loop, rests);
  AwaitManyTurns();
  rests.Rest();
  rests.Tell();
  rests.found_ready.Wait();
  Remove(loop, rests);
  Remove(loop, busy);
}

TEST(ProgressSources, GoesWhileItIsOutOfTheEpollSet) {
  RunningLoop loop;
  SourceThatMoves source;
  Add(loop, source);
  AwaitManyTurns();
  Remove(loop, source);
  AwaitManyTurns();
}

TEST(ProgressSources, IsLookedAtByTheOwnThreadAfterACallerArmedIt) {
  RunningLoop loop;
  SourceThatACallerArms source;
  Add(loop, source);
  source.own_thread_rests.Wait();
  source.CalledHere();
  const TimePoint begin = Clock::now();
  loop->RunAndAwait([] {}, source.answered);
  source.seen.Wait();
  EXPECT_LT(Clock::now() - begin, EpollLoop::idle_sleep_min / 2);
  Remove(loop, source);
}

}  // namespace
}  // namespace remote_dram::net
