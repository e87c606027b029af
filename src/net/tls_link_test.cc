// SocketLinks with TLS over real TCP sockets: a conversation, and how each mismatch of credentials ends, on both sides.
#include <fcntl.h>

#include "net/socket_link.h"
#include "net/socket_listener.h"
#include "net/testing.h"

namespace remote_dram::net {
namespace {

class TlsLinkTest : public testing::Test {
 protected:
  TlsLinkTest() : lab_(32, 's'), other_(32, 'o') {}
  ~TlsLinkTest() override {
    loop_.Do([this] {
      client_.reset();
      server_.reset();
      listener_.reset();
    });
  }

  static std::shared_ptr<const Tls> With(Tls::Side side, const std::string& name, const std::string& secret) {
    return *Tls::Make(side, {{name, secret}});
  }
  std::shared_ptr<const Tls> ServersOwn() const { return With(Tls::Side::kServer, "lab", lab_); }

  // Connects a client to a server, and sends a frame; null: a side without credentials.
  void Meet(std::shared_ptr<const Tls> servers, std::shared_ptr<const Tls> clients) {
    loop_.Do([&] {
      loop_->AssertHeld();
      const auto accept = [this](std::unique_ptr<Accepted> accepted) {
        loop_->AssertHeld();
        auto& socket = static_cast<AcceptedSocket&>(*accepted);
        server_ = std::make_unique<SocketLink>(&loop_.get(), socket.Take(), &server_events_, socket.tls());
      };
      listener_ = *SocketListener::Bind(&loop_.get(), {.host = "127.0.0.1", .path = ""}, accept, std::move(servers));
      address_ = *ParseAddress(listener_->address());
      client_ = std::make_unique<SocketLink>(&loop_.get(), address_, &client_events_, std::move(clients));
      client_->Send("hello");
    });
  }
  void ExpectBothEnd(const std::string& server_says, const std::string& client_says) {
    server_events_.closed.Wait();
    loop_.Do([this] { server_->Cut(); });  // as a server's session does
    client_events_.closed.Wait();
    EXPECT_EQ(server_events_.reason.ToString(), server_says);
    EXPECT_EQ(client_events_.reason.ToString(), client_says);
    EXPECT_EQ(client_events_.end, LinkEnd::kNobodyThere);  // retrying is useless
    EXPECT_EQ(server_events_.frame, "");
  }

  const std::string lab_, other_;
  RunningLoop loop_;
  Address address_;
  LinkEvents server_events_, client_events_;
  std::unique_ptr<SocketListener> listener_;
  std::unique_ptr<SocketLink> server_, client_;
};

TEST_F(TlsLinkTest, CarriesFramesBothWays) {
  Meet(ServersOwn(), With(Tls::Side::kClient, "lab", lab_));
  server_events_.arrived.Wait();
  EXPECT_EQ(server_events_.frame, "hello");
  const std::string longest(control_frame_bytes_max, 'x');
  loop_.Do([&] { server_->Send(longest); });
  client_events_.arrived.Wait();
  EXPECT_EQ(client_events_.frame, longest);
  loop_.Do([this] {
    EXPECT_TRUE(client_->PeerIsThere());
    server_->Cut();
  });
  client_events_.closed.Wait();
  EXPECT_EQ(client_events_.reason.ToString(), "UNAVAILABLE: " + address_.ToString() + " closed the connection");
  EXPECT_EQ(client_events_.end, LinkEnd::kLost);
}

TEST_F(TlsLinkTest, EndsForAPeerThatDoesNotRead) {
  Meet(ServersOwn(), With(Tls::Side::kClient, "lab", lab_));
  server_events_.arrived.Wait();
  loop_.Do([this] {
    const std::string frame(control_frame_bytes_max, 'x');
    for (int i = 0; i < 10'000 && server_->PeerIsThere(); ++i) server_->Send(frame);
  });
  server_events_.closed.Wait();
  EXPECT_EQ(server_events_.reason.ToString(),
            "UNAVAILABLE: the peer does not read what it is sent: more than control_unsent_bytes_max bytes wait for it");
}

TEST_F(TlsLinkTest, EndsForAClientWithAnotherSecret) {
  Meet(ServersOwn(), With(Tls::Side::kClient, "lab", other_));
  ExpectBothEnd("UNAUTHENTICATED: the peer is not admitted: it does not know the secret of \"lab\"",
                "UNAUTHENTICATED: " + address_.ToString() +
                    " does not admit \"lab\": its credentials have no such name, or another secret");
}

TEST_F(TlsLinkTest, EndsForAClientThatNobodyKnows) {
  Meet(ServersOwn(), With(Tls::Side::kClient, "guest", lab_));
  ExpectBothEnd("UNAUTHENTICATED: the peer is not admitted: the credentials have no \"guest\"",
                "UNAUTHENTICATED: " + address_.ToString() +
                    " does not admit \"guest\": its credentials have no such name, or another secret");
}

TEST_F(TlsLinkTest, EndsForAClientWithoutCredentials) {
  Meet(ServersOwn(), nullptr);
  ExpectBothEnd("UNAUTHENTICATED: the peer does not speak TLS, which credentials need (it sent \"\\x05\\x00\\x00\\x00hell\")",
                "UNAUTHENTICATED: " + address_.ToString() + " wants credentials, and none were given");
}

TEST_F(TlsLinkTest, EndsForAServerWithoutCredentials) {
  Meet(nullptr, With(Tls::Side::kClient, "lab", lab_));
  ExpectBothEnd("UNAUTHENTICATED: the peer speaks TLS, and no credentials were given to this side",
                "UNAUTHENTICATED: " + address_.ToString() +
                    " does not speak TLS 1.3: was it started without credentials?");
}

// The server may return, so this end must not be reported as final.
TEST_F(TlsLinkTest, LosesAServerThatGoesInTheHandshake) {
  loop_.Do([this] {
    loop_->AssertHeld();
    listener_ = *SocketListener::Bind(&loop_.get(), {.host = "127.0.0.1", .path = ""}, [](std::unique_ptr<Accepted>) {});
    address_ = *ParseAddress(listener_->address());
    client_ = std::make_unique<SocketLink>(&loop_.get(), address_, &client_events_, With(Tls::Side::kClient, "lab", lab_));
  });
  client_events_.closed.Wait();
  EXPECT_EQ(client_events_.reason.code(), StatusCode::kUnavailable);
  EXPECT_NE(client_events_.reason.message().find("during the TLS handshake"), std::string::npos);
  EXPECT_EQ(client_events_.end, LinkEnd::kLost);
}

}  // namespace
}  // namespace remote_dram::net
