// Wait: a request that the server answers when the key changes, or after wait_ms_max; then the client sends it again
// until the deadline.
#include <algorithm>

#include "client/stat_reply_call.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class WaitCall final : public StatReplyCall {
 public:
  WaitCall(std::string_view key, const Generation& while_generation, uint64_t timeout_ms, Done<StatResult>&& done)
      : StatReplyCall(wire::Verb::kWait, "wait", std::move(done)) {
    Ask(wire::WaitRequest{.while_generation = wire::WireGeneration::From(while_generation), .timeout_ms = timeout_ms},
        key);
  }
};

}  // namespace

void Wait(std::string key, const Generation& while_generation, const net::Loop* loop, net::TimePoint deadline,
          Submit submit, Done<StatResult>&& done) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - loop->Now()).count();
  const uint64_t timeout_ms = std::clamp(left, decltype(left){0}, decltype(left){wire::wait_ms_max});
  const std::string_view name = key;
  const Submit submit_now = submit;
  Done<StatResult> ended = [key, while_generation, loop, deadline, submit = std::move(submit),
                            done = std::move(done)](Result<StatResult> now) mutable {
    const Status status = now.status();
    if (status.code() != StatusCode::kDeadlineExceeded) return std::move(done)(std::move(now));
    if (loop->Now() >= deadline) {
      return std::move(done)(Status(status.code(), status.message() + "; a wait has none until the key changes"));
    }
    Wait(std::move(key), while_generation, loop, deadline, std::move(submit), std::move(done));
  };
  submit_now(std::make_shared<WaitCall>(name, while_generation, timeout_ms, std::move(ended)));
}

}  // namespace remote_dram::client
