// Tls: TLS 1.3 between peers that know the same secret, without certificates; what a SocketLink has between its
// frames and its socket, if it was given one.
//
// A Tls is one side's settings, a TlsStream one connection's state. It does no I/O: bytes go in and bytes come out.
// Memory: a stream shares its Tls. One that waits for a peer's first byte holds nothing of OpenSSL's yet.
// Threads: a Tls may serve any number of threads; a stream belongs to one at a time.
// Failure: UNAUTHENTICATED if the peer does not speak TLS, does not know the secret or says that we do not: the same
// will come of the next attempt. UNAVAILABLE for a connection that breaks later.
// Limits: tls_handshake_bytes_max.
#ifndef REMOTE_DRAM_NET_TLS_H_
#define REMOTE_DRAM_NET_TLS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/control.h"
#include "net/credentials.h"
#include "remote_dram/status.h"

struct ssl_ctx_st;
struct ssl_st;
struct ssl_session_st;
struct evp_md_st;

namespace remote_dram::net {

// From a peer that is not admitted yet.
inline constexpr size_t tls_handshake_bytes_max = 2 * control_frame_bytes_max;

class Tls {
 public:
  enum class Side { kServer, kClient };

  // Null for an empty file name: connections in the clear.
  static Result<std::shared_ptr<const Tls>> Load(Side side, const std::string& credentials_file);
  static Result<std::shared_ptr<const Tls>> Make(Side side, std::vector<Credential> credentials);

 private:
  friend class TlsStream;
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  Tls(Side side, std::vector<Credential> credentials, ssl_ctx_st* context)
      : side_(side), credentials_(std::move(credentials)), context_(context) {}

  const Side side_;
  const std::vector<Credential> credentials_;
  const std::unique_ptr<ssl_ctx_st, Free> context_;
};

class TlsStream {
 public:
  // `peer`: as messages name it.
  TlsStream(std::shared_ptr<const Tls> tls, std::string peer) : tls_(std::move(tls)), peer_(std::move(peer)) {}
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // The client's first word.
  void Begin(std::string* to_peer);
  // Takes what the peer sent, and appends what it says, and what is to be sent for that: after a failure, too.
  Status Receive(std::string_view bytes, std::string* said, std::string* to_peer);
  // Appends what is to be sent for that: nothing until the peer is admitted.
  void Send(std::string_view say, std::string* to_peer);

  bool admitted() const { return admitted_; }
  size_t waiting_bytes() const { return waiting_.size(); }

 private:
  struct Free {
    void operator()(ssl_st* connection) const;
  };
  // Of OpenSSL's, see there: 1 means that all went well, also if there is no session.
  static int FindSession(ssl_st* connection, const unsigned char* name, size_t name_bytes, ssl_session_st** found);
  static int UseSession(ssl_st* connection, const evp_md_st* digest, const unsigned char** name, size_t* name_bytes,
                        ssl_session_st** used);
  friend class Tls;

  void Make();
  Status Admit();
  Status Read(std::string* said);
  Status NotAdmitted();
  void Drain(std::string* to_peer);

  const std::shared_ptr<const Tls> tls_;
  const std::string peer_;
  std::unique_ptr<ssl_st, Free> connection_;
  std::string name_;  // by which the client calls itself
  bool known_ = false;
  bool admitted_ = false;
  size_t handshake_bytes_ = 0;
  std::string waiting_;  // to be sent once admitted
};

// For sides that speak in the clear: what a TLS peer's first bytes look like, and the answer to each that it understands.
bool IsTlsGreeting(std::string_view bytes);
bool IsTlsRefusal(std::string_view bytes);
std::string_view NoTlsHere();

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_TLS_H_
