// Get and GetWhole: find the version, pin its block, send the bytes directly from the block.
#include "base/planted_fault.h"
#include "base/validate.h"
#include "server/ops.h"

namespace remote_dram::server {
namespace {

void Answer(const Request& request, std::string_view key, const store::LookupOptions& options, uint64_t room_bytes) {
  Session& session = *request.session;
  Result<store::Found> found = session.store().Lookup(key, options);
  if (!found.ok() && base::Planted(base::PlantedFault::kErrorAnsweredAsMissing)) {
    return session.Reply(request.header, 0, wire::GetReply{.generation = {}, .state = static_cast<uint64_t>(ReadState::kMissing)});
  }
  if (!found.ok()) return session.ReplyError(request.header, found.status());
  const std::string_view bytes = found->bytes();
  if (const Status fits = base::CheckRoom(key, bytes.size(), room_bytes); !fits.ok()) {
    return session.ReplyError(request.header, fits);
  }
  const wire::GetReply reply{.generation = wire::WireGeneration::From(found->generation),
                             .value_bytes = found->value_bytes,
                             .payload_bytes = bytes.size(),
                             .state = static_cast<uint64_t>(found->state)};
  if (base::Planted(base::PlantedFault::kValueNotPinned)) found->block = {};
  session.Reply(request.header, found->sequence, reply, bytes, std::move(found->block));
}

}  // namespace

void OpGet(const Request& request) {
  wire::GetRequest get;
  std::string_view key;
  if (!ReadRequest(request, &get, &key)) return;
  const store::LookupOptions options{.if_generation = get.if_generation.ToGeneration(),
                                     .if_not_generation = get.if_not_generation.ToGeneration(),
                                     .range = {get.range_min, get.range_max}};
  Answer(request, key, options, get.room_bytes);
}

void OpGetWhole(const Request& request) {
  wire::GetWholeRequest get;
  std::string_view key;
  if (ReadRequest(request, &get, &key)) Answer(request, key, {}, get.room_bytes);
}

}  // namespace remote_dram::server
