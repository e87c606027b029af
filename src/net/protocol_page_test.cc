// Compares doc/protocol.md with the limits of the transport.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "net/control.h"
#include "net/fabric.h"
#include "net/ring_messages.h"
#include "net/socket_link.h"
#include "net/tls.h"

namespace remote_dram::net {
namespace {

TEST(ProtocolPage, NamesTheLimitsOfTheTransport) {
  std::ifstream file(REMOTE_DRAM_SOURCE_DIR "/doc/protocol.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  for (const std::string& limit :
       {"`control_frame_bytes_max` (" + std::to_string(control_frame_bytes_max) + ")",
        "`control_unsent_bytes_max` (" + std::to_string(control_unsent_bytes_max) + ")",
        "`control_unsent_descriptors_max` (" + std::to_string(control_unsent_descriptors_max) + ")",
        "`tls_handshake_bytes_max` (" + std::to_string(tls_handshake_bytes_max) + ")",
        "`message_header_bytes_max` (" + std::to_string(message_header_bytes_max) + ")",
        "`ring_bytes` (" + std::to_string(ring_bytes) + ")", "`ring_lag_bytes` (" + std::to_string(ring_lag_bytes) + ")",
        "| " + std::to_string(kPairDataOffset) + " | " + std::to_string(ring_large_bytes) + " |",
        "`pair_memory_bytes` (" + std::to_string(pair_memory_bytes) + ")",
        "`payload_along_bytes_max` (" + std::to_string(MessageReader::payload_along_bytes_max) + ")",
        "noticed after " + std::to_string(SocketLink::keepalive_seconds_max) + " s"}) {
    EXPECT_NE(text.find(limit), std::string::npos) << limit;
  }
}

}  // namespace
}  // namespace remote_dram::net
