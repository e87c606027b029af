// RingPair: makes the sockets and the memory, and receives one end.
#include "net/ring_pair.h"

#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "net/descriptor_passing.h"
#include "net/socket_address.h"

namespace remote_dram::net {
namespace {

Status NoneLeft(const char* what) {
  return Status(StatusCode::kResourceExhausted, std::string(what) + " for the data: " + base::ErrorText(errno));
}

int OptionOf(const base::Descriptor& socket, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(socket.fd(), SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

// Sends the memory into one socket, to be received from the other, with the number of the ring that the receiver writes.
bool Put(const base::Descriptor& into, const base::Descriptor& memory, char ring) {
  return SendBytes(into.fd(), std::string_view(&ring, 1), memory.fd()) == 1;
}

// Counts a large ring for as long as the result lives. Null: this process already has large_rings_max.
std::shared_ptr<void> TakeOneOfTheLarge() {
  static std::atomic<int> taken{0};
  if (taken.fetch_add(1) < large_rings_max) return std::shared_ptr<void>(&taken, [](void*) { --taken; });
  --taken;
  return nullptr;
}

}  // namespace

Result<RingPair> RingPair::Make() {
  int ends[2] = {-1, -1};
  RingPair pair;
  pair.own = base::Descriptor([&ends] {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0 ? ends[0] : -1;
  });
  if (!pair.own.valid()) return NoneLeft("no pair of sockets");
  pair.peers = base::Descriptor([&ends] { return ends[1]; });
  const base::Descriptor memory = base::MakeSealed("remote_dram rings", pair_memory_bytes);
  const bool made = memory.valid() && Put(pair.peers, memory, 0) && Put(pair.own, memory, 1);
  if (!made) return NoneLeft("no memory");
  return pair;
}

Result<PairEnd> PairEnd::Receive(const base::Descriptor& socket) {
  if (!socket.valid()) {
    return Status(StatusCode::kResourceExhausted,
                  "no socket came for the data path: none was sent, or no descriptor was left for it");
  }
  if (OptionOf(socket, SO_DOMAIN) != AF_UNIX || OptionOf(socket, SO_TYPE) != SOCK_STREAM) {
    return Status(StatusCode::kInvalidArgument, "what came for the data path is no Unix stream socket");
  }
  char ring = 0;
  std::vector<base::Descriptor> came;
  if (ReceiveBytes(socket.fd(), &ring, 1, &came) != 1 || came.size() != 1 || ring < 0 || ring > 1) {
    return Status(StatusCode::kInvalidArgument, "the socket for the data path brought no memory");
  }
  if (!came[0].valid()) return Status(StatusCode::kResourceExhausted, "no descriptor left for the memory of the data path");
  auto memory = base::SealedMemory::MapToWrite(came[0], 0, pair_memory_bytes);
  if (!memory.ok()) return memory.status().WithContext("the memory of the data path");
  // Takes the memory of the words and of both small rings now: if the system had none left later, touching them would kill
  // this process.
  const bool taken = (*memory)->Populate(0, kPairDataOffset + ring_bytes) &&
                     (*memory)->Populate(kPairDataOffset + ring_large_bytes, ring_bytes);
  if (!taken) return NoneLeft("no memory");
  auto* const words = reinterpret_cast<PairWords*>((*memory)->base());
  char* const base = (*memory)->base();
  const int other = 1 - ring;
  const auto offset_of = [](int number) { return kPairDataOffset + static_cast<uint64_t>(number) * ring_large_bytes; };
  return PairEnd{*std::move(memory), offset_of(ring), RingWriter(&words->rings[int{ring}], base + offset_of(ring)),
                 RingReader(&words->rings[other], base + offset_of(other))};
}

bool PairEnd::TakeLargeMemory() {
  if (large) return true;
  large = TakeOneOfTheLarge();
  if (!large) return false;
  if (memory->Populate(out_offset + ring_bytes, ring_large_bytes - ring_bytes)) return true;
  memory->Release(out_offset + ring_bytes, ring_large_bytes - ring_bytes);  // a part may have been taken
  large.reset();
  return false;
}

void PairEnd::GiveLargeMemoryBack() {
  if (!large || (out.large() && !out.MayTurn())) return;
  if (out.large()) out.Turn();
  memory->Release(out_offset + ring_bytes, ring_large_bytes - ring_bytes);
  large.reset();
}

}  // namespace remote_dram::net
