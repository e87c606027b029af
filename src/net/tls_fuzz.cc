// Arbitrary bytes, in pieces, into a TlsStream of either side: the peer is not admitted, no data is delivered, and the bytes
// accepted and sent in response are limited.
#include "net/tls.h"

#include "base/check.h"
#include "base/fuzzing.h"

namespace remote_dram::fuzz {
namespace {

using net::Tls;

std::shared_ptr<const Tls> Of(Tls::Side side) { return *Tls::Make(side, {{"lab", std::string(32, 's')}}); }

std::string Greeting() {
  std::string hello;
  net::TlsStream(Of(Tls::Side::kClient), "the peer").Begin(&hello);
  return hello;
}

void Meet(const std::shared_ptr<const Tls>& tls, Tls::Side side, std::string_view input) {
  net::TlsStream stream(tls, "the peer");
  std::string said, answer;
  if (side == Tls::Side::kClient) stream.Begin(&answer);
  Status ended;
  size_t taken = 0;
  for (Choices choices(input); !choices.empty() && ended.ok();) {
    const std::string_view piece = choices.Text().substr(0, net::control_frame_bytes_max);
    if (piece.empty()) continue;
    RD_CHECK(taken <= net::tls_handshake_bytes_max);
    taken += piece.size();
    ended = stream.Receive(piece, &said, &answer);
    RD_CHECK(ended.ok() || ended.code() == StatusCode::kUnauthenticated);
  }
  RD_CHECK(!stream.admitted() && said.empty() && answer.size() <= net::control_unsent_bytes_max);
}

}  // namespace

void Run(std::string_view input) {
  static const auto& server = *new auto(Of(Tls::Side::kServer));
  static const auto& client = *new auto(Of(Tls::Side::kClient));
  Meet(server, Tls::Side::kServer, input);
  Meet(client, Tls::Side::kClient, input);
}

std::vector<std::string> Seeds() {
  const std::string hello = Greeting();
  return {
      Script().Text(hello).bytes(),
      Script().Text(hello.substr(0, 100)).Text(hello.substr(100)).bytes(),
      Script().Text(hello).Text(hello).bytes(),
      Script().Text(net::NoTlsHere()).bytes(),
      Script().Text("GET / HTTP/1.1\r\n\r\n").bytes(),
  };
}

}  // namespace remote_dram::fuzz
