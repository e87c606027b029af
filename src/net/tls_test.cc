// Tls: two streams whose bytes the test carries; peers that do not know the secret are refused.
#include "net/tls.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace remote_dram::net {
namespace {

using Credentials = std::vector<Credential>;
const std::string kSecret(32, 's'), kOther(32, 'o');

std::unique_ptr<TlsStream> Stream(Tls::Side side, const Credentials& credentials) {
  const auto tls = Tls::Make(side, credentials);
  EXPECT_TRUE(tls.ok()) << tls.status().ToString();
  return std::make_unique<TlsStream>(*tls, side == Tls::Side::kServer ? "the peer" : "h:1");
}

// A client that sends its greeting and a first frame at once, and a server; what each has received, and how each ended.
class Pair {
 public:
  Pair(const Credentials& servers, const Credentials& clients)
      : server(Stream(Tls::Side::kServer, servers)), client(Stream(Tls::Side::kClient, clients)) {
    client->Begin(&to_server);
    client->Send("hello", &to_server);
  }

  // Carries all bytes between the two, at most `piece` at a time.
  void Carry(size_t piece = 4096) {
    while (!to_server.empty() || !to_client.empty()) {
      Give(*server, &to_server, piece, &server_heard, &to_client, &server_ended);
      Give(*client, &to_client, piece, &client_heard, &to_server, &client_ended);
    }
  }

  std::unique_ptr<TlsStream> server, client;
  std::string to_server, to_client, server_heard, client_heard;
  Status server_ended, client_ended;

 private:
  static void Give(TlsStream& to, std::string* from, size_t piece, std::string* heard, std::string* answer, Status* ended) {
    const std::string bytes = from->substr(0, piece);
    from->erase(0, piece);
    if (!bytes.empty() && ended->ok()) *ended = to.Receive(bytes, heard, answer);
  }
};

TEST(Tls, CarriesWhatEitherSideSays) {
  Pair pair({{"lab", kSecret}}, {{"lab", kSecret}});
  pair.Carry();
  EXPECT_TRUE(pair.server_ended.ok() && pair.client_ended.ok()) << pair.client_ended.ToString();
  EXPECT_TRUE(pair.server->admitted() && pair.client->admitted());
  EXPECT_EQ(pair.server_heard, "hello");
  const std::string longest(control_unsent_bytes_max, 'x');
  pair.server->Send("welcome", &pair.to_client);
  pair.server->Send(longest, &pair.to_client);
  EXPECT_EQ(pair.to_client.find("welcome"), std::string::npos);
  EXPECT_EQ(pair.to_client.find("xxxx"), std::string::npos);
  pair.Carry();
  EXPECT_EQ(pair.client_heard, "welcome" + longest);
}

TEST(Tls, JoinsWhatComesByteByByte) {
  Pair pair({{"lab", kSecret}}, {{"lab", kSecret}});
  pair.Carry(1);
  pair.server->Send("welcome", &pair.to_client);
  pair.Carry(1);
  EXPECT_EQ(pair.server_heard, "hello");
  EXPECT_EQ(pair.client_heard, "welcome");
}

TEST(Tls, SaysNothingBeforeThePeerIsAdmitted) {
  Pair pair({{"lab", kSecret}}, {{"lab", kSecret}});
  EXPECT_EQ(pair.client->waiting_bytes(), 5u);
  EXPECT_EQ(pair.to_server.find("hello"), std::string::npos);
  pair.Carry();
  EXPECT_EQ(pair.client->waiting_bytes(), 0u);
}

TEST(Tls, AServerTakesAnyOfItsLinesAndAClientUsesItsFirst) {
  for (const char* name : {"new", "old"}) {
    const std::string& secret = name == std::string("new") ? kSecret : kOther;
    Pair pair({{"new", kSecret}, {"old", kOther}}, {{name, secret}, {"third", kSecret}});
    pair.Carry();
    EXPECT_EQ(pair.server_heard, "hello") << name;
  }
}

TEST(Tls, SecretsMayHaveAnySizeWithinTheLimits) {
  for (const size_t bytes : {secret_bytes_min, secret_bytes_min + 1, secret_bytes_max}) {
    Pair pair({{"lab", std::string(bytes, 's')}}, {{"lab", std::string(bytes, 's')}});
    pair.Carry();
    EXPECT_EQ(pair.server_heard, "hello") << bytes;
  }
}

TEST(Tls, RefusesAnotherSecretAndAnotherNameAndTellsTheClientNotWhich) {
  const std::pair<Credential, const char*> cases[] = {{{"lab", kOther}, "it does not know the secret of \"lab\""},
                                                      {{"lab2", kSecret}, "the credentials have no \"lab2\""}};
  for (const auto& [given, why] : cases) {
    Pair pair({{"lab", kSecret}}, {given});
    pair.Carry();
    EXPECT_EQ(pair.server_ended.ToString(), std::string("UNAUTHENTICATED: the peer is not admitted: ") + why);
    EXPECT_EQ(pair.client_ended.ToString(), "UNAUTHENTICATED: h:1 does not admit \"" + given.name +
                                                "\": its credentials have no such name, or another secret");
    EXPECT_EQ(pair.server_heard, "");
  }
}

TEST(Tls, DropsWhoDoesNotSpeakItAtTheFirstByte) {
  const auto server = Stream(Tls::Side::kServer, {{"lab", kSecret}});
  std::string heard, answer;
  const Status ended = server->Receive("GET / HTTP/1.1", &heard, &answer);
  EXPECT_EQ(ended.ToString(),
            "UNAUTHENTICATED: the peer does not speak TLS, which credentials need (it sent \"GET / HT\")");
  EXPECT_TRUE(IsTlsRefusal(answer));
}

TEST(Tls, UnderstandsTheAnswerOfASideWithoutCredentials) {
  const auto client = Stream(Tls::Side::kClient, {{"lab", kSecret}});
  std::string heard, hello;
  client->Begin(&hello);
  EXPECT_TRUE(IsTlsGreeting(hello));
  EXPECT_EQ(client->Receive(NoTlsHere(), &heard, &hello).ToString(),
            "UNAUTHENTICATED: h:1 does not speak TLS 1.3: was it started without credentials?");
}

TEST(Tls, EndsOnARecordThatWasTamperedWith) {
  Pair pair({{"lab", kSecret}}, {{"lab", kSecret}});
  pair.Carry();
  pair.server->Send("welcome", &pair.to_client);
  pair.to_client.back() = static_cast<char>(pair.to_client.back() ^ 1);
  pair.Carry();
  EXPECT_EQ(pair.client_ended.ToString(), "UNAVAILABLE: h:1 sent what is not TLS");
  EXPECT_EQ(pair.client_heard, "");
}

TEST(Tls, TakesNoEndlessGreeting) {
  const auto server = Stream(Tls::Side::kServer, {{"lab", kSecret}});
  const std::string begun("\x16\x03\x01\x40\x00\x01\x00\x3f\xfc", 9);  // announces 16 KiB
  std::string heard, answer;
  Status ended = server->Receive(begun, &heard, &answer);
  size_t sent = begun.size();
  for (const std::string piece(1024, 'x'); ended.ok() && sent < 100'000; sent += piece.size()) {
    ended = server->Receive(piece, &heard, &answer);
  }
  EXPECT_LE(sent, tls_handshake_bytes_max + 1024);
  EXPECT_NE(ended.message().find("tls_handshake_bytes_max (8192)"), std::string::npos) << ended.ToString();
}

// Anybody can make a certificate, so a client must not trust a server that has only that.
TEST(Tls, AClientBelievesNoCertificate) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  ASSERT_GT(X509_sign(certificate, key, EVP_sha256()), 0);
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  ASSERT_EQ(SSL_CTX_use_certificate(context, certificate), 1);
  ASSERT_EQ(SSL_CTX_use_PrivateKey(context, key), 1);
  SSL* const impostor = SSL_new(context);
  SSL_set_bio(impostor, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));

  const auto client = Stream(Tls::Side::kClient, {{"lab", kSecret}});
  std::string heard, hello, answer(16'384, '\0');
  client->Begin(&hello);
  client->Send("the token, for example", &hello);
  BIO_write(SSL_get_rbio(impostor), hello.data(), static_cast<int>(hello.size()));
  SSL_accept(impostor);
  const int bytes = BIO_read(SSL_get_wbio(impostor), answer.data(), static_cast<int>(answer.size()));
  ASSERT_GT(bytes, 100);
  const Status ended = client->Receive(std::string_view(answer).substr(0, static_cast<size_t>(bytes)), &heard, &hello);
  EXPECT_EQ(ended.code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(ended.message().find("h:1 does not prove that it knows the secret of \"lab\""), 0u) << ended.ToString();
  EXPECT_FALSE(client->admitted());

  SSL_free(impostor);
  SSL_CTX_free(context);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace
}  // namespace remote_dram::net
