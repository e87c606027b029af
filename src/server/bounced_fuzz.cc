// A hostile client's pieces, in any order: nothing is read beyond its buffers or written beyond a payload.
#include "server/bounced.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "base/check.h"
#include "base/fuzzing.h"

namespace remote_dram::fuzz {
namespace {

using server::Bounced;

constexpr uint64_t kBytes = 4096;
constexpr uint64_t kPayloadBytesMax = 256;

std::shared_ptr<const base::SealedMemory> Buffers() {
  const base::Descriptor memory([] { return memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  RD_CHECK(ftruncate(memory.fd(), kBytes) == 0 && fcntl(memory.fd(), F_ADD_SEALS, F_SEAL_SHRINK) == 0);
  return *base::SealedMemory::Map(memory, 0, kBytes);
}

std::string Move(uint8_t request, const wire::Piece& piece) {
  std::string bytes;
  wire::Append(&bytes, piece);
  return Script().Number(request).Text(bytes).bytes();
}

}  // namespace

void Run(std::string_view input) {
  static const std::shared_ptr<const base::SealedMemory> buffers = Buffers();
  Bounced bounced;
  bounced.Open(buffers);
  std::vector<std::unique_ptr<char[]>> places;  // each of its own, so that a step beyond it is seen
  Choices choices(input);
  for (int moves = 0; moves < 64 && !choices.empty(); ++moves) {
    const uint8_t request = choices.Number();
    const std::string bytes(choices.Text());
    wire::Piece piece;
    std::string_view tail;
    if (wire::Parse(bytes, &piece, &tail) != nullptr || bounced.Check(piece) != nullptr) continue;
    const std::string_view there = bounced.Bytes(piece);
    RD_CHECK(there.begin() >= buffers->bytes().begin() && there.end() <= buffers->bytes().end());
    const bool begins = request % 2 == 0 && piece.payload_bytes <= kPayloadBytesMax && piece.bytes < piece.payload_bytes;
    if (!begins) {
      if (bounced.GoOn(request / 2, piece) != nullptr) return;  // the session would end
      continue;
    }
    places.push_back(std::make_unique<char[]>(piece.payload_bytes));
    bounced.Begin(request / 2, piece, places.back().get(), [](const Status&) {});
  }
}

std::vector<std::string> Seeds() {
  const std::string begin = Move(2, {.offset = 0, .bytes = 10, .payload_bytes = 30});
  const std::string middle = Move(3, {.offset = 4080, .bytes = 16, .payload_bytes = 30});
  return {begin + middle + Move(3, {.offset = 100, .bytes = 4, .payload_bytes = 30}),
          begin + middle + middle,
          begin + Move(3, {.payload_bytes = 30}) + middle,
          Move(2, {.payload_bytes = 30}) + middle,
          begin + begin + Move(3, {.offset = 4081, .bytes = 16, .payload_bytes = 30})};
}

}  // namespace remote_dram::fuzz
