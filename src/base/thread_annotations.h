// Clang's thread-safety annotations, a mutex that carries them, and a role for "runs on the loop".
//
// The macros have the names that the Clang documentation uses ("Thread Safety Analysis"). For other compilers they
// expand to nothing.
// Threads: Mutex is an ordinary mutex. The thread that currently drives a loop holds its LoopRole. The role has no state;
// Loop checks at run time that only one thread holds it.
#ifndef REMOTE_DRAM_BASE_THREAD_ANNOTATIONS_H_
#define REMOTE_DRAM_BASE_THREAD_ANNOTATIONS_H_

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define RD_ANNOTATION(x) __attribute__((x))
#else
#define RD_ANNOTATION(x)
#endif

#define CAPABILITY(name) RD_ANNOTATION(capability(name))
#define SCOPED_CAPABILITY RD_ANNOTATION(scoped_lockable)
#define GUARDED_BY(x) RD_ANNOTATION(guarded_by(x))
#define REQUIRES(...) RD_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) RD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) RD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) RD_ANNOTATION(release_capability(__VA_ARGS__))
#define ASSERT_CAPABILITY(x) RD_ANNOTATION(assert_capability(x))
#define NO_THREAD_SAFETY_ANALYSIS RD_ANNOTATION(no_thread_safety_analysis)

namespace remote_dram::base {

class CAPABILITY("mutex") Mutex {
 public:
  void Lock() ACQUIRE() { mutex_.lock(); }
  void Unlock() RELEASE() { mutex_.unlock(); }

  // Names that std::condition_variable_any needs.
  void lock() ACQUIRE() { Lock(); }
  void unlock() RELEASE() { Unlock(); }

 private:
  std::mutex mutex_;
};

class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

class CondVar {
 public:
  void Wait(Mutex& mutex) REQUIRES(mutex) { changed_.wait(mutex); }
  template <typename Duration>
  void WaitFor(Mutex& mutex, Duration duration) REQUIRES(mutex) {
    changed_.wait_for(mutex, duration);
  }
  void NotifyOne() { changed_.notify_one(); }
  void NotifyAll() { changed_.notify_all(); }

 private:
  std::condition_variable_any changed_;
};

class CAPABILITY("role") LoopRole {};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_THREAD_ANNOTATIONS_H_
