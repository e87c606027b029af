// A hostile server that hands out memory to map: it sends frames of every kind, in any order, with any descriptor or none,
// and writes to the memory while the client reads it. Whatever it does, every callback must run exactly once, reads must
// stay within what was mapped, and once the mapping has ended only views may still be read.
#include "client/mapping_link.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>

#include "base/check.h"
#include "base/fuzzing.h"
#include "net/sim/stranger.h"
#include "wire/mapped_testing.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

enum class Move : uint8_t {
  kFrame,
  kMapped,
  kSegment,
  kDropped,
  kRings,
  kRefused,
  kScribble,
  kRead,
  kLetGo,
  kAskForRings,
  kOpen,
  kWait,
  kWaitLong,
  kHangUp,
  kCount
};
// The descriptor that is sent with a frame.
enum class Along : uint8_t { kSealed, kNothing, kUnsealed, kReadOnly, kPipe, kSocket, kCount };
enum class Read : uint8_t { kCopy, kInto, kView, kStat, kBatch, kCount };

const net::Address kAddress{.host = "", .port = 0, .path = "/socket"};
constexpr uint32_t kSegment = 3;
constexpr uint8_t kHonest = 0;  // the size or proof is true; any other number falsifies it
constexpr size_t kPlaceBytes = 4;

template <typename Enum>
Enum Choose(Choices* choices) {
  return static_cast<Enum>(choices->Number() % static_cast<uint8_t>(Enum::kCount));
}

void Check(const GetResult& got) {
  RD_CHECK(got.value.size() <= got.value_bytes);
  RD_CHECK(got.state == ReadState::kValue || got.value.empty());
  std::string(got.value.bytes());  // each byte can be read
}

class Conversation {
 public:
  Conversation() {
    server_.Listen(kAddress);
    Open();
  }
  ~Conversation() { link_->Close(); }

  void Go(Choices* choices) {
    switch (Choose<Move>(choices)) {
      case Move::kFrame: {
        const std::string_view frame = choices->Text();
        return server_.SendFrame(frame, Memory(choices).first);
      }
      case Move::kMapped:
        return SendMapped(choices);
      case Move::kSegment: {
        const auto number = choices->Number<uint32_t>();
        auto [memory, bytes] = Memory(choices);
        return server_.SendFrame(ControlFrame(ControlType::kSegment, Segment{.bytes = bytes, .segment = number}), std::move(memory));
      }
      case Move::kDropped:
        return server_.SendFrame(ControlFrame(ControlType::kDropped, Dropped{.segment = choices->Number<uint32_t>()}));
      case Move::kRings: {
        const Rings rings{.made = choices->Number()};
        return server_.SendFrame(ControlFrame(ControlType::kRings, rings), Memory(choices).first);
      }
      case Move::kRefused:
        return server_.SendFrame(ControlFrame(ControlType::kRefused, Refused{.code = 9, .message_bytes = 2}, "no"));
      case Move::kScribble:
        return Scribble(choices);
      case Move::kRead:
        return ReadOnce(Choose<Read>(choices));
      case Move::kLetGo:
        return views_.clear();
      case Move::kAskForRings:
        return AskForRings();
      case Move::kOpen:
        return Open();
      case Move::kWait:
        return Wait(std::chrono::milliseconds(1));
      case Move::kWaitLong:
        return Wait(2 * client::MappingLink::sweep_every);
      case Move::kHangUp:
        return server_.HangUp();
      case Move::kCount:
        break;
    }
  }

  void End() {
    server_.HangUp();
    Wait(2 * client::MappingLink::sweep_every);
    RD_CHECK(!link_->open() && told_opened_ == opens_ && told_rings_ == asked_rings_);
    for (uint8_t read = 0; read < static_cast<uint8_t>(Read::kCount); ++read) ReadOnce(static_cast<Read>(read));
    for (const GetResult& view : views_) Check(view);
  }

 private:
  void Wait(std::chrono::nanoseconds time) {
    world_.RunFor(time);
    for (base::Descriptor page = server_.TakeDescriptor(); page.valid(); page = server_.TakeDescriptor()) {
      own_.push_back(std::move(page));  // the client's page of pins
    }
  }

  void Open() {
    link_->Open(kAddress, kTestIncarnation, kClient, [this, number = ++opens_](const Status& opened) {
      RD_CHECK(++told_opened_ == number && opened.ok() == link_->open());
    });
    RD_CHECK(told_opened_ == opens_ - 1);
    Wait(std::chrono::milliseconds(1));  // until the server has the new connection, to which it then sends
  }
  void AskForRings() {
    if (!link_->open()) return;
    link_->AskForRings([this, number = ++asked_rings_](const base::Descriptor&) {
      RD_CHECK(number == asked_rings_ && std::exchange(told_rings_, number) != number);
    });
  }

  void SendMapped(Choices* choices) {
    const uint8_t proves = choices->Number();
    uint64_t nonce = 0;
    for (const std::string& frame : server_.frames()) {
      Map map;
      std::string_view tail;
      if (Parse(std::string_view(frame).substr(sizeof(ControlHeader)), &map, &tail) == nullptr) nonce = map.nonce;
    }
    auto [memory, bytes] = Memory(choices);
    const Mapped mapped{.proof = MapProof(kClient, MapSide::kServer, nonce) + proves, .index_bytes = bytes};
    server_.SendFrame(ControlFrame(ControlType::kMapped, mapped), std::move(memory));
  }

  // A descriptor to send, and the size to announce for it.
  std::pair<base::Descriptor, uint64_t> Memory(Choices* choices) {
    const auto along = Choose<Along>(choices);
    const bool honest = choices->Number() == kHonest;
    const std::string_view bytes = choices->Text();
    const uint64_t announced = honest ? bytes.size() : choices->Number<uint64_t>();
    return {Make(along, bytes), announced};
  }
  base::Descriptor Make(Along along, std::string_view bytes) {
    int pair[2];
    switch (along) {
      case Along::kNothing:
      case Along::kCount:
        return {};
      case Along::kPipe:
        RD_CHECK(pipe2(pair, O_CLOEXEC) == 0);
        close(pair[1]);
        return base::Descriptor([&pair] { return pair[0]; });
      case Along::kSocket:
        RD_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
        close(pair[1]);
        return base::Descriptor([&pair] { return pair[0]; });
      case Along::kSealed:
      case Along::kUnsealed:
      case Along::kReadOnly:
        break;
    }
    base::Descriptor memory([] { return memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
    RD_CHECK(write(memory.fd(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    const int seals = along == Along::kReadOnly ? F_SEAL_SHRINK | F_SEAL_WRITE : F_SEAL_SHRINK;
    if (along != Along::kUnsealed) RD_CHECK(fcntl(memory.fd(), F_ADD_SEALS, seals) == 0);
    own_.emplace_back([&memory] { return fcntl(memory.fd(), F_DUPFD_CLOEXEC, 0); });
    if (own_.size() > kOwnMax) own_.pop_front();
    return memory;
  }
  // Overwrites memory that the server recently sent or received, or truncates it if `bytes` is empty. This may fail.
  void Scribble(Choices* choices) {
    const uint8_t which = choices->Number();
    const auto at = choices->Number<uint16_t>();
    const std::string_view bytes = choices->Text();
    if (own_.empty()) return;
    const int fd = own_[which % own_.size()].fd();
    (void)!(bytes.empty() ? ftruncate(fd, at) : pwrite(fd, bytes.data(), bytes.size(), at));
  }

  void ReadOnce(Read read) {
    client::MappedReader& reader = link_->reader();
    const bool may = link_->open();
    GetResult got;
    GetOptions options;
    options.view = read == Read::kView;
    if (read == Read::kInto) options.into = {place_.get(), kPlaceBytes};
    if (read == Read::kStat) {
      StatResult stat;
      RD_CHECK(reader.Stat(kTestKey, {}, &stat) == client::MappedRead::kAskServer || may);
    } else if (read == Read::kBatch) {
      std::vector<ReadOperation> operations(2);
      operations[0].key = operations[1].key = kTestKey;
      BatchReadResult batch;
      if (reader.BatchRead(operations, {}, &batch) == client::MappedRead::kAskServer) return;
      RD_CHECK(may && batch.results.size() == operations.size());
      for (const Result<GetResult>& each : batch.results) {
        if (each.ok()) Check(*each);
      }
    } else if (reader.Get(kTestKey, options, &got) == client::MappedRead::kAnswered) {
      RD_CHECK(may);
      Check(got);
      if (read == Read::kView) views_.push_back(std::move(got));
    }
  }

  static constexpr ClientId kClient{.id_high = 1, .id_low = 2, .secret_high = 3, .secret_low = 4};
  static constexpr size_t kOwnMax = 4;

  // A separate heap block, so that a sanitizer detects writes beyond its end.
  const std::unique_ptr<char[]> place_ = std::make_unique<char[]>(kPlaceBytes);
  int opens_ = 0, told_opened_ = 0, asked_rings_ = 0, told_rings_ = 0;
  std::vector<GetResult> views_;
  std::deque<base::Descriptor> own_;  // memory that the server can write to
  net::sim::World world_{1};
  net::sim::Stranger server_{&world_};
  net::sim::SimNetwork network_{&world_};
  client::Hub hub_{&network_, {}, 1};
  const std::shared_ptr<client::MappingLink> link_ = std::make_shared<client::MappingLink>(&hub_);
};

Script Do(Move move) { return Script().Number(move); }
Script Turned(const Script& script) { return script.Then(Do(Move::kWait)); }
Script With(Along along, std::string_view bytes) { return Script().Number(along).Number(kHonest).Text(bytes); }
Script Ask(Read read) { return Do(Move::kRead).Number(read); }

Script SendMapped(const Script& memory) {
  return Turned(Do(Move::kMapped).Number(kHonest).Then(memory));
}
Script SendSegment(const Script& memory) { return Turned(Do(Move::kSegment).Number(kSegment).Then(memory)); }
Script SendRings(const Script& memory) { return Turned(Do(Move::kRings).Number(uint8_t{1}).Then(memory)); }

}  // namespace

void Run(std::string_view input) { Play<Conversation>(input); }

std::vector<std::string> Seeds() {
  const std::string index = IndexTo(MappedHandle(kSegment, kTestPayloadAt)), block = BlockOf(BlockKind::kValue, "value", 5);
  const Script mapped = SendMapped(With(Along::kSealed, index)), nothing = With(Along::kNothing, "");
  const Script both = mapped.Then(Turned(Ask(Read::kCopy))).Then(SendSegment(With(Along::kSealed, block)));
  Script reads;
  for (const Read read : {Read::kCopy, Read::kInto, Read::kView, Read::kStat, Read::kBatch}) reads = reads.Then(Ask(read));
  const Script dropped = Turned(Do(Move::kDropped).Number(kSegment)), rings = mapped.Then(Do(Move::kAskForRings));
  const Script ended = Do(Move::kScribble).Number(uint8_t{0}).Number(static_cast<uint16_t>(mapped_pin_page_bytes)).Text("\1");
  const Script lied = Script().Number(Along::kSealed).Number(uint8_t{1}).Text(index).Number(uint64_t{1} << 40);
  std::vector<Script> scripts = {
      both.Then(reads).Then(dropped).Then(reads),
      both.Then(reads).Then(Turned(Do(Move::kHangUp))).Then(reads),
      both.Then(Ask(Read::kView)).Then(ended).Then(reads).Then(Do(Move::kLetGo)),
      both.Then(reads).Then(Do(Move::kOpen)).Then(both).Then(reads).Then(Do(Move::kWaitLong)),
      rings.Then(SendRings(With(Along::kSocket, ""))),
      rings.Then(Do(Move::kAskForRings)).Then(SendRings(With(Along::kPipe, ""))).Then(SendRings(nothing)),
      rings.Then(Do(Move::kHangUp)),
      mapped.Then(SendRings(nothing)),
      Turned(Do(Move::kRefused)),
      SendMapped(lied),
      Turned(Do(Move::kMapped).Number(uint8_t{1}).Then(With(Along::kSealed, index))),
      Turned(Do(Move::kFrame).Text(ControlFrame(ControlType::kWant, Want{})).Then(nothing)),
  };
  for (const Along along : {Along::kNothing, Along::kUnsealed, Along::kReadOnly, Along::kPipe, Along::kSocket}) {
    scripts.push_back(SendMapped(With(along, index)).Then(reads));
    scripts.push_back(mapped.Then(SendSegment(With(along, block))).Then(reads));
    // Truncates own_[2], the segment: own_[0] is the page of pins, own_[1] the index.
    const Script shorter = Do(Move::kScribble).Number(uint8_t{2}).Number(uint16_t{0}).Text("");
    scripts.push_back(mapped.Then(SendSegment(With(along, block))).Then(shorter).Then(reads));
  }
  std::vector<std::string> seeds;
  for (const Script& script : scripts) seeds.push_back(script.bytes());
  return seeds;
}

}  // namespace remote_dram::fuzz
