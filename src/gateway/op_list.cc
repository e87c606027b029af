// List: asks the store for a page, sends it, and asks for the next one when it has been sent.
#include "gateway/op_list.h"

#include <utility>

#include "gateway/awaited.h"
#include "gateway/rpc.h"
#include "gateway/translate.h"

namespace remote_dram::gateway {
namespace {

class ListCall final : public grpc::ServerWriteReactor<proto::ListResponse> {
 public:
  ListCall(KeyValueStore& store, std::chrono::system_clock::time_point deadline)
      : store_(store), deadline_(deadline) {}

  void Start(const proto::ListRequest& request) {
    Result<ListPlan> plan = PlanList(request, std::chrono::system_clock::now());
    if (!plan.ok()) return Finish(ToGrpc(plan.status()));
    plan_ = *std::move(plan);
    AskForPage();
  }

  void OnCancel() override {
    if (awaited_.GiveUp()) Finish(GivenUp());
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(GivenUp());
    AskForPage();
  }
  void OnDone() override { delete this; }

 private:
  void AskForPage() {
    const Result<std::chrono::milliseconds> time_left =
        TimeLeft(deadline_, std::chrono::system_clock::now());
    if (!time_left.ok()) return Finish(ToGrpc(time_left.status()));
    options_.timeout = *time_left;
    Done<ListPage> done = awaited_.Expect(this, &ListCall::OnPage);
    if (!done) return Finish(GivenUp());
    // Passes copies, because an answer on another thread may change or destroy this object before List returns.
    const KeyRange range = plan_.range;
    const ListOptions options = options_;
    store_.List(range, options, std::move(done));
  }

  void OnPage(Result<ListPage> page) {
    if (!page.ok()) return Finish(ToGrpc(page.status()));
    if (page->entries.empty()) {
      // Going on would repeat the same request for ever; stopping would hide keys.
      if (page->more) {
        return Finish({grpc::StatusCode::INTERNAL, "list: the store sent an empty page before the last"});
      }
      return Finish(grpc::Status::OK);
    }
    response_ = AnswerList(*page, plan_.strip_bytes);
    if (!page->more) return StartWriteAndFinish(&response_, {}, grpc::Status::OK);
    options_.after = std::move(page->entries.back().key);
    StartWrite(&response_);
  }

  KeyValueStore& store_;
  const std::chrono::system_clock::time_point deadline_;
  ListPlan plan_;
  ListOptions options_;
  Awaited awaited_;
  proto::ListResponse response_;
};

}  // namespace

grpc::ServerWriteReactor<proto::ListResponse>* StartList(KeyValueStore& store,
                                                         grpc::CallbackServerContext* context,
                                                         const proto::ListRequest& request) {
  auto* call = new ListCall(store, context->deadline());
  call->Start(request);
  return call;
}

}  // namespace remote_dram::gateway
