// Tls: TLS 1.3 between peers that share a secret, without certificates. A SocketLink that is given one uses it between its
// frames and its socket.
//
// A Tls is the settings of one side, a TlsStream the state of one connection. Neither does I/O: bytes go in and come out.
// Memory: a stream shares its Tls. A server's stream allocates its OpenSSL state only when the peer's first byte arrives.
// Threads: any number of threads may share a Tls; a stream belongs to one at a time.
// Failure: UNAUTHENTICATED if the peer does not speak TLS, does not know the secret, or says that this side does not; retrying
// leads to the same. UNAVAILABLE if the connection breaks later.
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

// The most bytes that are accepted from a peer before it is admitted.
inline constexpr size_t tls_handshake_bytes_max = 2 * control_frame_bytes_max;

class Tls {
 public:
  enum class Side { kServer, kClient };

  // Null for an empty file name: connections are not encrypted.
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
  // `peer`: its name in error texts.
  TlsStream(std::shared_ptr<const Tls> tls, std::string peer) : tls_(std::move(tls)), peer_(std::move(peer)) {}
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // Client only: appends its greeting to `to_peer`.
  void Begin(std::string* to_peer);
  // Takes bytes from the peer. Appends the decrypted data to `said`, and the bytes to send in response to `to_peer`, also
  // after a failure.
  Status Receive(std::string_view bytes, std::string* said, std::string* to_peer);
  // Encrypts `say`, and appends the result to `to_peer`. Until the peer is admitted, `say` waits in this object instead.
  void Send(std::string_view say, std::string* to_peer);

  bool admitted() const { return admitted_; }
  size_t waiting_bytes() const { return waiting_.size(); }

 private:
  struct Free {
    void operator()(ssl_st* connection) const;
  };
  // OpenSSL's callbacks for pre-shared keys; 0 makes the handshake fail. FindSession returns 1 even if it finds no session,
  // UseSession 0 if it cannot make one.
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
  std::string name_;  // of the client's credential, as the client sends it
  bool known_ = false;
  bool admitted_ = false;
  size_t handshake_bytes_ = 0;
  std::string waiting_;  // to be sent once the peer is admitted
};

// For a side without TLS: whether a peer's first bytes are a TLS greeting, or a TLS alert; and the reply to a greeting, an alert
// that says that this side does not speak TLS.
bool IsTlsGreeting(std::string_view bytes);
bool IsTlsRefusal(std::string_view bytes);
std::string_view NoTlsHere();

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_TLS_H_
