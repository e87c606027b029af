// Tls: OpenSSL with external pre-shared keys, on memory buffers instead of sockets.
#include "net/tls.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/planted_fault.h"

namespace remote_dram::net {
namespace {

constexpr char kCipherSuite[] = "TLS_AES_128_GCM_SHA256";
constexpr unsigned char kCipherSuiteNumber[] = {0x13, 0x01};
constexpr char kGroups[] = "X25519";

// A TLS record begins with its type and the major version, which is 3 in every version of TLS.
constexpr char kAlertRecord = 0x15, kHandshakeRecord = 0x16, kMajorVersion = 3;
// Whole records with a fatal alert, not encrypted.
constexpr std::string_view kHandshakeFailure{"\x15\x03\x03\x00\x02\x02\x28", 7};
constexpr std::string_view kProtocolVersion{"\x15\x03\x03\x00\x02\x02\x46", 7};

// A program may resolve OpenSSL's symbols to another library, such as BoringSSL.
Status CheckLibrary() {
  if (OpenSSL_version_num() >> 28 == OPENSSL_VERSION_MAJOR) return Status();
  return Status(StatusCode::kFailedPrecondition,
                "credentials need OpenSSL 3, and another library takes its place in this program");
}

ssl_session_st* SessionOf(ssl_st* connection, const Credential& credential) {
  SSL_SESSION* const session = SSL_SESSION_new();
  const SSL_CIPHER* const cipher = SSL_CIPHER_find(connection, kCipherSuiteNumber);
  const auto* const secret = reinterpret_cast<const unsigned char*>(credential.secret.data());
  if (session != nullptr && cipher != nullptr && SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION) == 1 &&
      SSL_SESSION_set_cipher(session, cipher) == 1 &&
      SSL_SESSION_set1_master_key(session, secret, credential.secret.size()) == 1) {
    return session;
  }
  SSL_SESSION_free(session);
  return nullptr;
}

bool BeginsWith(std::string_view bytes, char record) {
  return bytes.front() == record && (bytes.size() < 2 || bytes[1] == kMajorVersion);
}

}  // namespace

void Tls::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }
void TlsStream::Free::operator()(ssl_st* connection) const { SSL_free(connection); }

Result<std::shared_ptr<const Tls>> Tls::Load(Side side, const std::string& credentials_file) {
  if (credentials_file.empty()) return std::shared_ptr<const Tls>();
  Result<std::vector<Credential>> credentials = ReadCredentials(credentials_file);
  if (!credentials.ok()) return credentials.status();
  return Make(side, std::move(*credentials));
}

// Without the shared secret, TLS would need a certificate: this server has none, and this client trusts none.
Result<std::shared_ptr<const Tls>> Tls::Make(Side side, std::vector<Credential> credentials) {
  if (Status fine = CheckLibrary(); !fine.ok()) return fine;
  // No cleanup at exit, because loops may still run while the process ends.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr);
  ERR_clear_error();
  SSL_CTX* const context = SSL_CTX_new(TLS_method());
  std::shared_ptr<const Tls> tls(new Tls(side, std::move(credentials), context));
  const bool made = context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_ciphersuites(context, kCipherSuite) == 1 &&
                    SSL_CTX_set1_groups_list(context, kGroups) == 1 && SSL_CTX_set_num_tickets(context, 0) == 1;
  if (!made) {
    ERR_clear_error();
    return Status(StatusCode::kInternal, "OpenSSL does not offer what credentials need");
  }
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  if (side == Side::kServer) {
    SSL_CTX_set_psk_find_session_callback(context, &TlsStream::FindSession);
  } else {
    SSL_CTX_set_psk_use_session_callback(context, &TlsStream::UseSession);
    const bool blind = base::Planted(base::PlantedFault::kAnyServerBelieved);
    SSL_CTX_set_verify(context, blind ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  }
  return tls;
}

int TlsStream::FindSession(ssl_st* connection, const unsigned char* name, size_t name_bytes, ssl_session_st** found) {
  auto* const self = static_cast<TlsStream*>(SSL_get_app_data(connection));
  *found = nullptr;
  self->name_.assign(reinterpret_cast<const char*>(name), std::min(name_bytes, credential_name_bytes_max + 1));
  for (const Credential& credential : self->tls_->credentials_) {
    if (credential.name != self->name_) continue;
    self->known_ = true;
    *found = SessionOf(connection, credential);
  }
  return 1;
}

int TlsStream::UseSession(ssl_st* connection, const evp_md_st*, const unsigned char** name, size_t* name_bytes,
                          ssl_session_st** used) {
  auto* const self = static_cast<TlsStream*>(SSL_get_app_data(connection));
  const Credential& own = self->tls_->credentials_.front();
  *name = reinterpret_cast<const unsigned char*>(own.name.data());
  *name_bytes = own.name.size();
  *used = SessionOf(connection, own);
  return *used != nullptr;
}

void TlsStream::Make() {
  ERR_clear_error();
  connection_.reset(SSL_new(tls_->context_.get()));
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  RD_CHECK(connection_ != nullptr && in != nullptr && out != nullptr);  // fails only without memory
  SSL_set_bio(connection_.get(), in, out);
  SSL_set_app_data(connection_.get(), this);
  if (tls_->side_ == Tls::Side::kServer) return SSL_set_accept_state(connection_.get());
  SSL_set_connect_state(connection_.get());
  name_ = tls_->credentials_.front().name;
}

void TlsStream::Begin(std::string* to_peer) {
  Make();
  SSL_do_handshake(connection_.get());  // produces the greeting, then stops for lack of input
  Drain(to_peer);
}

Status TlsStream::Receive(std::string_view bytes, std::string* said, std::string* to_peer) {
  if (handshake_bytes_ == 0 && !BeginsWith(bytes, kHandshakeRecord) && !BeginsWith(bytes, kAlertRecord)) {
    to_peer->append(kHandshakeFailure);
    return Status(StatusCode::kUnauthenticated, peer_ + " does not speak TLS, which credentials need (it sent " +
                                                    base::Quoted(bytes.substr(0, 8)) + ")");
  }
  if (!connection_) Make();
  ERR_clear_error();
  BIO_write(SSL_get_rbio(connection_.get()), bytes.data(), static_cast<int>(bytes.size()));
  Status fine;
  if (!admitted_) {
    handshake_bytes_ += bytes.size();
    fine = Admit();
  }
  if (fine.ok() && admitted_) {
    if (!waiting_.empty()) Send(std::exchange(waiting_, {}), to_peer);
    fine = Read(said);
  }
  Drain(to_peer);
  return fine;
}

// Continues the handshake. Also OK while more of the peer's part is to come.
Status TlsStream::Admit() {
  const int done = SSL_do_handshake(connection_.get());
  if (done != 1 && SSL_get_error(connection_.get(), done) == SSL_ERROR_WANT_READ) {
    if (handshake_bytes_ <= tls_handshake_bytes_max) return Status();
    return Status(StatusCode::kUnauthenticated, peer_ + " sent more than tls_handshake_bytes_max (" +
                                                    std::to_string(tls_handshake_bytes_max) + ") before it was admitted");
  }
  // The session is made from the secret. If it was not used, OpenSSL made a new one, which does not prove who the peer is.
  const bool proven = done == 1 && SSL_session_reused(connection_.get()) == 1;
  if (!proven && !(done == 1 && base::Planted(base::PlantedFault::kAnyServerBelieved))) return NotAdmitted();
  admitted_ = true;
  return Status();
}

// For a received alert, OpenSSL's reason is the alert's number plus SSL_AD_REASON_OFFSET.
Status TlsStream::NotAdmitted() {
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_REASON(error);
  const char* const text = ERR_reason_error_string(error);
  ERR_clear_error();
  const std::string name = base::Quoted(name_);
  std::string why;
  if (tls_->side_ == Tls::Side::kServer) {
    why = peer_ + " is not admitted: ";
    if (name_.empty()) {
      why += std::string("it does not offer a secret (") + (text ? text : "no reason") + ")";
    } else {
      why += known_ ? "it does not know the secret of " + name : "the credentials have no " + name;
    }
  } else if (reason == SSL_AD_REASON_OFFSET + SSL_AD_PROTOCOL_VERSION) {
    why = peer_ + " does not speak TLS 1.3: was it started without credentials?";
  } else if (reason > SSL_AD_REASON_OFFSET) {
    why = peer_ + " does not admit " + name + ": its credentials have no such name, or another secret";
  } else {
    why = peer_ + " does not prove that it knows the secret of " + name + " (" + (text ? text : "no reason") + ")";
  }
  return Status(StatusCode::kUnauthenticated, why);
}

Status TlsStream::Read(std::string* said) {
  char buffer[control_frame_bytes_max];
  while (true) {
    const int bytes = SSL_read(connection_.get(), buffer, sizeof buffer);
    if (bytes > 0) {
      said->append(buffer, static_cast<size_t>(bytes));
      continue;
    }
    const int error = SSL_get_error(connection_.get(), bytes);
    if (error == SSL_ERROR_WANT_READ) return Status();
    ERR_clear_error();
    return Status(StatusCode::kUnavailable,
                  peer_ + (error == SSL_ERROR_ZERO_RETURN ? " closed the connection" : " sent what is not TLS"));
  }
}

// SSL_write to memory always writes everything. If the connection has failed, Read reports it.
void TlsStream::Send(std::string_view say, std::string* to_peer) {
  if (!admitted_) {
    waiting_.append(say);
    return;
  }
  ERR_clear_error();
  SSL_write(connection_.get(), say.data(), static_cast<int>(say.size()));
  Drain(to_peer);
}

void TlsStream::Drain(std::string* to_peer) {
  BIO* const out = SSL_get_wbio(connection_.get());
  char buffer[control_frame_bytes_max];
  for (int bytes; (bytes = BIO_read(out, buffer, sizeof buffer)) > 0;) to_peer->append(buffer, static_cast<size_t>(bytes));
}

bool IsTlsGreeting(std::string_view bytes) { return bytes.size() >= 2 && BeginsWith(bytes, kHandshakeRecord); }
bool IsTlsRefusal(std::string_view bytes) { return bytes.size() >= 2 && BeginsWith(bytes, kAlertRecord); }
std::string_view NoTlsHere() { return kProtocolVersion; }

}  // namespace remote_dram::net
