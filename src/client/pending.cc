// Pending: the slots and the queue of calls that wait for one.
#include "client/pending.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/planted_fault.h"
#include "remote_dram/limits.h"

namespace remote_dram::client {
namespace {

uint32_t SlotOf(uint64_t number) { return static_cast<uint32_t>(number); }
uint32_t UseOf(uint64_t number) { return static_cast<uint32_t>(number >> 32); }

}  // namespace

bool Pending::Admit(Call* call) {
  if (calls_.size() + waits_.size() >= requests_waiting_max) return false;
  call->order = ++admitted_;
  QueueOf(*call).push_back(call);
  return true;
}

std::deque<Call*>* Pending::NextQueue() {
  if (in_flight_ >= in_flight_max_) return nullptr;
  const bool wait_may_go = !waits_.empty() && waits_in_flight_ < std::max(in_flight_max_ / 2, 1u);
  if (wait_may_go && (calls_.empty() || waits_.front()->order < calls_.front()->order)) return &waits_;
  return calls_.empty() ? nullptr : &calls_;
}

Call* Pending::Next() {
  std::deque<Call*>* const queue = NextQueue();
  if (queue == nullptr) return nullptr;
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.answered = false;
  slot.call = queue->front();
  queue->pop_front();
  ++slot.uses;
  ++in_flight_;
  slot.waits = queue == &waits_;
  if (slot.waits) ++waits_in_flight_;
  slot.call->slot = uint64_t{slot.uses} << 32 | index;
  return slot.call;
}

Pending::Slot* Pending::Find(uint64_t number) {
  const uint32_t index = SlotOf(number);
  if (index >= slots_.size()) return nullptr;
  const bool late = slots_[index].uses != UseOf(number);
  return late && !base::Planted(base::PlantedFault::kLateReplyAccepted) ? nullptr : &slots_[index];
}

Call* Pending::Answer(uint64_t number) {
  Slot* const slot = Find(number);
  if (slot == nullptr || slot->answered) return nullptr;
  slot->answered = true;
  FreeIfDone(SlotOf(number));
  return slot->call;
}

void Pending::Forget(uint64_t number) {
  Slot* const slot = Find(number);
  RD_CHECK(slot != nullptr && slot->call != nullptr);
  slot->call = nullptr;
  FreeIfDone(SlotOf(number));
}

void Pending::FreeIfDone(uint32_t index) {
  if (slots_[index].call || !slots_[index].answered) return;
  free_.push_back(index);
  --in_flight_;
  if (slots_[index].waits) --waits_in_flight_;
}

void Pending::Requeue() {
  std::vector<Call*> again;
  for (uint32_t index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    const bool used = slot.call || !slot.answered;
    if (slot.call) {
      slot.call->slot = 0;
      slot.call->Retract();
      again.push_back(slot.call);
    }
    slot.call = nullptr;
    slot.answered = true;
    if (used) FreeIfDone(index);
  }
  std::sort(again.begin(), again.end(), [](const auto& a, const auto& b) { return a->order < b->order; });
  for (auto call = again.rbegin(); call != again.rend(); ++call) QueueOf(**call).push_front(*call);
}

void Pending::Drop(const Call& call) {
  std::erase_if(QueueOf(call), [&call](const Call* each) { return each == &call; });
}

std::vector<Call*> Pending::TakeAll() { return TakeExpired(net::TimePoint::max()); }

std::vector<Call*> Pending::TakeExpired(net::TimePoint now) {
  std::vector<Call*> expired;
  for (const Slot& slot : slots_) {
    if (slot.call && slot.call->deadline <= now) expired.push_back(slot.call);
  }
  TakeWaiting([now](const Call& call) { return call.deadline <= now; }, &expired);
  return expired;
}

std::vector<Call*> Pending::TakeSentMutations() {
  std::vector<Call*> taken;
  TakeWaiting([](const Call& call) { return call.mutates() && call.sent(); }, &taken);
  return taken;
}

template <typename Predicate>
void Pending::TakeWaiting(Predicate wanted, std::vector<Call*>* to) {
  const auto matches = [&wanted](const Call* call) { return wanted(*call); };
  for (std::deque<Call*>* const queue : {&calls_, &waits_}) {
    std::copy_if(queue->begin(), queue->end(), std::back_inserter(*to), matches);
    std::erase_if(*queue, matches);
  }
}

net::TimePoint Pending::NextDeadline() const {
  net::TimePoint next = net::TimePoint::max();
  for (const Slot& slot : slots_) {
    if (slot.call) next = std::min(next, slot.call->deadline);
  }
  for (const std::deque<Call*>* const queue : {&calls_, &waits_}) {
    for (const Call* call : *queue) next = std::min(next, call->deadline);
  }
  return next;
}

}  // namespace remote_dram::client
