// Wait: one request that is answered when the key changes, and asked again after wait_ms_max.
#include <algorithm>

#include "base/bytes.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class WaitCall final : public CallFor<StatResult> {
 public:
  WaitCall(std::string_view key, const Generation& while_generation, uint64_t timeout_ms, Done<StatResult> done)
      : CallFor(wire::Verb::kWait, "wait " + base::Quoted(key), false, std::move(done)) {
    wire::Append(&request, wire::WaitRequest{.while_generation = wire::WireGeneration::From(while_generation),
                                             .timeout_ms = timeout_ms});
    request.append(key);
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival&,
            const std::shared_ptr<Lifeline>& lifeline) override {
    wire::StatReply reply;
    std::string_view tail;
    if (const char* fault = wire::Parse(rest, &reply, &tail)) return lifeline->Fault(fault);
    result.exists = reply.exists != 0;
    result.generation = reply.generation.ToGeneration();
    result.value_bytes = reply.value_bytes;
    result.sequence = header.sequence;
    Decide(Status());
  }
};

}  // namespace

void Wait(std::string key, const Generation& while_generation, const net::Loop* loop, net::TimePoint deadline,
          Submit submit, Done<StatResult> done) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - loop->Now()).count();
  const uint64_t timeout_ms = std::clamp(left, decltype(left){0}, decltype(left){wire::wait_ms_max});
  const std::string_view name = key;
  const Submit submit_now = submit;
  Done<StatResult> ended = [key, while_generation, loop, deadline, submit = std::move(submit),
                            done = std::move(done)](Result<StatResult> now) mutable {
    const bool again = now.status().code() == StatusCode::kDeadlineExceeded && loop->Now() < deadline;
    if (!again) return std::move(done)(std::move(now));
    Wait(std::move(key), while_generation, loop, deadline, std::move(submit), std::move(done));
  };
  submit_now(std::make_shared<WaitCall>(name, while_generation, timeout_ms, std::move(ended)));
}

}  // namespace remote_dram::client
