// Delete: request → store → response.
#include "gateway/op_delete.h"

#include <utility>

#include "gateway/awaited.h"
#include "gateway/rpc.h"
#include "gateway/translate.h"

namespace remote_dram::gateway {
namespace {

class DeleteCall final : public grpc::ServerUnaryReactor {
 public:
  explicit DeleteCall(proto::DeleteResponse* response) : response_(response) {}

  void Start(KeyValueStore& store, std::chrono::system_clock::time_point deadline,
             const proto::DeleteRequest& request) {
    Result<DeletePlan> plan = PlanDelete(request);
    if (!plan.ok()) return Finish(ToGrpc(plan.status()));
    const Time now = std::chrono::system_clock::now();
    const Result<std::chrono::milliseconds> time_left = TimeLeft(deadline, now);
    if (!time_left.ok()) return Finish(ToGrpc(time_left.status()));
    stamp_ = StampOf(now);
    if (plan->whole_range) {
      Done<DeleteRangeResult> done = awaited_.Expect(this, &DeleteCall::OnRangeDeleted);
      if (!done) return Finish(GivenUp());
      return store.DeleteRange(plan->range, {.timeout = *time_left}, std::move(done));
    }
    plan->options.timeout = *time_left;
    Done<WriteResult> done = awaited_.Expect(this, &DeleteCall::OnDeleted);
    if (!done) return Finish(GivenUp());
    store.Delete(plan->key, plan->options, std::move(done));
  }

  void OnCancel() override {
    if (awaited_.GiveUp()) Finish(GivenUp());
  }
  void OnDone() override { delete this; }

 private:
  void OnDeleted(Result<WriteResult> result) {
    *response_ = AnswerDelete(result, stamp_);
    Finish(grpc::Status::OK);
  }

  void OnRangeDeleted(Result<DeleteRangeResult> result) {
    *response_ = AnswerDeleteRange(result, stamp_);
    Finish(grpc::Status::OK);
  }

  proto::DeleteResponse* const response_;
  Awaited awaited_;
  Stamp stamp_;
};

}  // namespace

grpc::ServerUnaryReactor* StartDelete(KeyValueStore& store, grpc::CallbackServerContext* context,
                                      const proto::DeleteRequest& request,
                                      proto::DeleteResponse* response) {
  auto* call = new DeleteCall(response);
  call->Start(store, context->deadline(), request);
  return call;
}

}  // namespace remote_dram::gateway
