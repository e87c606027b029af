// Checksums of worker addresses: FNV-1a with 64 bits, which detects every change of a single byte.
#include "net/ucx/worker_address.h"

#include <cstdint>

#include "base/bytes.h"

namespace remote_dram::net::ucx {
namespace {

constexpr size_t kChecksumBytes = sizeof(uint64_t);

std::string Checksum(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  std::string checksum(kChecksumBytes, '\0');
  base::StoreBigEndian64(hash, checksum.data());
  return checksum;
}

}  // namespace

std::string SealAddress(std::string_view worker_address) {
  return Checksum(worker_address).append(worker_address);
}

Result<std::string_view> OpenAddress(std::string_view sealed) {
  if (sealed.size() > kChecksumBytes) {
    const std::string_view address = sealed.substr(kChecksumBytes);
    if (Checksum(address) == sealed.substr(0, kChecksumBytes)) return address;
  }
  return Status(StatusCode::kInvalidArgument, "the address of the peer's shared-memory fabric (" +
                                                  std::to_string(sealed.size()) +
                                                  " bytes) is not whole");
}

}  // namespace remote_dram::net::ucx
