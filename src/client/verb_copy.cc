// CopyRange: the bounds of the range and the new prefix are sent as payload, which the call owns.
#include "base/bytes.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class CopyRange final : public CallFor<CopyRangeResult> {
 public:
  CopyRange(const KeyRange& source, const CopyTarget& target, Done<CopyRangeResult>&& done)
      : CallFor(wire::Verb::kCopyRange, "copy", std::move(done)),
        keys_(source.begin + source.end + target.prefix) {
    SetSubject(" " + base::Quoted(source.begin));
    Ask(wire::CopyRangeRequest{.begin_bytes = static_cast<uint32_t>(source.begin.size()),
                                 .end_bytes = static_cast<uint32_t>(source.end.size()),
                                 .prefix_bytes = static_cast<uint32_t>(target.prefix.size()),
                                 .strip_bytes = static_cast<uint32_t>(target.strip_bytes)});
    if (!keys_.empty()) payload.push_back(keys_);
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival&) override {
    wire::CopyRangeReply reply;
    std::string_view tail;
    if (const char* fault = wire::Parse(rest, &reply, &tail)) return Fault(fault);
    result.keys_copied = reply.keys_copied;
    result.sequence = header.sequence;
    Decide(Status());
  }

  const std::string keys_;
};

}  // namespace

std::shared_ptr<Call> CopyRangeCall(const KeyRange& source, const CopyTarget& target, Done<CopyRangeResult>&& done) {
  return std::make_shared<CopyRange>(source, target, std::move(done));
}

}  // namespace remote_dram::client
