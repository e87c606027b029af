// List: one page of keys and sizes; the range is the request's payload, the page the reply's.
#include "server/ops.h"
#include "wire/list_page.h"

namespace remote_dram::server {

void OpList(const Request& request) {
  wire::ListRequest list;
  std::string_view tail;
  if (!ReadRequest(request, &list, &tail)) return;
  ReceiveKeys(request, uint64_t{list.begin_bytes} + list.end_bytes + list.after_bytes,
              [header = request.header, list](Session& session, std::string_view keys) {
                const KeyRange range{std::string(keys.substr(0, list.begin_bytes)),
                                     std::string(keys.substr(list.begin_bytes, list.end_bytes))};
                ListOptions options;
                options.entries_max = list.entries_max;
                if (list.resume) options.after = keys.substr(list.begin_bytes + list.end_bytes);
                const Result<ListPage> page = session.store().List(range, options);
                if (!page.ok()) return session.ReplyError(header, page.status());
                auto payload = std::make_shared<std::string>(wire::PackList(page->entries));
                const wire::ListReply reply{.entries = static_cast<uint32_t>(page->entries.size()),
                                            .more = page->more,
                                            .payload_bytes = payload->size()};
                session.Reply(header, page->sequence, reply, std::string_view(*payload), payload);
              });
}

}  // namespace remote_dram::server
