// Compares doc/protocol.md with the structs: names, types, offsets and sizes of all fields, values of all enumerators, and
// the bytes of the examples.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <vector>

#include "base/unix_socket.h"
#include "remote_dram/status.h"
#include "remote_dram/verbs.h"
#include "wire/batch.h"
#include "wire/batch_reply.h"
#include "wire/bundle.h"
#include "wire/control.h"
#include "wire/list_page.h"
#include "wire/mapped.h"
#include "wire/message.h"

namespace remote_dram::wire {
namespace {

// A row is "offset field type bytes" for a struct, and "number name" for an enum.
using Rows = std::vector<std::string>;
using Tables = std::map<std::string, Rows>;

template <typename T> constexpr const char* kTypeName = nullptr;
template <> constexpr const char* kTypeName<uint16_t> = "u16";
template <> constexpr const char* kTypeName<uint32_t> = "u32";
template <> constexpr const char* kTypeName<uint64_t> = "u64";
template <> constexpr const char* kTypeName<int64_t> = "i64";
template <> constexpr const char* kTypeName<uint64_t[6]> = "u64x6";
template <> constexpr const char* kTypeName<uint64_t[7]> = "u64x7";
template <> constexpr const char* kTypeName<WireGeneration> = "WireGeneration";
template <> constexpr const char* kTypeName<ClientId> = "ClientId";

// The rows of one struct. The fields must cover every byte, so that none can be forgotten here.
template <typename Struct>
class Fields {
 public:
  template <typename Member>
  Fields& Add(const char* name, Member Struct::*member) {
    static const Struct object{};
    const auto offset = static_cast<size_t>(reinterpret_cast<const char*>(&(object.*member)) - reinterpret_cast<const char*>(&object));
    EXPECT_EQ(offset, end_) << name;
    end_ = offset + sizeof(Member);
    rows_.push_back(std::to_string(offset) + " " + name + " " + kTypeName<Member> + " " + std::to_string(sizeof(Member)));
    return *this;
  }
  Rows Done() const {
    EXPECT_EQ(end_, sizeof(Struct));
    return rows_;
  }

 private:
  size_t end_ = 0;
  Rows rows_;
};

template <typename Enum>
std::string Number(const char* name, Enum number) {
  return std::to_string(static_cast<uint64_t>(number)) + " " + (name + 1);  // without the leading k
}

#define F(Struct, field) .Add(#field, &Struct::field)
#define N(Enum, name) Number(#name, Enum::name)

Tables ControlTables() {
  return {
      {"ControlHeader", Fields<ControlHeader>() F(ControlHeader, magic) F(ControlHeader, type) F(ControlHeader, reserved).Done()},
      {"ControlType", {N(ControlType, kHello), N(ControlType, kWelcome), N(ControlType, kRefused), N(ControlType, kAttach),
                       N(ControlType, kAttached), N(ControlType, kBye), N(ControlType, kMap), N(ControlType, kMapped),
                       N(ControlType, kWant), N(ControlType, kSegment), N(ControlType, kDropped), N(ControlType, kRings)}},
      {"ClientId", Fields<ClientId>() F(ClientId, id_high) F(ClientId, id_low) F(ClientId, secret_high) F(ClientId, secret_low).Done()},
      {"Hello", Fields<Hello>() F(Hello, version_min) F(Hello, version_max) F(Hello, reserved) F(Hello, client).Done()},
      {"Welcome", Fields<Welcome>() F(Welcome, version) F(Welcome, tcp_port) F(Welcome, tcp_host) F(Welcome, features)
                      F(Welcome, incarnation) F(Welcome, token) F(Welcome, requests_in_flight_max)
                      F(Welcome, host_identity_bytes) F(Welcome, shm_address_bytes) F(Welcome, socket_path_bytes)
                      F(Welcome, client).Done()},
      {"Refused", Fields<Refused>() F(Refused, code) F(Refused, message_bytes).Done()},
      {"Attach", Fields<Attach>() F(Attach, path) F(Attach, address_bytes).Done()},
      {"DataPath", {N(DataPath, kShm), N(DataPath, kTcp), N(DataPath, kRings)}},
      {"Attached", Fields<Attached>() F(Attached, reserved).Done()},
      {"Bye", Fields<Bye>() F(Bye, reserved).Done()},
  };
}

Tables MappedTables() {
  return {
      {"Map", Fields<Map>() F(Map, incarnation) F(Map, id_high) F(Map, id_low) F(Map, nonce) F(Map, proof).Done()},
      {"Mapped", Fields<Mapped>() F(Mapped, proof) F(Mapped, index_bytes).Done()},
      {"Want", Fields<Want>() F(Want, segment) F(Want, reserved).Done()},
      {"Segment", Fields<Segment>() F(Segment, bytes) F(Segment, segment) F(Segment, reserved).Done()},
      {"Dropped", Fields<Dropped>() F(Dropped, segment) F(Dropped, reserved).Done()},
      {"Rings", Fields<Rings>() F(Rings, made).Done()},
      {"MapSide", {N(MapSide, kClient), N(MapSide, kServer)}},
      {"MappedRoot", Fields<MappedRoot>() F(MappedRoot, magic) F(MappedRoot, version) F(MappedRoot, shards)
                         F(MappedRoot, incarnation) F(MappedRoot, hash_low) F(MappedRoot, hash_high)
                         F(MappedRoot, table_offset) F(MappedRoot, table_stride) F(MappedRoot, owner) F(MappedRoot, reserved0)
                         F(MappedRoot, sequence) F(MappedRoot, reserved1).Done()},
      {"MappedEnd", Fields<MappedEnd>() F(MappedEnd, ended).Done()},
      {"MappedShard", Fields<MappedShard>() F(MappedShard, version) F(MappedShard, entries) F(MappedShard, reserved).Done()},
      {"MappedEntry", Fields<MappedEntry>() F(MappedEntry, hash) F(MappedEntry, handle).Done()},
      {"MappedBlock", Fields<MappedBlock>() F(MappedBlock, shape) F(MappedBlock, sequence).Done()},
      {"MappedLink", Fields<MappedLink>() F(MappedLink, handle) F(MappedLink, server_own).Done()},
      {"BlockKind", {N(BlockKind, kValue), N(BlockKind, kLink)}},
  };
}

Tables NumberTables() {
  Rows codes;
  for (int code = 0; code <= kStatusCodeMax; ++code) {
    codes.push_back(std::to_string(code) + " " + std::string(CodeName(static_cast<StatusCode>(code))));
  }
  using Kind = Generation::Kind;
  using WriteKind = WriteOperation::Kind;
  return {
      {"StatusCode", codes},
      {"Verb", {N(Verb, kJoin), N(Verb, kGet), N(Verb, kPut), N(Verb, kDelete), N(Verb, kDeleteRange), N(Verb, kList),
                N(Verb, kStat), N(Verb, kStatServer), N(Verb, kBatchRead), N(Verb, kBatchWrite), N(Verb, kTransact),
                N(Verb, kStage), N(Verb, kCopyRange), N(Verb, kWait), N(Verb, kGetWhole), N(Verb, kBundle)}},
      {"GenerationKind", {N(Kind, kUnknown), N(Kind, kMissing), N(Kind, kValue), N(Kind, kForeign)}},
      {"ReadState", {N(ReadState, kValue), N(ReadState, kMissing), N(ReadState, kConditionFailed)}},
      {"WriteState", {N(WriteState, kApplied), N(WriteState, kConditionFailed)}},
      {"WriteKind", {N(WriteKind, kPut), N(WriteKind, kDelete), N(WriteKind, kCheck), N(WriteKind, kDeleteRange)}},
  };
}

Tables MessageTables() {
  return {
      {"MessageHeader", Fields<MessageHeader>() F(MessageHeader, token) F(MessageHeader, request) F(MessageHeader, sequence)
                            F(MessageHeader, verb) F(MessageHeader, code) F(MessageHeader, span).Done()},
      {"WireGeneration", Fields<WireGeneration>() F(WireGeneration, incarnation) F(WireGeneration, sequence)
                             F(WireGeneration, kind).Done()},
      {"JoinRequest", Fields<JoinRequest>() F(JoinRequest, incarnation).Done()},
      {"JoinReply", Fields<JoinReply>() F(JoinReply, reserved).Done()},
      {"GetRequest", Fields<GetRequest>() F(GetRequest, if_generation) F(GetRequest, if_not_generation) F(GetRequest, range_min)
                         F(GetRequest, range_max) F(GetRequest, room_bytes).Done()},
      {"GetWholeRequest", Fields<GetWholeRequest>() F(GetWholeRequest, room_bytes).Done()},
      {"GetReply", Fields<GetReply>() F(GetReply, generation) F(GetReply, value_bytes) F(GetReply, payload_bytes)
                       F(GetReply, state).Done()},
      {"PutRequest", Fields<PutRequest>() F(PutRequest, if_generation) F(PutRequest, value_bytes).Done()},
      {"DeleteRequest", Fields<DeleteRequest>() F(DeleteRequest, if_generation).Done()},
      {"WriteReply", Fields<WriteReply>() F(WriteReply, generation) F(WriteReply, state).Done()},
      {"DeleteRangeRequest", Fields<DeleteRangeRequest>() F(DeleteRangeRequest, begin_bytes) F(DeleteRangeRequest, end_bytes).Done()},
      {"DeleteRangeReply", Fields<DeleteRangeReply>() F(DeleteRangeReply, keys_deleted).Done()},
      {"ListRequest", Fields<ListRequest>() F(ListRequest, begin_bytes) F(ListRequest, end_bytes) F(ListRequest, after_bytes)
                          F(ListRequest, resume) F(ListRequest, entries_max) F(ListRequest, reserved).Done()},
      {"ListReply", Fields<ListReply>() F(ListReply, entries) F(ListReply, more) F(ListReply, payload_bytes).Done()},
      {"ListedEntry", Fields<ListedEntry>() F(ListedEntry, value_bytes) F(ListedEntry, key_bytes).Done()},
      {"StatRequest", Fields<StatRequest>() F(StatRequest, reserved).Done()},
      {"StatReply", Fields<StatReply>() F(StatReply, generation) F(StatReply, value_bytes) F(StatReply, exists).Done()},
      {"StatServerRequest", Fields<StatServerRequest>() F(StatServerRequest, reserved).Done()},
      {"StatServerReply", Fields<StatServerReply>() F(StatServerReply, incarnation) F(StatServerReply, keys)
                              F(StatServerReply, memory_bytes) F(StatServerReply, memory_limit_bytes)
                              F(StatServerReply, connections) F(StatServerReply, uptime_ms).Done()},
  };
}

Tables BatchTables() {
  return {
      {"BatchReadRequest", Fields<BatchReadRequest>() F(BatchReadRequest, operations) F(BatchReadRequest, at_one_instant)
                               F(BatchReadRequest, payload_bytes).Done()},
      {"ReadEntry", Fields<ReadEntry>() F(ReadEntry, if_generation) F(ReadEntry, if_not_generation) F(ReadEntry, range_min)
                        F(ReadEntry, range_max) F(ReadEntry, key_bytes) F(ReadEntry, stat).Done()},
      {"BatchWriteRequest", Fields<BatchWriteRequest>() F(BatchWriteRequest, operations) F(BatchWriteRequest, reserved)
                                F(BatchWriteRequest, transaction) F(BatchWriteRequest, payload_bytes).Done()},
      {"WriteEntry", Fields<WriteEntry>() F(WriteEntry, if_generation) F(WriteEntry, value_bytes) F(WriteEntry, kind)
                         F(WriteEntry, key_bytes) F(WriteEntry, end_bytes) F(WriteEntry, ahead).Done()},
      {"BatchReply", Fields<BatchReply>() F(BatchReply, operations) F(BatchReply, state) F(BatchReply, payload_bytes).Done()},
      {"BatchOutcome", Fields<BatchOutcome>() F(BatchOutcome, generation) F(BatchOutcome, value_bytes) F(BatchOutcome, sequence)
                           F(BatchOutcome, payload_bytes) F(BatchOutcome, code) F(BatchOutcome, state).Done()},
      {"StageRequest", Fields<StageRequest>() F(StageRequest, transaction) F(StageRequest, value_bytes).Done()},
      {"StageReply", Fields<StageReply>() F(StageReply, reserved).Done()},
      {"CopyRangeRequest", Fields<CopyRangeRequest>() F(CopyRangeRequest, begin_bytes) F(CopyRangeRequest, end_bytes)
                               F(CopyRangeRequest, prefix_bytes) F(CopyRangeRequest, strip_bytes).Done()},
      {"CopyRangeReply", Fields<CopyRangeReply>() F(CopyRangeReply, keys_copied).Done()},
      {"BundleEntry", Fields<BundleEntry>() F(BundleEntry, header_bytes) F(BundleEntry, payload_bytes).Done()},
      {"WaitRequest", Fields<WaitRequest>() F(WaitRequest, while_generation) F(WaitRequest, timeout_ms).Done()},
  };
}

#undef F
#undef N

// The content of the page: each table below a heading "### Name", and the bytes of each block "```hex Name".
struct Page {
  Tables tables;
  std::map<std::string, std::string> examples;
};

// Parses the bytes at the beginning of a line, two hexadecimal digits each, up to the first word that is not a byte.
std::string BytesOf(const std::string& line) {
  static const std::regex leading("^((?:[0-9a-f]{2} {1,2})*(?:[0-9a-f]{2}))(?: .*)?$");
  std::smatch match;
  std::string bytes;
  if (!std::regex_match(line, match, leading)) return bytes;
  std::istringstream pairs(match[1]);
  for (std::string pair; pairs >> pair;) bytes += static_cast<char>(std::stoi(pair, nullptr, 16));
  return bytes;
}

Page ReadPage() {
  static const std::regex heading("^### (\\w+)(?: \\((\\d+) bytes\\))?$");
  static const std::regex field("^\\| (\\d+) \\| `(\\w+)` \\| (\\w+) \\| (\\d+) \\|.*");
  static const std::regex number("^\\| (\\d+) \\| `(\\w+)` \\|.*");
  Page page;
  std::string name, example;
  std::ifstream file(REMOTE_DRAM_SOURCE_DIR "/doc/protocol.md");
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (line.rfind("```", 0) == 0) {
      example = line.rfind("```hex ", 0) == 0 ? line.substr(7) : "";
    } else if (!example.empty()) {
      page.examples[example] += BytesOf(line);
    } else if (line.rfind("#", 0) == 0) {
      name = std::regex_match(line, match, heading) ? match[1].str() : "";
    } else if (!name.empty() && std::regex_match(line, match, field)) {
      page.tables[name].push_back(match[1].str() + " " + match[2].str() + " " + match[3].str() + " " + match[4].str());
    } else if (!name.empty() && std::regex_match(line, match, number)) {
      page.tables[name].push_back(match[1].str() + " " + match[2].str());
    }
  }
  return page;
}

TEST(ProtocolPage, NamesEveryStructFieldAndNumberAsTheCodeHasThem) {
  Tables code = ControlTables();
  code.merge(MappedTables());
  code.merge(NumberTables());
  code.merge(MessageTables());
  code.merge(BatchTables());
  const Page page = ReadPage();
  for (const auto& [name, rows] : code) {
    ASSERT_TRUE(page.tables.count(name)) << "doc/protocol.md has no table of " << name;
    EXPECT_EQ(page.tables.at(name), rows) << name;
  }
  for (const auto& [name, rows] : page.tables) EXPECT_TRUE(code.count(name)) << "the code has no " << name;
}

TEST(ProtocolPage, ListsTheVerbsThatAHeaderMayHaveAndNoOthers) {
  const Rows listed = ReadPage().tables["Verb"];
  for (uint32_t verb = 0; verb < 1000; ++verb) {
    const MessageHeader header{.token = 1, .verb = static_cast<uint16_t>(verb)};
    const bool on_page = std::any_of(listed.begin(), listed.end(), [verb](const std::string& row) {
      return row.rfind(std::to_string(verb) + " ", 0) == 0;
    });
    ASSERT_EQ(header.Fault() == nullptr, on_page) << verb;
  }
}

TEST(ProtocolPage, ShowsTheBytesOfAHello) {
  const std::string frame = ControlFrame(ControlType::kHello, Hello{});
  std::string sent;
  const auto length = static_cast<uint32_t>(frame.size());
  sent.append(reinterpret_cast<const char*>(&length), sizeof length).append(frame);
  EXPECT_EQ(ReadPage().examples["Hello"], sent);
}

TEST(ProtocolPage, ShowsTheBytesOfAGet) {
  std::string sent;
  Append(&sent, MessageHeader{.token = 0x0102030405060708, .request = uint64_t{1} << 32, .verb = static_cast<uint16_t>(Verb::kGet)});
  GetRequest get;
  get.if_not_generation = WireGeneration::From(Generation::Value(0x1122334455667788, 7));
  Append(&sent, get);
  EXPECT_EQ(ReadPage().examples["GetRequest"], sent + "a/0");
}

TEST(ProtocolPage, NamesTheLimitsThatItGivesInNumbers) {
  std::ifstream file(REMOTE_DRAM_SOURCE_DIR "/doc/protocol.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  for (const std::string& limit :
       {"`hello_timeout` (" + std::to_string(hello_timeout.count() / 1000) + " s)",
        "`connect_timeout` (" + std::to_string(connect_timeout_default.count() / 1000) + " s",
        "`connections_max` (" + std::to_string(connections_max) + ")",
        "at most " + std::to_string(error_text_bytes_max) + " bytes",
        "`key_bytes_max` (" + std::to_string(key_bytes_max) + ")",
        "from 1 to " + std::to_string(list_entries_max),
        "`batch_operations_max` (" + std::to_string(batch_operations_max) + ")",
        "`wait_ms_max` (" + std::to_string(wait_ms_max) + ")",
        "`batch_bytes_max` (" + std::to_string(batch_bytes_max >> 20) + " MiB)",
        "`batch_reply_bytes_max` (" + std::to_string(batch_reply_bytes_max >> 20) + " MiB)",
        "`mapped_pins_max` (" + std::to_string(mapped_pins_max) + ")",
        "`socket_path_bytes_max` (" + std::to_string(base::socket_path_bytes_max) + ")",
        "at most " + std::to_string(key_bytes_max + 1) + " bytes"}) {
    EXPECT_NE(text.find(limit), std::string::npos) << limit;
  }
}

}  // namespace
}  // namespace remote_dram::wire
