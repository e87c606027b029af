// DeleteRange and List: the bounds of the range are sent as payload, which the call owns.
#include "base/bytes.h"
#include "client/verbs.h"
#include "wire/list_page.h"

namespace remote_dram::client {
namespace {

std::string Between(const KeyRange& range) {
  return " from " + base::Quoted(range.begin) + (range.end.empty() ? "" : " to " + base::Quoted(range.end));
}

class DeleteRange final : public CallFor<DeleteRangeResult> {
 public:
  DeleteRange(const KeyRange& range, Done<DeleteRangeResult>&& done)
      : CallFor(wire::Verb::kDeleteRange, "delete range", std::move(done)),
        keys_(range.begin + range.end) {
    SetSubject(Between(range));
    Ask(wire::DeleteRangeRequest{.begin_bytes = static_cast<uint32_t>(range.begin.size()),
                                   .end_bytes = static_cast<uint32_t>(range.end.size())});
    if (!keys_.empty()) payload.push_back(keys_);
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival&) override {
    wire::DeleteRangeReply reply;
    std::string_view tail;
    if (const char* fault = wire::Parse(rest, &reply, &tail)) return Fault(fault);
    result.keys_deleted = reply.keys_deleted;
    result.sequence = header.sequence;
    Decide(Status());
  }

  const std::string keys_;
};

class List final : public CallFor<ListPage> {
 public:
  List(const KeyRange& range, const ListOptions& options, Done<ListPage>&& done)
      : CallFor(wire::Verb::kList, "list", std::move(done)),
        keys_(range.begin + range.end + options.after.value_or("")) {
    SetSubject(Between(range));
    Ask(wire::ListRequest{.begin_bytes = static_cast<uint32_t>(range.begin.size()),
                          .end_bytes = static_cast<uint32_t>(range.end.size()),
                          .after_bytes = static_cast<uint32_t>(options.after.value_or("").size()),
                          .resume = options.after.has_value(),
                          .entries_max = options.entries_max});
    if (!keys_.empty()) payload.push_back(keys_);
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) override {
    wire::ListReply reply;
    std::string_view tail;
    const char* fault = wire::Parse(rest, &reply, &tail);
    const uint64_t bytes = arrival.payload_bytes();
    if (fault == nullptr && reply.payload_bytes != bytes) fault = "the page has another size than announced";
    if (fault == nullptr && bytes > kPageBytesMax) fault = "the page is larger than a page can be";
    if (fault != nullptr) return Fault(fault);
    result.more = reply.more != 0;
    result.sequence = header.sequence;
    auto page = std::make_shared<std::string>(bytes, '\0');
    Receive(arrival, page->data(), [this, page, count = reply.entries] {
      if (const char* wrong = wire::UnpackList(*page, count, &result.entries)) return Fault(wrong);
      Decide(Status());
    });
  }

  static constexpr uint64_t kPageBytesMax = uint64_t{2} * list_page_bytes_max + list_entries_max * sizeof(wire::ListedEntry);
  const std::string keys_;
};

}  // namespace

std::shared_ptr<Call> DeleteRangeCall(const KeyRange& range, Done<DeleteRangeResult>&& done) {
  return std::make_shared<DeleteRange>(range, std::move(done));
}

std::shared_ptr<Call> ListCall(const KeyRange& range, const ListOptions& options, Done<ListPage>&& done) {
  return std::make_shared<List>(range, options, std::move(done));
}

}  // namespace remote_dram::client
