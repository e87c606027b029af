// Mapping: checks the client's proof, hands out memory, and looks after both sides at each tick.
#include "server/mapping.h"

#include <fcntl.h>

#include <algorithm>
#include <string>
#include <vector>

#include "net/ring_pair.h"

namespace remote_dram::server {
namespace {

constexpr size_t segments_at_once_max = 64;  // sent unasked; each one, like the index, goes with a descriptor
static_assert(segments_at_once_max + 1 < net::control_unsent_descriptors_max);

}  // namespace

Mapping::~Mapping() {
  loop_->AssertHeld();
  if (timer_ != 0) loop_->Cancel(timer_);
  if (page_ == 0) return;
  shared_->mapping.fetch_sub(1, std::memory_order_relaxed);
  arena().pins().Remove(page_);
  arena().Reclaim();
}

Status Mapping::Begin(std::string_view map_bytes) {
  wire::Map map;
  std::string_view tail;
  if (const char* fault = wire::Parse(map_bytes, &map, &tail)) {
    return Status(StatusCode::kInvalidArgument, std::string("malformed MAP: ") + fault);
  }
  const base::Descriptor page = link_->TakeDescriptor();
  store::Index* const index = shared_->store.index();
  if (index == nullptr) return Status(StatusCode::kFailedPrecondition, "the server's memory cannot be mapped");
  const wire::ClientId client = shared_->clients.Held(map.id_high, map.id_low);
  if (map.incarnation != shared_->store.incarnation() || !client.known() ||
      map.proof != wire::MapProof(client, wire::MapSide::kClient, map.nonce)) {
    return Status(StatusCode::kFailedPrecondition, "MAP by a client that this server does not know");
  }
  base::Descriptor memory([index] { return fcntl(index->memory().fd(), F_DUPFD_CLOEXEC, 0); });
  if (!memory.valid()) return Status(StatusCode::kResourceExhausted, "no descriptor left for a mapping");
  const Result<uint64_t> number = arena().pins().Add(page);
  if (!number.ok()) return number.status();
  page_ = *number;
  client_ = client;
  order_ = map.nonce >> 32;
  shared_->mapping.fetch_add(1, std::memory_order_relaxed);
  const wire::Mapped mapped{.proof = wire::MapProof(client, wire::MapSide::kServer, map.nonce),
                            .index_bytes = index->bytes()};
  link_->SendWith(wire::ControlFrame(wire::ControlType::kMapped, mapped), std::move(memory));
  for (const uint32_t segment : arena().SharedSegments()) {
    if (handed_out_.size() < segments_at_once_max) SendSegment(segment);
  }
  StartTimer();
  return Status();
}

const char* Mapping::OnWant(std::string_view bytes) {
  wire::Want want;
  std::string_view tail;
  if (const char* fault = wire::Parse(bytes, &want, &tail)) return fault;
  SendSegment(want.segment);
  return nullptr;
}

const char* Mapping::OnDropped(std::string_view bytes) {
  wire::Dropped dropped;
  std::string_view tail;
  if (const char* fault = wire::Parse(bytes, &dropped, &tail)) return fault;
  if (dropped_unanswered_ == 0) return "an answer to a DROPPED that was not sent";
  --dropped_unanswered_;
  return nullptr;
}

const char* Mapping::OnRings(std::string_view bytes) {
  wire::Rings rings;
  std::string_view tail;
  if (const char* fault = wire::Parse(bytes, &rings, &tail)) return fault;
  if (rings.made != 0) return "rings that a client claims to have made";
  base::Descriptor clients_end;
  if (shared_->clients.WantsRings(client_, order_)) {  // checked first: making rings takes time, and this loop serves others, too
    Result<net::RingPair> pair = net::RingPair::Make();
    const bool kept = pair.ok() && shared_->clients.SetRings(client_, order_, std::move(pair->own));
    if (kept) clients_end = std::move(pair->peers);
  }
  const wire::Rings answer{.made = clients_end.valid()};
  link_->SendWith(wire::ControlFrame(wire::ControlType::kRings, answer), std::move(clients_end));
  return nullptr;
}

void Mapping::SendSegment(uint32_t segment) {
  auto shared = arena().Share(segment);
  wire::Segment reply{.segment = segment};
  if (shared) {
    reply.bytes = shared->bytes;
    handed_out_.insert(segment);
  }
  link_->SendWith(wire::ControlFrame(wire::ControlType::kSegment, reply),
                  shared ? std::move(shared->memory) : base::Descriptor());
}

void Mapping::StartTimer() {
  loop_->AssertHeld();
  timer_ = loop_->At(loop_->Now() + tick, [this] { Tick(); });
}

void Mapping::Tick() {
  arena().Reclaim();
  const std::vector<uint32_t> there = arena().SharedSegments();
  std::erase_if(handed_out_, [this, &there](uint32_t segment) {
    const bool is_there = std::binary_search(there.begin(), there.end(), segment);
    if (is_there || dropped_unanswered_ == dropped_unanswered_max) return false;
    ++dropped_unanswered_;
    link_->Send(wire::ControlFrame(wire::ControlType::kDropped, wire::Dropped{.segment = segment}));
    return true;
  });
  StartTimer();
}

}  // namespace remote_dram::server
