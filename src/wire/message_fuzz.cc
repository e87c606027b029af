// Messages of the data path: after any header, parses the input as the request and the reply of every verb.
#include "wire/message.h"

#include "base/check.h"
#include "base/fuzzing.h"
#include "remote_dram/status.h"
#include "remote_dram/verbs.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

void Check(const WireGeneration& generation) {
  const WireGeneration again = WireGeneration::From(generation.ToGeneration());
  RD_CHECK(std::memcmp(&again, &generation, sizeof again) == 0);
}
void CheckKey(size_t bytes) { RD_CHECK(bytes <= key_bytes_max); }

void Check(const JoinRequest&, size_t tail) { RD_CHECK(tail == 0); }
void Check(const JoinReply&, size_t tail) { RD_CHECK(tail == 0); }
void Check(const GetRequest& get, size_t tail) {
  Check(get.if_generation);
  Check(get.if_not_generation);
  CheckKey(tail);
}
void Check(const GetWholeRequest&, size_t tail) { CheckKey(tail); }
void Check(const GetReply& reply, size_t tail) {
  Check(reply.generation);
  RD_CHECK(tail == 0 && reply.payload_bytes <= reply.value_bytes);
  RD_CHECK(static_cast<ReadState>(reply.state) == ReadState::kValue || reply.payload_bytes == 0);
}
void Check(const PutRequest& put, size_t tail) {
  Check(put.if_generation);
  CheckKey(tail);
}
void Check(const DeleteRequest& deletion, size_t tail) {
  Check(deletion.if_generation);
  CheckKey(tail);
}
void Check(const WriteReply& reply, size_t tail) {
  Check(reply.generation);
  RD_CHECK(tail == 0 && reply.state <= static_cast<uint64_t>(WriteState::kConditionFailed));
}
void Check(const DeleteRangeRequest& range, size_t tail) {
  RD_CHECK(tail == 0 && range.begin_bytes <= key_bytes_max + 1 && range.end_bytes <= key_bytes_max + 1);
}
void Check(const DeleteRangeReply&, size_t tail) { RD_CHECK(tail == 0); }
void Check(const ListRequest& list, size_t tail) {
  RD_CHECK(tail == 0 && list.begin_bytes <= key_bytes_max + 1 && list.end_bytes <= key_bytes_max + 1);
  RD_CHECK(list.after_bytes <= (list.resume ? key_bytes_max : 0) && list.entries_max > 0);
}
void Check(const ListReply& reply, size_t tail) {
  RD_CHECK(tail == 0 && (reply.entries > 0 || reply.more == 0));
}
void Check(const StatRequest&, size_t tail) { CheckKey(tail); }
void Check(const StatReply& reply, size_t tail) {
  Check(reply.generation);
  RD_CHECK(tail == 0 && reply.exists <= 1);
}
void Check(const StatServerRequest&, size_t tail) { RD_CHECK(tail == 0); }
void Check(const StatServerReply&, size_t tail) { RD_CHECK(tail <= error_text_bytes_max); }
void CheckCount(uint32_t operations) { RD_CHECK(operations > 0 && operations <= batch_operations_max); }
void Check(const BatchReadRequest& batch, size_t tail) {
  CheckCount(batch.operations);
  RD_CHECK(tail == 0 && batch.at_one_instant <= 1);
}
void Check(const BatchWriteRequest& batch, size_t tail) {
  CheckCount(batch.operations);
  RD_CHECK(tail == 0);
}
void Check(const BatchReply& batch, size_t tail) {
  CheckCount(batch.operations);
  RD_CHECK(tail == 0 && batch.state <= static_cast<uint64_t>(WriteState::kConditionFailed));
}
void Check(const StageRequest& stage, size_t tail) {
  CheckKey(tail);
  RD_CHECK(stage.transaction != 0);
}
void Check(const StageReply&, size_t tail) { RD_CHECK(tail == 0); }
void Check(const CopyRangeRequest& copy, size_t tail) {
  RD_CHECK(tail == 0 && copy.begin_bytes <= key_bytes_max + 1 && copy.end_bytes <= key_bytes_max + 1);
  RD_CHECK(copy.prefix_bytes <= key_bytes_max && copy.strip_bytes <= key_bytes_max);
}
void Check(const CopyRangeReply&, size_t tail) { RD_CHECK(tail == 0); }
void Check(const WaitRequest& wait, size_t tail) {
  Check(wait.while_generation);
  CheckKey(tail);
}

template <typename Body>
void ParseAs(std::string_view bytes) {
  Body body;
  std::string_view tail;
  if (Parse(bytes, &body, &tail) != nullptr) return;
  RD_CHECK(tail.size() == bytes.size() - sizeof body && tail.end() == bytes.end());
  Check(body, tail.size());
}

template <typename... Bodies>
void ParseAsEach(std::string_view bytes) {
  (ParseAs<Bodies>(bytes), ...);
}

template <typename Body>
std::string Message(Verb verb, const Body& body, std::string_view tail = {}) {
  std::string message;
  Append(&message, MessageHeader{.token = 1, .request = 2, .verb = static_cast<uint16_t>(verb)});
  Append(&message, body);
  return message.append(tail);
}

}  // namespace

void Run(std::string_view input) {
  MessageHeader header;
  if (Take(&input, &header) != nullptr || header.Fault() != nullptr) return;
  RD_CHECK(header.token != 0 && header.verb != 0 && header.code <= kStatusCodeMax);
  ParseAsEach<JoinRequest, GetRequest, GetWholeRequest, PutRequest, DeleteRequest, DeleteRangeRequest, ListRequest,
              StatRequest, StatServerRequest, BatchReadRequest, BatchWriteRequest, StageRequest,
              CopyRangeRequest, WaitRequest>(input);
  ParseAsEach<JoinReply, GetReply, WriteReply, DeleteRangeReply, ListReply, StatReply, StatServerReply,
              BatchReply, StageReply, CopyRangeReply>(input);
}

std::vector<std::string> Seeds() {
  const WireGeneration now{.incarnation = 1, .sequence = 2, .kind = 2}, missing{.kind = 1};
  return {
      Message(Verb::kJoin, JoinRequest{.incarnation = 1}),
      Message(Verb::kGet, GetRequest{.if_generation = now, .if_not_generation = missing}, "key"),
      Message(Verb::kGetWhole, GetWholeRequest{.room_bytes = 9}, "key"),
      Message(Verb::kGet, GetReply{.generation = now, .value_bytes = 9, .payload_bytes = 5}),
      Message(Verb::kPut, PutRequest{.if_generation = missing, .value_bytes = 9}, "key"),
      Message(Verb::kDelete, DeleteRequest{.if_generation = now}, "key"),
      Message(Verb::kDelete, WriteReply{.generation = now, .state = 1}),
      Message(Verb::kDeleteRange, DeleteRangeRequest{.begin_bytes = 1, .end_bytes = 2}),
      Message(Verb::kList, ListRequest{.after_bytes = 1, .resume = 1, .entries_max = 1}),
      Message(Verb::kList, ListReply{.entries = 1, .more = 1, .payload_bytes = 20}),
      Message(Verb::kStat, StatRequest{}, "key"),
      Message(Verb::kStat, StatReply{.generation = now, .exists = 1}),
      Message(Verb::kStatServer, StatServerReply{}, "1.2.3"),
      Message(Verb::kBatchRead, BatchReadRequest{.operations = 2, .at_one_instant = 1, .payload_bytes = 150}),
      Message(Verb::kTransact, BatchWriteRequest{.operations = 2, .payload_bytes = 120}),
      Message(Verb::kTransact, BatchReply{.operations = 2, .state = 1, .payload_bytes = 112}),
      Message(Verb::kStage, StageRequest{.transaction = 1, .value_bytes = 9}, "key"),
      Message(Verb::kStage, StageReply{}),
      Message(Verb::kCopyRange, CopyRangeRequest{.begin_bytes = 1, .end_bytes = 2, .prefix_bytes = 3, .strip_bytes = 4}),
      Message(Verb::kWait, WaitRequest{.while_generation = now, .timeout_ms = 9}, "key"),
  };
}

}  // namespace remote_dram::fuzz
