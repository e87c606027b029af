// Read: request → store → parts, each of which is sent when the one before has been sent.
#include "gateway/op_read.h"

#include <optional>
#include <utility>

#include "gateway/awaited.h"
#include "gateway/read_parts.h"
#include "gateway/rpc.h"
#include "gateway/translate.h"

namespace remote_dram::gateway {
namespace {

class ReadCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  void Start(KeyValueStore& store, std::chrono::system_clock::time_point deadline,
             grpc::ByteBuffer bytes) {
    proto::ReadRequest request;
    if (const Status parsed = Parse(bytes, request); !parsed.ok()) return Finish(ToGrpc(parsed));
    const Time now = std::chrono::system_clock::now();
    Result<ReadPlan> plan = PlanRead(request, now);
    if (!plan.ok()) return Finish(ToGrpc(plan.status()));
    const Result<std::chrono::milliseconds> time_left = TimeLeft(deadline, now);
    if (!time_left.ok()) return Finish(ToGrpc(time_left.status()));
    plan->options.timeout = *time_left;
    stamp_ = plan->stamp;
    Done<GetResult> done = awaited_.Expect(this, &ReadCall::OnAnswer);
    if (!done) return Finish(GivenUp());
    store.Get(plan->key, plan->options, std::move(done));
  }

  void OnCancel() override {
    if (awaited_.GiveUp()) Finish(GivenUp());
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(GivenUp());
    SendNext();
  }
  void OnDone() override { delete this; }

 private:
  void OnAnswer(Result<GetResult> result) {
    if (!result.ok()) return Finish(ReadFailed(result.status()));
    parts_.emplace(AnswerRead(*result, stamp_), std::move(result->value));
    SendNext();
  }

  // This object must not be touched after StartWrite: another thread may already use or delete it.
  void SendNext() {
    message_ = parts_->Next();
    if (parts_->done()) return StartWriteAndFinish(&message_, {}, grpc::Status::OK);
    StartWrite(&message_);
  }

  Awaited awaited_;
  Stamp stamp_;
  std::optional<ReadParts> parts_;
  grpc::ByteBuffer message_;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartRead(KeyValueStore& store,
                                                      grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request) {
  auto* call = new ReadCall;
  call->Start(store, context->deadline(), *request);
  return call;
}

}  // namespace remote_dram::gateway
