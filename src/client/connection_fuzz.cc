// A hostile server sends frames and messages of every kind, in any order, to a client in a World.
// Whatever it sends, every call must end exactly once and in time, and results must be within the limits.
#include "client/connection.h"

#include "base/check.h"
#include "base/fuzzing.h"
#include "client/verbs.h"
#include "net/sim/stranger.h"
#include "wire/batch_reply.h"
#include "wire/bundle.h"
#include "wire/list_page.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

enum class Move : uint8_t {
  kCall,
  kFrame,
  kWelcome,
  kAttached,
  kJoined,
  kReply,
  kMessage,
  kWait,
  kWaitLong,
  kHangUp,
  kCount
};

const net::Address kAddress{.host = "host", .port = 1, .path = ""};
constexpr uint64_t kToken = 5, kIncarnation = 7;
constexpr size_t kPlaceBytes = 4;
constexpr auto kTimeout = std::chrono::seconds(1);

void Check(const WriteResult&) {}
void Check(const DeleteRangeResult&) {}
void Check(const StatResult&) {}
void Check(const ServerStat& stat) {
  RD_CHECK(stat.version.size() <= error_text_bytes_max && stat.address == "server");
}
void Check(const GetResult& got) {
  RD_CHECK(got.value.size() <= got.value_bytes);
  RD_CHECK(got.state == ReadState::kValue || got.value.empty());
  std::string(got.value.bytes());  // each byte can be read
}
void Check(const CopyRangeResult&) {}
void Check(const BatchReadResult& batch) {
  RD_CHECK(batch.results.size() == 2);
  for (const Result<GetResult>& each : batch.results) {
    if (each.ok()) Check(*each);
  }
}
void Check(const BatchWriteResult& batch) { RD_CHECK(batch.results.size() == 2); }
void Check(const TransactResult& transaction) { RD_CHECK(transaction.outcomes.size() == 2); }
void Check(const ListPage& page) {
  RD_CHECK(page.entries.size() <= list_entries_max && (!page.more || !page.entries.empty()));
  for (const ListEntry& entry : page.entries) RD_CHECK(entry.key.size() <= key_bytes_max);
}

class Conversation {
 public:
  Conversation() { server_.Listen(kAddress); }
  ~Conversation() { connection_->Close(); }

  void Go(Choices* choices) {
    switch (static_cast<Move>(choices->Number() % static_cast<uint8_t>(Move::kCount))) {
      case Move::kCall:
        return Call(static_cast<Verb>(choices->Number()));
      case Move::kFrame:
        return server_.SendFrame(choices->Text());
      case Move::kWelcome:
        return Welcome();
      case Move::kAttached:
        return server_.SendFrame(ControlFrame(ControlType::kAttached, Attached{}));
      case Move::kJoined:
        Connect();
        return server_.SendMessage(Header(0, Verb::kJoin, StatusCode::kOk) +
                                   std::string(sizeof(JoinReply), '\0'));
      case Move::kReply:
        return Reply(choices);
      case Move::kMessage: {
        const std::string_view header = choices->Text();
        return server_.SendMessage(header, choices->Text());
      }
      case Move::kWait:
        return Wait(std::chrono::milliseconds(1));
      case Move::kWaitLong:
        return Wait(kTimeout);
      case Move::kHangUp:
        return server_.HangUp();
      case Move::kCount:
        break;
    }
  }

  void End() {
    server_.HangUp();
    Wait(kTimeout + 2 * client::Connection::abandon_grace);
    RD_CHECK(ended_ == calls_);
  }

 private:
  void Wait(std::chrono::nanoseconds time) { world_.RunFor(time); }

  template <typename T>
  Done<T> Ended() {
    ++calls_;
    return [this, ended = false](Result<T> result) mutable {
      RD_CHECK(!std::exchange(ended, true));
      ++ended_;
      if (result.ok()) Check(*result);
    };
  }
  void Call(Verb verb) {
    const net::TimePoint deadline = world_.now() + kTimeout;
    const client::Submit submit = [this, deadline](std::shared_ptr<client::Call> call) {
      call->timeout = kTimeout;
      call->deadline = deadline;
      connection_->Submit(client::Call::Hold(std::move(call)));
    };
    if (verb == Verb::kTransact || verb == Verb::kStage) {
      WriteOperation put;
      put.key = "a";
      put.value = {verb == Verb::kStage ? ahead_ : value_};
      return client::Transact({put, put}, ++transactions_, submit, Ended<TransactResult>());
    }
    if (verb == Verb::kWait) {
      return client::Wait("a", {}, &network_.loop(), deadline, submit, Ended<StatResult>());
    }
    if (std::shared_ptr<client::Call> call = Make(verb)) submit(std::move(call));
  }
  std::shared_ptr<client::Call> Make(Verb verb) {
    GetOptions into;
    into.into = {place_.get(), kPlaceBytes};
    GetOptions changed;
    changed.if_not_generation = Generation::Value(kIncarnation, 7);
    switch (verb) {
      case Verb::kJoin:  // not the verb of a call; here it stands for a Get into the caller's memory
        return client::GetCall("a", into, Ended<GetResult>());
      case Verb::kGet:
        return client::GetCall("a", changed, Ended<GetResult>());
      case Verb::kGetWhole:
        return client::GetCall("a", {}, Ended<GetResult>());
      case Verb::kPut:
        return client::PutCall("a", {value_}, {}, Ended<WriteResult>());
      case Verb::kDelete:
        return client::DeleteCall("a", {}, Ended<WriteResult>());
      case Verb::kDeleteRange:
        return client::DeleteRangeCall({}, Ended<DeleteRangeResult>());
      case Verb::kList:
        return client::ListCall({"a", "b"}, {}, Ended<ListPage>());
      case Verb::kStat:
        return client::StatCall("a", Ended<StatResult>());
      case Verb::kStatServer:
        return client::StatServerCall(
            [this](client::Reached* reached) { connection_->Describe(reached); }, Ended<ServerStat>());
      case Verb::kBatchRead:
        return client::BatchReadCall(std::vector<ReadOperation>(2), {}, Ended<BatchReadResult>());
      case Verb::kBatchWrite:
        return client::BatchWriteCall(std::vector<WriteOperation>(2), Ended<BatchWriteResult>());
      case Verb::kCopyRange:
        return client::CopyRangeCall({"a", "b"}, {.prefix = "c"}, Ended<CopyRangeResult>());
      case Verb::kTransact:
      case Verb::kStage:
      case Verb::kWait:
        break;  // these verbs need several calls; the function Call makes them
      case Verb::kBundle:
        break;  // not a verb of a call
    }
    return nullptr;
  }

  void Welcome() {
    const std::string tail = network_.HostIdentity() + server_.fabric_address();
    wire::Welcome welcome{.incarnation = kIncarnation, .token = kToken, .requests_in_flight_max = 2, .client = {.id_high = 4}};
    welcome.host_identity_bytes = static_cast<uint32_t>(network_.HostIdentity().size());
    welcome.shm_address_bytes = static_cast<uint32_t>(tail.size()) - welcome.host_identity_bytes;
    server_.SendFrame(ControlFrame(ControlType::kWelcome, welcome, tail));
  }
  // Connects the data path to the address in the newest ATTACH.
  void Connect() {
    Wait(std::chrono::milliseconds(1));
    for (const std::string& frame : server_.frames()) {
      Attach attach;
      std::string_view address;
      const std::string_view body = std::string_view(frame).substr(sizeof(ControlHeader));
      if (Parse(body, &attach, &address) == nullptr) server_.Connect(address);
    }
  }
  // Replies to one of the requests that arrived, mostly the newest.
  void Reply(Choices* choices) {
    const uint8_t which = choices->Number(), code = choices->Number(), wrong_verb = choices->Number();
    const std::string_view body = choices->Text(), payload = choices->Text();
    if (server_.messages().empty()) return;
    const size_t count = server_.messages().size();
    MessageHeader request;
    std::string_view rest = server_.messages()[count - 1 - which % count].header;
    RD_CHECK(Take(&rest, &request) == nullptr &&
             request.Fault() == nullptr);  // the client sends only valid messages
    const auto verb = static_cast<Verb>(request.verb + wrong_verb);
    server_.SendMessage(Header(request.request, verb, static_cast<StatusCode>(code)).append(body),
                        payload);
  }
  std::string Header(uint64_t request, Verb verb, StatusCode code) {
    std::string bytes;
    Append(&bytes, MessageHeader{.token = kToken,
                                 .request = request,
                                 .sequence = 1,
                                 .verb = static_cast<uint16_t>(verb),
                                 .code = static_cast<uint16_t>(code)});
    return bytes;
  }

  // A separate heap block, so that a sanitizer detects writes beyond its end.
  const std::unique_ptr<char[]> place_ = std::make_unique<char[]>(kPlaceBytes);
  const std::string value_ = std::string(2000, 'v');  // too large to be sent along with its header
  const std::string ahead_ = std::string(transaction_value_ahead_min, 'v');
  int calls_ = 0, ended_ = 0;
  uint64_t transactions_ = 0;
  net::sim::World world_{1};
  net::sim::Stranger server_{&world_};
  net::sim::SimNetwork network_{&world_};
  client::Hub hub_{&network_, {}, 1};
  std::shared_ptr<client::Connection> connection_ = std::make_shared<client::Connection>(
      &hub_,
      client::ConnectionOptions{.address = kAddress, .name = "server", .connect_timeout = kTimeout});
};

Script Do(Move move) { return Script().Number(move); }
Script Ask(Verb verb) {
  return Do(Move::kCall).Number(static_cast<uint8_t>(verb)).Then(Do(Move::kWait));
}

template <typename Body>
Script Answer(const Body& body, std::string_view payload = {}, std::string_view tail = {}) {
  std::string bytes;
  Append(&bytes, body);
  return Do(Move::kReply)
      .Number(uint8_t{0})
      .Number(uint8_t{0})
      .Number(uint8_t{0})
      .Text(bytes.append(tail))
      .Text(payload)
      .Then(Do(Move::kWait));
}

Script Greeting() {
  const Script wait = Do(Move::kWait);
  return Do(Move::kWelcome).Then(wait).Then(Do(Move::kAttached)).Then(Do(Move::kJoined)).Then(wait);
}

// Seeds in which a bundle takes the place of the reply to a GetWhole: one with that reply, one with another session's
// message.
std::vector<std::string> SeedsOfOtherVerbs(const GetReply& got) {
  std::string reply, stranger;
  Append(&reply, MessageHeader{.token = kToken, .request = uint64_t{1} << 32, .verb = static_cast<uint16_t>(Verb::kGetWhole)});
  Append(&reply, got);
  Append(&stranger, MessageHeader{.token = kToken + 1, .verb = static_cast<uint16_t>(Verb::kGetWhole)});
  const auto instead = [](Verb verb, std::string_view body) {
    const auto wrong_verb = static_cast<uint8_t>(static_cast<int>(verb) - static_cast<int>(Verb::kGetWhole));
    const Script told = Do(Move::kReply).Number(uint8_t{0}).Number(uint8_t{0}).Number(wrong_verb).Text(body).Text("");
    return Ask(Verb::kGetWhole).Then(Greeting()).Then(told).Then(Do(Move::kWait)).bytes();
  };
  const auto entry = [](std::string_view header, std::string_view payload) {
    std::string bytes;
    Append(&bytes, BundleEntry{static_cast<uint32_t>(header.size()), static_cast<uint32_t>(payload.size())});
    return bytes.append(header).append(payload);
  };
  return {instead(Verb::kBundle, entry(reply, "value") + entry(reply, "value")),
          instead(Verb::kBundle, entry(reply, "value") + entry(stranger, "")),
          instead(Verb::kBundle, entry(reply, "value").substr(0, 50))};
}

}  // namespace

void Run(std::string_view input) { Play<Conversation>(input); }

std::vector<std::string> Seeds() {
  const WireGeneration first{.incarnation = kIncarnation, .sequence = 1, .kind = 2};
  const std::string large(2000, 'v'), page = PackList({{"a", 1}, {"b", 2}});
  const auto got = [&first](uint64_t bytes) {
    return GetReply{.generation = first, .value_bytes = bytes, .payload_bytes = bytes};
  };
  std::vector<std::pair<Verb, Script>> answers = {
      {Verb::kGet, Answer(got(5), "value")},
      {Verb::kGetWhole, Answer(got(2000), large)},
      {Verb::kJoin, Answer(got(4), "1234")},
      {Verb::kJoin, Answer(got(5), "12345")},
      {Verb::kPut, Answer(WriteReply{.generation = first})},
      {Verb::kDelete, Answer(WriteReply{.generation = first, .state = 1})},
      {Verb::kDeleteRange, Answer(DeleteRangeReply{.keys_deleted = 3})},
      {Verb::kList, Answer(ListReply{.entries = 2, .more = 1, .payload_bytes = page.size()}, page)},
      {Verb::kStat, Answer(StatReply{.generation = first, .value_bytes = 5, .exists = 1})},
      {Verb::kStatServer, Answer(StatServerReply{.incarnation = 1}, {}, "1.2.3")},
      {Verb::kStatServer, Answer(StatServerReply{}, {}, std::string(error_text_bytes_max + 1, 'v'))},
      {Verb::kGet,
       Do(Move::kReply).Number(uint8_t{0}).Number(uint8_t{5}).Number(uint8_t{0}).Text("why").Text("")},
      {Verb::kPut, Do(Move::kWaitLong)},
      {Verb::kList, Do(Move::kHangUp).Then(Ask(Verb::kGet))},
  };
  BatchPart brought{.outcome = {.generation = first, .value_bytes = 5}, .bytes = "value"};
  std::vector<BatchPart> parts = {brought, ErrorPart(StatusCode::kOutOfRange, "why")}, bare(2);
  const auto batch = [](std::vector<BatchPart>* outcomes) {
    std::string table, payload;
    for (const std::string_view piece : PackOutcomes(outcomes, &table)) payload += piece;
    return Answer(BatchReply{.operations = 2, .payload_bytes = payload.size()}, payload);
  };
  answers.insert(answers.end(),
                 {{Verb::kBatchRead, batch(&parts)},
                  {Verb::kBatchWrite, batch(&bare)},
                  {Verb::kTransact, batch(&bare)},
                  {Verb::kStage, Answer(StageReply{}).Then(Answer(StageReply{})).Then(batch(&bare))},
                  {Verb::kCopyRange, Answer(CopyRangeReply{.keys_copied = 3})},
                  {Verb::kWait, Answer(StatReply{.generation = first, .value_bytes = 5, .exists = 1})}});
  std::vector<std::string> seeds;
  for (const auto& [verb, answer] : answers)
    seeds.push_back(Ask(verb).Then(Greeting()).Then(answer).bytes());
  const std::string large_page = PackList({{"a", 1}, {std::string(2000, 'b'), 2}});
  const ListReply large_list{.entries = 2, .payload_bytes = large_page.size()};
  seeds.push_back(Ask(Verb::kList).Then(Greeting()).Then(Answer(large_list, large_page)).bytes());
  wire::Welcome elsewhere{.tcp_port = 1, .incarnation = 7, .token = 5, .requests_in_flight_max = 1};
  elsewhere.host_identity_bytes = 4;
  for (std::string& seed : SeedsOfOtherVerbs(got(5))) seeds.push_back(std::move(seed));
  const std::string frames[] = {
      ControlFrame(ControlType::kRefused, Refused{.code = 9, .message_bytes = 2}, "no"),
      ControlFrame(ControlType::kWelcome, elsewhere, "here"),
      ControlFrame(ControlType::kWelcome, wire::Welcome{.version = 2}),
      ControlFrame(ControlType::kMapped, Mapped{.index_bytes = 1}),  // although the client did not ask for it
  };
  for (const std::string& frame : frames)
    seeds.push_back(Ask(Verb::kGet).Then(Do(Move::kFrame).Text(frame)).bytes());
  return seeds;
}

}  // namespace remote_dram::fuzz
