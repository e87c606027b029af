// MappingLink: asking for memory and rings, mapping, publishing, and ending.
#include "client/mapping_link.h"

#include <algorithm>
#include <random>
#include <string>

namespace remote_dram::client {
namespace {

// Maps memory that the server sent. Unsuitable memory is the server's fault, so it is reported as INTERNAL.
Result<std::shared_ptr<const base::SealedMemory>> MapServers(const base::Descriptor& memory, uint64_t bytes) {
  auto mapped = base::SealedMemory::Map(memory, 0, bytes);
  if (mapped.status().code() != StatusCode::kInvalidArgument) return mapped;
  return Status(StatusCode::kInternal, mapped.status().message());
}

}  // namespace

void MappingLink::Open(const net::Address& address, uint64_t incarnation, const wire::ClientId& client,
                       base::Callback<Status> opened) {
  Close();
  opened_ = std::move(opened);
  base::Descriptor memory;
  Result<std::unique_ptr<PinPage>> pins = PinPage::Make(&memory);
  if (!pins.ok()) return TellOpened(pins.status());
  pins_ = *std::move(pins);
  client_ = client;
  incarnation_ = incarnation;
  std::random_device random;
  nonce_ = uint64_t{++maps_} << 32 | random();
  state_ = State::kAsked;
  link_ = hub_->network().Dial(address, this, nullptr);  // a Unix socket
  const wire::Map map{.incarnation = incarnation,
                      .id_high = client.id_high,
                      .id_low = client.id_low,
                      .nonce = nonce_,
                      .proof = wire::MapProof(client, wire::MapSide::kClient, nonce_)};
  link_->SendWith(wire::ControlFrame(wire::ControlType::kMap, map), std::move(memory));
}

void MappingLink::TellOpened(const Status& status) {
  if (!opened_) return;
  base::Callback<Status> opened = std::exchange(opened_, {});
  opened(status);
}

void MappingLink::OnFrame(std::string_view frame) {
  const std::shared_ptr<MappingLink> self = shared_from_this();
  if (const Status good = Handle(frame); !good.ok()) End(good.WithContext("reading the server's memory"));
}

Status MappingLink::Handle(std::string_view frame) {
  wire::ControlHeader header;
  std::string_view body;
  if (const char* fault = wire::Parse(frame, &header, &body)) return Status(StatusCode::kInternal, fault);
  const auto type = static_cast<wire::ControlType>(header.type);
  if (type == wire::ControlType::kMapped && state_ == State::kAsked) return OnMapped(body);
  if (type == wire::ControlType::kSegment && state_ == State::kOpen) return OnSegment(body);
  if (type == wire::ControlType::kDropped && state_ == State::kOpen) return OnDropped(body);
  if (type == wire::ControlType::kRings && rings_asked_ > 0) return OnRings(body);
  if (type == wire::ControlType::kRefused) return OnRefused(body);
  return Status(StatusCode::kInternal, "frame of type " + std::to_string(header.type) + " out of order");
}

Status MappingLink::OnRefused(std::string_view body) {
  wire::Refused refused;
  std::string_view message;
  if (const char* fault = wire::Parse(body, &refused, &message)) return Status(StatusCode::kInternal, fault);
  return Status(static_cast<StatusCode>(refused.code), std::string(message));
}

// The proof shows that this is the server of the client's other connection, and not another one that happens to listen at
// the same path.
Status MappingLink::OnMapped(std::string_view body) {
  wire::Mapped mapped;
  std::string_view tail;
  if (const char* fault = wire::Parse(body, &mapped, &tail)) return Status(StatusCode::kInternal, fault);
  if (mapped.proof != wire::MapProof(client_, wire::MapSide::kServer, nonce_)) {
    return Status(StatusCode::kUnauthenticated, "the server at the socket is another one");
  }
  auto attachment = std::make_shared<Attachment>();
  attachment->hold->pins = std::move(pins_);
  attachment->hold->socket = link_->Duplicate();
  if (!attachment->hold->socket.valid()) return Status(StatusCode::kResourceExhausted, "no descriptor left for a mapping");
  auto memory = MapServers(link_->TakeDescriptor(), mapped.index_bytes);
  if (!memory.ok()) return memory.status();
  attachment->index_memory = *std::move(memory);
  if (const char* fault = wire::MappedIndex::Open(attachment->index_memory->bytes(), &attachment->index)) {
    return Status(StatusCode::kInternal, fault);
  }
  if (attachment->index.incarnation() != incarnation_) return Status(StatusCode::kInternal, "the index is another incarnation's");
  attachment_ = std::move(attachment);
  state_ = State::kOpen;
  Publish();
  TellOpened(Status());
  return Status();
}

Status MappingLink::OnSegment(std::string_view body) {
  wire::Segment segment;
  std::string_view tail;
  if (const char* fault = wire::Parse(body, &segment, &tail)) return Status(StatusCode::kInternal, fault);
  wanted_.erase(segment.segment);
  missing_ = !wanted_.empty();
  if (segment.bytes == 0) return Status();
  const auto has = [number = segment.segment](const auto& each) { return each.first == number; };
  const base::Descriptor descriptor = link_->TakeDescriptor();
  if (std::any_of(segments_.begin(), segments_.end(), has)) return Status();
  auto memory = MapServers(descriptor, segment.bytes);
  if (!memory.ok()) return memory.status();
  segments_.emplace_back(segment.segment, *std::move(memory));
  Publish();
  return Status();
}

Status MappingLink::OnDropped(std::string_view body) {
  wire::Dropped dropped;
  std::string_view tail;
  if (const char* fault = wire::Parse(body, &dropped, &tail)) return Status(StatusCode::kInternal, fault);
  std::erase_if(segments_, [&dropped](const auto& each) { return each.first == dropped.segment; });
  Publish();
  link_->Send(wire::ControlFrame(wire::ControlType::kDropped, dropped));
  return Status();
}

void MappingLink::AskForRings(base::Callback<base::Descriptor> came) {
  rings_came_ = std::move(came);
  ++rings_asked_;
  link_->Send(wire::ControlFrame(wire::ControlType::kRings, wire::Rings{}));
}

// Rings that an earlier session asked for are dropped, because the server's end of them is gone. Only the answer to the
// latest request counts.
Status MappingLink::OnRings(std::string_view body) {
  wire::Rings rings;
  std::string_view tail;
  if (const char* fault = wire::Parse(body, &rings, &tail)) return Status(StatusCode::kInternal, fault);
  base::Descriptor socket = rings.made != 0 ? link_->TakeDescriptor() : base::Descriptor();
  if (--rings_asked_ == 0) TellRings(std::move(socket));
  return Status();
}

void MappingLink::TellRings(base::Descriptor socket) {
  if (base::Callback<base::Descriptor> came = std::exchange(rings_came_, {})) came(std::move(socket));
}

// Called by a reading thread.
void MappingLink::OnMissing(uint32_t segment) {
  if (missing_.exchange(true)) return;
  hub_->loop().Post([weak = weak_from_this(), segment] {
    if (const std::shared_ptr<MappingLink> self = weak.lock()) self->Want(segment);
  });
}

void MappingLink::Want(uint32_t segment) {
  if (state_ != State::kOpen) {
    missing_ = false;  // a read of the previous mapping reported it; reads of the next one must be able to report theirs
    return;
  }
  if (!wanted_.insert(segment).second) return;
  link_->Send(wire::ControlFrame(wire::ControlType::kWant, wire::Want{.segment = segment}));
}

void MappingLink::Publish() {
  reader_.Publish(attachment_ ? std::make_shared<const Mapped>(attachment_, segments_) : nullptr);
  if (sweep_timer_ == 0) Sweep();
}

void MappingLink::Sweep() {
  sweep_timer_ = 0;
  if (!reader_.Sweep()) return;
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  sweep_timer_ = loop.At(loop.Now() + sweep_every, [weak = weak_from_this()] {
    if (const std::shared_ptr<MappingLink> self = weak.lock()) self->Sweep();
  });
}

// Closes our descriptor without cutting (shutting down) the connection: views hold duplicates of the descriptor.
void MappingLink::End(const Status& why) {
  if (state_ == State::kIdle) return;
  const std::shared_ptr<MappingLink> self = shared_from_this();
  state_ = State::kIdle;
  link_.reset();
  pins_.reset();
  wanted_.clear();
  missing_ = false;
  rings_asked_ = 0;
  if (attachment_) {
    attachment_.reset();
    segments_.clear();
    Publish();
  }
  TellOpened(why);
  TellRings({});
}

void MappingLink::Close() { End(Status(StatusCode::kCancelled, "the mapping was closed")); }

}  // namespace remote_dram::client
