// ReceiveBatch: receives the payload of a batch into one buffer; a large buffer counts against the store's limit.
#include <optional>

#include "server/ops.h"

namespace remote_dram::server {
namespace {

// Batches up to this size are received outside of the store's memory, so that batches can read and empty a full store.
constexpr uint64_t kSmallBytesMax = uint64_t{256} << 10;

struct Buffer {
  std::string small;
  std::optional<store::PrivateBlock> large;

  char* data() { return large ? large->bytes().data : small.data(); }
};

}  // namespace

void ReceiveBatch(const Request& request, uint64_t announced, base::Callback<Session&, std::string_view> go_on) {
  Session& session = *request.session;
  const uint64_t bytes = request.arrival->payload_bytes();
  if (announced != bytes) {
    return session.ReplyError(request.header, Malformed("the batch has another size than announced"));
  }
  if (bytes > batch_bytes_max + batch_entries_bytes_max) {
    return session.ReplyError(request.header, Status(StatusCode::kInvalidArgument,
                                                     "a batch of " + std::to_string(bytes) + " bytes is over batch_bytes_max (" +
                                                         std::to_string(batch_bytes_max) + "); use several calls"));
  }
  auto buffer = std::make_shared<Buffer>();
  if (bytes <= kSmallBytesMax) {
    buffer->small.resize(bytes);
  } else {
    Result<store::PrivateBlock> large = session.store().Scratch(bytes);
    if (!large.ok()) return session.ReplyError(request.header, large.status().WithContext("a batch"));
    buffer->large.emplace(*std::move(large));
  }
  Receive(request, buffer->data(), [buffer, bytes, go_on = std::move(go_on)](Session& client) mutable {
    go_on(client, {buffer->data(), bytes});
  });
}

}  // namespace remote_dram::server
