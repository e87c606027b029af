// EpollLoop's sources: what one thread took in arming them, another that sleeps in the same epoll must not wait for.
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/descriptor.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

// Something happens at the moment at which a caller arms it; the call is over then, so he leaves without looking.
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

TEST(EpollLoopSource, IsLookedAtByTheOwnThreadAfterACallerArmedIt) {
  RunningLoop loop;
  SourceThatACallerArms source;
  loop->Post([&] {
    loop->AssertHeld();
    loop->AddSource(&source);
  });
  source.own_thread_rests.Wait();
  source.CalledHere();
  const TimePoint begin = Clock::now();
  loop->RunAndAwait([] {}, source.answered);
  source.seen.Wait();
  EXPECT_LT(Clock::now() - begin, EpollLoop::idle_sleep_max / 2);
  loop.Do([&] {
    loop->AssertHeld();
    loop->RemoveSource(&source);
  });
}

}  // namespace
}  // namespace remote_dram::net
