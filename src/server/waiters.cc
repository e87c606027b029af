// Waiters: each has a watch in the store and a timer; whichever comes first cancels the other.
#include "server/waiters.h"

#include <utility>

#include "base/bytes.h"

namespace remote_dram::server {

// Leads from any thread to the loop while the Waiters exist. `waiters` is used only on the loop; `loop` is read by other
// threads, so it has a lock, and is null once the Waiters, and perhaps the loop, are gone.
struct Waiters::Mailbox {
  base::Mutex mutex;
  net::Loop* loop GUARDED_BY(mutex) = nullptr;
  Waiters* waiters = nullptr;  // the loop's role

  static void Post(const std::shared_ptr<Mailbox>& self, uint64_t number, const Result<StatResult>& answer) {
    base::MutexLock lock(self->mutex);
    if (self->loop == nullptr) return;
    self->loop->Post([self, number, answer] {
      if (self->waiters != nullptr) self->waiters->End(number, answer);
    });
  }
};

Waiters::Waiters(store::Store* store, net::Loop* loop)
    : store_(store), loop_(loop), mailbox_(std::make_shared<Mailbox>()) {
  base::MutexLock lock(mailbox_->mutex);
  mailbox_->loop = loop;
  mailbox_->waiters = this;
}

Waiters::~Waiters() {
  loop_->AssertHeld();
  mailbox_->waiters = nullptr;
  {
    base::MutexLock lock(mailbox_->mutex);
    mailbox_->loop = nullptr;
  }
  for (const auto& [number, waiter] : waiting_) {
    loop_->Cancel(waiter.timer);
    store_->Unwatch(waiter.key, waiter.watch);
  }
}

uint64_t Waiters::Add(std::string_view key, const Generation& while_generation, net::TimePoint deadline, Answer answer) {
  loop_->AssertHeld();
  const uint64_t number = ++last_number_;
  const Result<uint64_t> watch = store_->Watch(
      key, while_generation,
      [mailbox = mailbox_, number](const StatResult& now) { Mailbox::Post(mailbox, number, now); });
  const uint64_t timer = loop_->At(deadline, [this, number, name = base::Quoted(key)] {
    End(number, Status(StatusCode::kDeadlineExceeded, "wait " + name + ": it has not changed in that time"));
  });
  if (!watch.ok()) Mailbox::Post(mailbox_, number, watch.status());
  waiting_.emplace(number, Waiter{std::string(key), watch.ok() ? *watch : 0, timer, std::move(answer)});
  return number;
}

std::function<void(const Status&)> Waiters::Ender(uint64_t number) const {
  return [mailbox = mailbox_, number](const Status& why) { Mailbox::Post(mailbox, number, why); };
}

void Waiters::EndAll(const Status& why) {
  while (!waiting_.empty()) End(waiting_.begin()->first, why);
}

void Waiters::End(uint64_t number, const Result<StatResult>& answer) {
  loop_->AssertHeld();
  const auto found = waiting_.find(number);
  if (found == waiting_.end()) return;
  Waiter waiter = std::move(found->second);
  waiting_.erase(found);
  loop_->Cancel(waiter.timer);
  store_->Unwatch(waiter.key, waiter.watch);
  waiter.answer(answer);
}

}  // namespace remote_dram::server
