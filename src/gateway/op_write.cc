// Write: parts → upload; complete stream → commit → response.
#include "gateway/op_write.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "gateway/awaited.h"
#include "gateway/rpc.h"
#include "gateway/translate.h"
#include "gateway/write_parts.h"

namespace remote_dram::gateway {
namespace {

// Parses the messages itself, because gRPC would report a malformed message as the end of the stream, and would copy the
// bytes that it parses.
class WriteCall final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  WriteCall(KeyValueStore& store, ValueSizes& sizes, uint64_t value_bytes_max,
            std::chrono::system_clock::time_point deadline, grpc::ByteBuffer* response)
      : store_(store), sizes_(sizes), deadline_(deadline), response_(response), parts_(value_bytes_max) {}

  void Start() { StartRead(&message_); }

  void OnReadDone(bool ok) override {
    // gRPC reports the end of a cancelled or broken stream in the same way as that of a complete one. But on a broken
    // stream nothing can be sent any more. So this sends the headers, and stores the value only if that succeeds.
    if (!ok) return StartSendInitialMetadata();
    Result<std::vector<grpc::Slice>> bytes = TakeSlices(message_);
    if (!bytes.ok()) return Finish(ToGrpc(bytes.status()));
    Result<WriteParts::Part> part = parts_.Take(*std::move(bytes));
    if (!part.ok()) return Finish(ToGrpc(part.status()));
    if (!upload_) upload_ = store_.StartUpload(parts_.key(), sizes_.expected_bytes());
    upload_->Append(part->pieces, std::move(part->owner));
    StartRead(&message_);
  }

  void OnSendInitialMetadataDone(bool ok) override {
    if (ok) return Commit();
    Finish({grpc::StatusCode::CANCELLED, "write: the stream broke off; nothing was written"});
  }

  void OnCancel() override {
    if (awaited_.GiveUp()) Finish(GivenUp());
  }
  void OnDone() override { delete this; }

 private:
  void Commit() {
    if (const Status whole = parts_.Complete(); !whole.ok()) return Finish(ToGrpc(whole));
    const Time now = std::chrono::system_clock::now();
    const Result<std::chrono::milliseconds> time_left = TimeLeft(deadline_, now);
    if (!time_left.ok()) return Finish(ToGrpc(time_left.status()));
    stamp_ = StampOf(now);
    const PutOptions options{.if_generation = parts_.if_generation(), .timeout = *time_left};
    Done<WriteResult> done = awaited_.Expect(this, &WriteCall::OnAnswer);
    if (!done) return Finish(GivenUp());
    upload_->Commit(options, std::move(done));
  }

  void OnAnswer(Result<WriteResult> result) {
    if (result.ok()) sizes_.Add(parts_.value_bytes());
    *response_ = Encode(AnswerWrite(result, stamp_));
    Finish(grpc::Status::OK);
  }

  KeyValueStore& store_;
  ValueSizes& sizes_;
  const std::chrono::system_clock::time_point deadline_;
  grpc::ByteBuffer* const response_;
  Awaited awaited_;
  grpc::ByteBuffer message_;
  WriteParts parts_;
  std::unique_ptr<Upload> upload_;  // null before the first part
  Stamp stamp_;
};

}  // namespace

void ValueSizes::Add(uint64_t bytes) {
  const uint64_t before = expected_bytes();  // writes that overlap may lose a size: it is only a guess
  expected_bytes_.store(std::max(bytes, before - before / 64), std::memory_order_relaxed);
}

grpc::ServerReadReactor<grpc::ByteBuffer>* StartWrite(KeyValueStore& store, ValueSizes& sizes, uint64_t value_bytes_max,
                                                      grpc::CallbackServerContext* context,
                                                      grpc::ByteBuffer* response) {
  auto* call = new WriteCall(store, sizes, value_bytes_max, context->deadline(), response);
  call->Start();
  return call;
}

}  // namespace remote_dram::gateway
