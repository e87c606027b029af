// MappedReader: the reads, and the replacement of what is mapped.
#include "client/mapped_reader.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "base/conditions.h"
#include "base/copy_bytes.h"
#include "base/planted_fault.h"
#include "base/validate.h"
#include "base/value_memory.h"
#include "client/mapped_seat.h"

namespace remote_dram::client {
namespace {

using State = wire::MappedFound::State;

// The owner of a view: keeps the block pinned and its segment mapped until the last handle on the value is gone.
struct ViewOwner {
  ViewOwner(std::shared_ptr<Hold> by, uint64_t* word) : hold(std::move(by)), pin(word) {}
  ViewOwner(const ViewOwner&) = delete;
  ViewOwner& operator=(const ViewOwner&) = delete;
  ~ViewOwner() {
    if (!hold->home.Here()) {  // in a forked child: the pin belongs to the parent, and the memory is not mapped
      base::Abandon(std::move(hold));
      base::Abandon(std::move(memory));
      return;
    }
    if (pin == nullptr) return;
    wire::ClearPin(pin);
    hold->pins->GiveView(pin, bytes);
  }

  std::shared_ptr<Hold> hold;
  uint64_t* pin;
  uint64_t bytes = 0;
  std::shared_ptr<const base::SealedMemory> memory;
};

}  // namespace

bool Attachment::ServerIsThere() const {
  if (base::Planted(base::PlantedFault::kServersDeathOverlooked)) return true;
  std::atomic_thread_fence(std::memory_order_acquire);  // all earlier reads happen before the two loads below
  return !pins().ended() && index.ServerLives();
}

Mapped::Mapped(std::shared_ptr<Attachment> of, const Segments& segments) : attachment(std::move(of)) {
  slots_.resize(std::bit_ceil(2 * segments.size() + 1));
  for (const auto& segment : segments) {
    size_t at = segment.first & (slots_.size() - 1);
    while (slots_[at].second) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = segment;
  }
}

const std::shared_ptr<const base::SealedMemory>& Mapped::Find(uint32_t segment) const {
  size_t at = segment & (slots_.size() - 1);
  while (slots_[at].second && slots_[at].first != segment) at = (at + 1) & (slots_.size() - 1);
  return slots_[at].second;
}

wire::MappedFound MappedReader::Find(const Mapped& mapped, std::string_view key, uint64_t* pin) {
  const wire::MappedFound found = mapped.attachment->index.Find(key, mapped, pin);
  if (found.state == State::kUnmapped) want_(found.segment);
  return found;
}

MappedRead MappedReader::Get(std::string_view key, const GetOptions& options, GetResult* result) {
  if (key.size() > key_bytes_max || !IsPlain(options) || !base::CheckByteRange(options.range).ok()) return MappedRead::kAskServer;
  return InALane([&](const Mapped& mapped, uint64_t* pin) {
    const bool wants_view = options.view && options.into.data == nullptr;
    if (wants_view && View(mapped, key, options, result) == MappedRead::kAnswered) return MappedRead::kAnswered;
    return WhilePinned(mapped, key, pin, [&](const wire::MappedFound& found) {
      return Fill(mapped, options, nullptr, found, result);
    });
  });
}

MappedRead MappedReader::Judge(const Mapped& mapped, const wire::MappedFound& found, const Generation& if_generation,
                               const Generation& if_not_generation, GetResult* result) {
  result->sequence = found.sequence;
  if (found.state == State::kMissing) {
    result->state = ReadState::kMissing;
    result->generation = Generation::Missing();
    return MappedRead::kAnswered;
  }
  if (found.state != State::kFound) return MappedRead::kAskServer;
  result->generation = Generation::Value(mapped.attachment->index.incarnation(), found.version);
  result->value_bytes = found.value.size();
  const bool may = base::ReadMayProceed(if_generation, if_not_generation, result->generation);
  result->state = may ? ReadState::kValue : ReadState::kConditionFailed;
  return MappedRead::kAnswered;
}

// Fills in the result. The value is a copy, or, if `owner` keeps the block pinned, a view of it.
MappedRead MappedReader::Fill(const Mapped& mapped, const GetOptions& options, const std::shared_ptr<const void>& owner,
                              const wire::MappedFound& found, GetResult* result) {
  const MappedRead judged = Judge(mapped, found, options.if_generation, options.if_not_generation, result);
  if (judged == MappedRead::kAskServer || result->state != ReadState::kValue) return judged;
  const Result<base::ResolvedRange> range = base::ResolveRange(options.range, found.value.size());
  if (!range.ok()) return MappedRead::kAskServer;
  const std::string_view bytes = found.value.substr(range->offset, range->size);
  if (owner != nullptr) {
    result->value = Value(owner, bytes);
    return MappedRead::kAnswered;
  }
  if (options.into.data != nullptr) {
    if (bytes.size() > options.into.size) return MappedRead::kAskServer;
    base::CopyForReader(options.into.data, bytes);
    result->value = Value(nullptr, {options.into.data, bytes.size()});
    return MappedRead::kAnswered;
  }
  std::shared_ptr<char> memory = base::AllocateValue(bytes.size());
  if (memory == nullptr) return MappedRead::kAskServer;
  base::CopyForReader(memory.get(), bytes);
  result->value = Value(memory, {memory.get(), bytes.size()});
  return MappedRead::kAnswered;
}

// Tries to answer with a view. kAskServer: no view is possible, but a copy may be.
MappedRead MappedReader::View(const Mapped& mapped, std::string_view key, const GetOptions& options, GetResult* result) {
  PinPage& pins = mapped.attachment->pins();
  auto owner = std::make_shared<ViewOwner>(mapped.attachment->hold, pins.TakeView());
  if (owner->pin == nullptr) return MappedRead::kAskServer;
  const wire::MappedFound found = Find(mapped, key, owner->pin);
  if (found.state == State::kFound) {
    if (found.key != key) return MappedRead::kAskServer;
    const uint64_t limit = std::min(options.view_bytes_max, pinned_bytes_max);
    if (found.value.size() < options.view_bytes_min || !pins.Charge(found.value.size(), limit)) return MappedRead::kAskServer;
    owner->bytes = found.value.size();
    owner->memory = mapped.Find(found.segment);
  }
  GetResult answer;
  if (Fill(mapped, options, owner, found, &answer) == MappedRead::kAskServer) return MappedRead::kAskServer;
  *result = std::move(answer);
  return MappedRead::kAnswered;
}

MappedRead MappedReader::Stat(std::string_view key, const StatOptions& options, StatResult* result) {
  if (key.size() > key_bytes_max || !IsPlain(options)) return MappedRead::kAskServer;
  return InALane([&](const Mapped& mapped, uint64_t* pin) {
    return WhilePinned(mapped, key, pin, [&](const wire::MappedFound& found) {
      const bool exists = found.state == State::kFound;
      if (!exists && found.state != State::kMissing) return MappedRead::kAskServer;
      const Generation generation = Generation::Value(mapped.attachment->index.incarnation(), found.version);
      *result = {exists, exists ? generation : Generation::Missing(), found.value.size(), found.sequence};
      return MappedRead::kAnswered;
    });
  });
}

void MappedReader::Publish(std::shared_ptr<const Mapped> mapped) {
  mapped_.store(mapped.get());
  Old old{std::exchange(current_, std::move(mapped)), {}};
  for (uint32_t i = 0; i < readers_max; ++i) {
    const uint64_t turn = lanes_[i].turn.load();
    if (turn % 2 != 0) old.users.emplace_back(i, turn);
  }
  old_.push_back(std::move(old));
}

bool MappedReader::Sweep() {
  std::erase_if(old_, [this](Old& old) {
    std::erase_if(old.users, [this](const auto& user) { return lanes_[user.first].turn.load() != user.second; });
    return old.users.empty();
  });
  return !old_.empty();
}

}  // namespace remote_dram::client
