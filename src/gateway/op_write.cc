// Write: parts → complete stream → store → response.
#include "gateway/op_write.h"

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
  WriteCall(KeyValueStore& store, uint64_t value_bytes_max,
            std::chrono::system_clock::time_point deadline, grpc::ByteBuffer* response)
      : store_(store),
        deadline_(deadline),
        response_(response),
        parts_(std::make_shared<WriteParts>(value_bytes_max)) {}

  void Start() { StartRead(&message_); }

  void OnReadDone(bool ok) override {
    // gRPC reports the end of a cancelled or broken stream in the same way as that of a complete one. But on a broken
    // stream nothing can be sent any more. So this sends the headers, and stores the value only if that succeeds.
    if (!ok) return StartSendInitialMetadata();
    Result<std::vector<grpc::Slice>> bytes = TakeSlices(message_);
    const Status added = bytes.ok() ? parts_->Add(*std::move(bytes)) : bytes.status();
    if (!added.ok()) return Finish(ToGrpc(added));
    StartRead(&message_);
  }

  void OnSendInitialMetadataDone(bool ok) override {
    if (ok) return Put();
    Finish({grpc::StatusCode::CANCELLED, "write: the stream broke off; nothing was written"});
  }

  void OnCancel() override {
    if (awaited_.GiveUp()) Finish(GivenUp());
  }
  void OnDone() override { delete this; }

 private:
  void Put() {
    if (const Status whole = parts_->Complete(); !whole.ok()) return Finish(ToGrpc(whole));
    const Time now = std::chrono::system_clock::now();
    const Result<std::chrono::milliseconds> time_left = TimeLeft(deadline_, now);
    if (!time_left.ok()) return Finish(ToGrpc(time_left.status()));
    stamp_ = StampOf(now);
    const PutOptions options{.if_generation = parts_->if_generation(), .timeout = *time_left};
    // Expect keeps the parts alive: the store reads them until it has answered, even if the client is gone by then.
    Done<WriteResult> done = awaited_.Expect(this, &WriteCall::OnAnswer, parts_);
    if (!done) return Finish(GivenUp());
    store_.Put(parts_->key(), parts_->pieces(), options, std::move(done));
  }

  void OnAnswer(Result<WriteResult> result) {
    *response_ = Encode(AnswerWrite(result, stamp_));
    Finish(grpc::Status::OK);
  }

  KeyValueStore& store_;
  const std::chrono::system_clock::time_point deadline_;
  grpc::ByteBuffer* const response_;
  Awaited awaited_;
  grpc::ByteBuffer message_;
  std::shared_ptr<WriteParts> parts_;
  Stamp stamp_;
};

}  // namespace

grpc::ServerReadReactor<grpc::ByteBuffer>* StartWrite(KeyValueStore& store, uint64_t value_bytes_max,
                                                      grpc::CallbackServerContext* context,
                                                      grpc::ByteBuffer* response) {
  auto* call = new WriteCall(store, value_bytes_max, context->deadline(), response);
  call->Start();
  return call;
}

}  // namespace remote_dram::gateway
