// A hostile client: frames and messages of every kind, in any order, against a server in a World.
// Whatever it sends, every answer is well-formed, its session ends with its lifeline, and no memory is
// leaked.
#include "server/session.h"

#include "base/check.h"
#include "base/fuzzing.h"
#include "net/sim/stranger.h"
#include "wire/batch.h"
#include "wire/batch_reply.h"
#include "wire/bundle.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

enum class Move : uint8_t { kFrame, kHello, kAttach, kJoin, kRequest, kMessage, kWait, kHangUp, kBundle, kCount };

const net::Address kAddress{.host = "host", .port = 1, .path = ""};
constexpr uint64_t kIncarnation = 7;

uint64_t PayloadBytes(const PutRequest& put) { return put.value_bytes; }
uint64_t PayloadBytes(const DeleteRangeRequest& range) {
  return uint64_t{range.begin_bytes} + range.end_bytes;
}
uint64_t PayloadBytes(const ListRequest& list) {
  return uint64_t{list.begin_bytes} + list.end_bytes + list.after_bytes;
}

uint64_t PayloadBytes(const BatchReadRequest& batch) { return batch.payload_bytes; }
uint64_t PayloadBytes(const BatchWriteRequest& batch) { return batch.payload_bytes; }
uint64_t PayloadBytes(const StageRequest& stage) { return stage.value_bytes; }
uint64_t PayloadBytes(const CopyRangeRequest& copy) {
  return uint64_t{copy.begin_bytes} + copy.end_bytes + copy.prefix_bytes;
}

class Visit {
 public:
  Visit() {
    RD_CHECK(station_.Start().ok());
    listener_ = *network_.Listen(kAddress, [this](std::unique_ptr<net::Accepted> accepted) {
      station_.Admit(std::move(accepted));
    });
    client_.Dial(kAddress);
  }

  void Go(Choices* choices) {
    switch (static_cast<Move>(choices->Number() % static_cast<uint8_t>(Move::kCount))) {
      case Move::kFrame:
        return client_.SendFrame(choices->Text());
      case Move::kHello:
        return client_.SendFrame(ControlFrame(ControlType::kHello, Hello{}));
      case Move::kAttach: {
        const std::string own = client_.fabric_address();
        const Attach attach{.path = static_cast<uint32_t>(DataPath::kShm),
                            .address_bytes = static_cast<uint32_t>(own.size())};
        return client_.SendFrame(ControlFrame(ControlType::kAttach, attach, own));
      }
      case Move::kJoin: {
        Wait();
        client_.Connect(station_.shm()->address());
        std::string join = Header(Verb::kJoin);
        Append(&join, JoinRequest{.incarnation = kIncarnation});
        return client_.Introduce(join);
      }
      case Move::kRequest: {
        const auto verb = static_cast<Verb>(choices->Number());
        const std::string_view body = choices->Text(), payload = choices->Text();
        const std::string message = Header(verb, body, payload.size()).append(body);
        if (gathers_ && bundle_.Add(message, std::span(&payload, 1))) return;
        return client_.SendMessage(message, payload);
      }
      case Move::kMessage: {
        const std::string_view header = choices->Text();
        return client_.SendMessage(header, choices->Text());
      }
      case Move::kWait:
        return Wait();
      case Move::kHangUp:
        return client_.HangUp();
      case Move::kBundle:  // requests between two of these moves are sent as one bundle
        gathers_ = !gathers_;
        if (gathers_ || bundle_.count() == 0) return;
        client_.SendMessage(bundle_.Seal(Token()));
        return bundle_.Clear();
      case Move::kCount:
        break;
    }
  }

  void End() {
    Wait();
    client_.HangUp();
    Wait();
    RD_CHECK(shared_.connections == 0);
    CheckReplies();
    const Result<DeleteRangeResult> emptied = shared_.store.DeleteRange({});
    RD_CHECK(emptied.ok() && shared_.store.Usage().keys == 0 && shared_.store.Usage().memory_bytes == 0);
  }

 private:
  void Wait() { world_.RunFor(std::chrono::milliseconds(1)); }

  // The token of the WELCOME, if there was one; otherwise 1.
  uint64_t Token() const {
    for (const std::string& frame : client_.frames()) {
      Welcome welcome;
      std::string_view tail;
      if (Parse(std::string_view(frame).substr(sizeof(ControlHeader)), &welcome, &tail) == nullptr) return welcome.token;
    }
    return 1;
  }
  std::string Header(Verb verb, std::string_view body = {}, size_t payload_bytes = 0) {
    requests_.push_back({body, payload_bytes});
    std::string bytes;
    Append(&bytes, MessageHeader{.token = Token(), .request = requests_.size() - 1, .verb = static_cast<uint16_t>(verb)});
    return bytes;
  }

  // Checks that a request that was not refused has the payload that it announced.
  template <typename Body>
  void CheckRequest(uint64_t number) {
    Body body;
    std::string_view tail;
    RD_CHECK(number < requests_.size() && Parse(requests_[number].body, &body, &tail) == nullptr);
    RD_CHECK(PayloadBytes(body) == requests_[number].payload_bytes);
  }

  template <typename Body>
  void CheckReply(std::string_view rest, uint64_t Body::*payload_bytes, size_t arrived) {
    Body body;
    std::string_view tail;
    RD_CHECK(Parse(rest, &body, &tail) == nullptr);
    RD_CHECK((payload_bytes == nullptr ? 0 : body.*payload_bytes) == arrived);
  }
  template <typename Body>
  void CheckReply(std::string_view rest, size_t arrived) {
    CheckReply<Body>(rest, nullptr, arrived);
  }

  void CheckOutcomes(std::string_view rest, std::string_view payload) {
    CheckReply(rest, &BatchReply::payload_bytes, payload.size());
    BatchReply reply;
    std::vector<BatchPart> parts;
    RD_CHECK(Take(&rest, &reply) == nullptr &&
             UnpackOutcomes(payload, reply.operations, &parts) == nullptr);
  }

  void CheckReplies() {
    for (const net::sim::Stranger::Message& message : client_.messages()) {
      MessageHeader header;
      std::string_view rest = message.header;
      RD_CHECK(Take(&rest, &header) == nullptr && header.Fault() == nullptr);
      if (static_cast<Verb>(header.verb) != Verb::kBundle) {
        CheckReply(header, rest, message.payload);
        continue;
      }
      RD_CHECK(!rest.empty() && message.payload.empty() && message.header.size() <= bundle_bytes_max);
      std::string_view header_rest, payload;
      while (!rest.empty()) {
        RD_CHECK(TakeFromBundle(&rest, Token(), &header, &header_rest, &payload) == nullptr);
        CheckReply(header, header_rest, payload);
      }
    }
  }

  void CheckReply(const MessageHeader& header, std::string_view rest, std::string_view payload) {
    const size_t arrived = payload.size();
    if (header.code != 0) {
      RD_CHECK(rest.size() <= error_text_bytes_max && !rest.empty() && arrived == 0);
      return;
    }
    switch (static_cast<Verb>(header.verb)) {
      case Verb::kJoin:
        CheckReply<JoinReply>(rest, arrived);
        break;
      case Verb::kGet:
      case Verb::kGetWhole:
        CheckReply(rest, &GetReply::payload_bytes, arrived);
        break;
      case Verb::kPut:
        CheckRequest<PutRequest>(header.request);
        CheckReply<WriteReply>(rest, arrived);
        break;
      case Verb::kDelete:
        CheckReply<WriteReply>(rest, arrived);
        break;
      case Verb::kDeleteRange:
        CheckRequest<DeleteRangeRequest>(header.request);
        CheckReply<DeleteRangeReply>(rest, arrived);
        break;
      case Verb::kList:
        CheckRequest<ListRequest>(header.request);
        CheckReply(rest, &ListReply::payload_bytes, arrived);
        break;
      case Verb::kStat:
      case Verb::kWait:
        CheckReply<StatReply>(rest, arrived);
        break;
      case Verb::kBatchRead:
        CheckRequest<BatchReadRequest>(header.request);
        CheckOutcomes(rest, payload);
        break;
      case Verb::kBatchWrite:
      case Verb::kTransact:
        CheckRequest<BatchWriteRequest>(header.request);
        CheckOutcomes(rest, payload);
        break;
      case Verb::kStage:
        CheckRequest<StageRequest>(header.request);
        CheckReply<StageReply>(rest, arrived);
        break;
      case Verb::kCopyRange:
        CheckRequest<CopyRangeRequest>(header.request);
        CheckReply<CopyRangeReply>(rest, arrived);
        break;
      case Verb::kStatServer:
        CheckReply<StatServerReply>(rest, arrived);
        break;
      case Verb::kBundle:
        RD_CHECK(false);
    }
  }

  net::sim::World world_{1};
  server::Shared shared_{.store = store::Store({.incarnation = kIncarnation,
                                                .hash_seed = {},
                                                .memory_limit_bytes = 1 << 20,
                                                .value_bytes_max = 3000,
                                                .shards = 2}),
                         .random = [this] { return world_.Random() | 1; },
                         .log = [](LogLevel, std::string_view) {},
                         .started = {}};
  net::sim::SimNetwork network_{&world_};
  server::Station station_{&shared_, &network_, {.shm = true, .tcp_host = ""}};
  std::unique_ptr<net::ControlListener> listener_;
  net::sim::Stranger client_{&world_};
  struct Request {
    std::string_view body;  // a view of the input
    size_t payload_bytes;
  };
  std::vector<Request> requests_;  // by request number
  bool gathers_ = false;
  Bundle bundle_;
};

Script Do(Move move) { return Script().Number(move); }

template <typename Body>
Script Ask(Verb verb, const Body& body, std::string_view tail = {}, std::string_view payload = {}) {
  std::string bytes;
  Append(&bytes, body);
  return Do(Move::kRequest).Number(static_cast<uint8_t>(verb)).Text(bytes.append(tail)).Text(payload);
}

Script Greeting() {
  return Do(Move::kHello).Then(Do(Move::kAttach)).Then(Do(Move::kJoin)).Then(Do(Move::kWait));
}

}  // namespace

void Run(std::string_view input) { Play<Visit>(input); }

std::vector<std::string> Seeds() {
  const WireGeneration missing{.kind = 1}, first{.incarnation = kIncarnation, .sequence = 1, .kind = 2};
  const Script put =
      Ask(Verb::kPut, PutRequest{.if_generation = missing, .value_bytes = 5}, "a", "value");
  const std::string large(2000, 'v');  // too large to come with its message: has to be fetched
  const Script put_large = Ask(Verb::kPut, PutRequest{.value_bytes = large.size()}, "b", large);
  const Script ranges =
      Ask(Verb::kList,
          ListRequest{.begin_bytes = 1, .end_bytes = 1, .after_bytes = 1, .resume = 1, .entries_max = 1},
          {}, "aca")
          .Then(Ask(Verb::kList, ListRequest{.entries_max = 9}))
          .Then(Ask(Verb::kList, ListRequest{.entries_max = list_entries_max + 1}))
          .Then(Ask(Verb::kDeleteRange, DeleteRangeRequest{.begin_bytes = 1, .end_bytes = 1}, {}, "ac"));
  base::ReadView read;
  read.key = "a";
  const std::string reads = PackReads({read, read});
  WriteOperation write, staged;
  write.key = "a";
  write.value = {"value"};
  staged.key = "b";
  const std::string writes = PackWrites({write}, {false}) + "value",
                    transaction = PackWrites({staged}, {true});
  const Script stage = Ask(Verb::kStage, StageRequest{.transaction = 1, .value_bytes = 5}, "b", "value");
  const std::vector<Script> conversations = {
      put.Then(Do(Move::kWait))
          .Then(
              Ask(Verb::kGet, GetRequest{.if_generation = first, .range_min = 1, .range_max = 3}, "a")),
      put_large.Then(Do(Move::kWait)).Then(Ask(Verb::kGetWhole, GetWholeRequest{}, "b")),
      put_large.Then(Do(Move::kHangUp)),
      Ask(Verb::kPut, PutRequest{.value_bytes = 4000}, "b", large + large),  // over the limit
      Ask(Verb::kDelete, DeleteRequest{.if_generation = first}, "a"),
      Ask(Verb::kDeleteRange, DeleteRangeRequest{.begin_bytes = 1, .end_bytes = 1}, {}, "three"),
      put.Then(put_large).Then(ranges),
      put.Then(Ask(Verb::kBatchRead,
                   BatchReadRequest{.operations = 2, .at_one_instant = 1, .payload_bytes = reads.size()},
                   {}, reads)),
      Ask(Verb::kBatchWrite, BatchWriteRequest{.operations = 1, .payload_bytes = writes.size()}, {},
          writes),
      stage.Then(
          Ask(Verb::kTransact,
              BatchWriteRequest{.operations = 1, .transaction = 1, .payload_bytes = transaction.size()},
              {}, transaction)),
      stage.Then(Do(Move::kHangUp)),
      put.Then(Ask(Verb::kCopyRange,
                   CopyRangeRequest{.begin_bytes = 1, .end_bytes = 1, .prefix_bytes = 1}, {}, "abc")),
      Ask(Verb::kWait, WaitRequest{.timeout_ms = 1000}, "a").Then(put),
      Ask(Verb::kStat, StatRequest{}, "a").Then(Ask(Verb::kStatServer, StatServerRequest{})),
      Do(Move::kBundle).Then(put).Then(ranges).Then(stage).Then(Do(Move::kBundle)),
      Do(Move::kBundle).Then(put).Then(Ask(Verb::kBundle, StatRequest{})).Then(put).Then(Do(Move::kBundle)),
      Ask(Verb::kBundle, BundleEntry{.header_bytes = 100}),
  };
  std::vector<std::string> seeds;
  for (const Script& each : conversations) seeds.push_back(Greeting().Then(each).bytes());
  const std::string hello = ControlFrame(ControlType::kHello, Hello{.version_min = 2, .version_max = 3});
  const std::string attach =
      ControlFrame(ControlType::kAttach, Attach{.path = static_cast<uint32_t>(DataPath::kTcp)});
  seeds.push_back(Do(Move::kFrame).Text(hello).bytes());
  seeds.push_back(Do(Move::kHello).Then(Do(Move::kFrame).Text(attach)).bytes());
  const std::string of_a_mapping[] = {  // from a client that may not map, or not in this state
      ControlFrame(ControlType::kMap, Map{.incarnation = kIncarnation}),
      ControlFrame(ControlType::kWant, Want{.segment = 1}),
      ControlFrame(ControlType::kDropped, Dropped{.segment = 1}),
  };
  for (const std::string& frame : of_a_mapping) {
    seeds.push_back(Do(Move::kFrame).Text(frame).bytes());
    seeds.push_back(Greeting().Then(Do(Move::kFrame).Text(frame)).bytes());
  }
  return seeds;
}

}  // namespace remote_dram::fuzz
