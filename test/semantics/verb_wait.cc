// Wait: begins a wait, runs other steps meanwhile, and takes its answer.
#include <future>

#include "semantics/verbs.h"

namespace remote_dram::semantics {

Answer Wait(Call& call) {
  WaitOptions options;
  if (call.step.Find("while") != nullptr) options.while_generation = call.Condition("while");
  const Terms terms(call, &options);
  const std::string key = call.Key();
  const Json* meanwhile = call.step.Find("meanwhile");
  if (meanwhile == nullptr && !terms.meanwhile()) return AnswerOf(call.store.Wait(key, options));
  std::promise<Result<StatResult>> promise;
  std::future<Result<StatResult>> answer = promise.get_future();
  call.store.Wait(key, options, [promise = std::move(promise)](Result<StatResult> now) mutable {
    promise.set_value(std::move(now));
  });
  // A second wait, which is answered at once. If the first wait was wrongly answered at once, too, its answer has
  // arrived by then.
  WaitOptions other;
  other.while_generation = Generation::Foreign();
  if (!call.store.Wait(key, other).ok() ||
      answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    throw Mismatch(call.step.where() + ": did not wait");
  }
  std::exception_ptr wrong;
  try {
    if (meanwhile != nullptr) call.run(*meanwhile);
  } catch (...) {
    wrong = std::current_exception();
  }
  if (terms.meanwhile() || wrong) terms.Cancel();
  Result<StatResult> now = answer.get();
  if (wrong) std::rethrow_exception(wrong);
  return AnswerOf(now);
}

}  // namespace remote_dram::semantics
