// ReplyOutcomes: the outcomes of writes, of a batch or a transaction.
#include "server/ops.h"

namespace remote_dram::server {

void ReplyOutcomes(Session& session, const wire::MessageHeader& header, uint64_t sequence, WriteState state,
                   std::vector<wire::BatchPart>* parts) {
  std::string table;
  auto payload = std::make_shared<std::string>();
  for (const std::string_view piece : wire::PackOutcomes(parts, &table)) payload->append(piece);
  const wire::BatchReply reply{.operations = static_cast<uint32_t>(parts->size()),
                               .state = static_cast<uint32_t>(state),
                               .payload_bytes = payload->size()};
  session.Reply(header, sequence, reply, std::string_view(*payload), payload);
}

}  // namespace remote_dram::server
