// DeathMark: a thread that holds a robust futex.
#include "base/death_mark.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <system_error>

namespace remote_dram::base {
namespace {

void Store(uint32_t* word, uint32_t value) { std::atomic_ref<uint32_t>(*word).store(value); }

}  // namespace

// The robust list of the thread, as the kernel walks it: from the head to the single futex that the thread holds, and
// back to the head.
struct DeathMark::KernelsList {
  robust_list_head head;
  robust_list held;

  void Link(uint32_t* word) {
    held.next = &head.list;
    head = {.list = {&held}, .futex_offset = reinterpret_cast<char*>(word) - reinterpret_cast<char*>(&held), .list_op_pending = nullptr};
  }
  void Unlink() { head.list.next = &head.list; }
};

Result<std::unique_ptr<DeathMark>> DeathMark::Make(uint32_t* word) {
  static std::atomic<bool> tried{false};
  if (!tried) {
    if (Status works = TryOut(); !works.ok()) return works;
    tried = true;
  }
  std::unique_ptr<DeathMark> mark(new DeathMark(word));
  if (Status held = mark->Hold(); !held.ok()) return held;
  return mark;
}

// Lets a thread end while it holds a word, and checks that the kernel has marked that word.
Status DeathMark::TryOut() {
  uint32_t word = 0;
  {
    DeathMark mark(&word);
    mark.gives_back_ = false;
    if (Status held = mark.Hold(); !held.ok()) return held;
  }
  if (word == FUTEX_OWNER_DIED) return Status();
  return Status(StatusCode::kUnimplemented, "the kernel does not mark the robust futexes of threads that end");
}

Status DeathMark::Hold() {
  void* const page = mmap(nullptr, sizeof *list_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (page == MAP_FAILED) return Status(StatusCode::kResourceExhausted, "no page for a death mark");
  list_ = static_cast<KernelsList*>(page);
  // Locked, both pages stay resident. Where the system refuses the lock, they are only likely to.
  (void)mlock(list_, sizeof *list_);
  (void)mlock(word_, sizeof *word_);
  try {
    thread_ = std::thread([this] { Run(); });
  } catch (const std::system_error&) {
    return Status(StatusCode::kResourceExhausted, "no thread for a death mark");
  }
  held_.Wait();
  return Status();
}

void DeathMark::Run() {
  list_->Link(word_);
  if (syscall(SYS_set_robust_list, &list_->head, sizeof list_->head) == 0) {
    Store(word_, static_cast<uint32_t>(syscall(SYS_gettid)));
  }
  held_.Set();
  told_.Wait();
  if (!gives_back_) return;
  list_->Unlink();
  Store(word_, 0);
}

DeathMark::~DeathMark() {
  told_.Set();
  if (thread_.joinable()) thread_.join();
  if (list_ != nullptr) munmap(list_, sizeof *list_);
}

}  // namespace remote_dram::base
