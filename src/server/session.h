// Session: the server's side of one connection, from the greeting to the end of its lifeline.
//
//   kGreeting ──MAP──► kMapping, on a connection of its own: see mapping.h
//   kGreeting ──HELLO──► kClaiming ──► kWelcomed ──ATTACH──► kAttached ──JOIN on the data path──► kJoined
//        └───────────────────┴─────────────┴──── hello_timeout, fault, lifeline lost ──┴────────────┴──► kEnded
//
// kClaiming: an earlier session of the same client is being ended, so that none of its requests takes effect later.
//
// Memory: owned by its station; verbs under way have weak references. Blocks that are being sent or received belong to
// the transfer, which outlives the session.
// Threads: the loop's role for everything.
// Failure: a malformed greeting is refused and ends the session; a malformed request is answered with
// INVALID_ARGUMENT. The end of a session is logged once, with its reason; if it was neither joined nor mapping, LogLimit
// may hold that line back.
// Limits: hello_timeout; requests_in_flight_max, and as many again whose replies are still being sent. More than both
// together ends the session: clients know the limit, and keep to it.
#ifndef REMOTE_DRAM_SERVER_SESSION_H_
#define REMOTE_DRAM_SERVER_SESSION_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "net/network.h"
#include "server/clients.h"
#include "server/mapping.h"
#include "server/staged_values.h"
#include "server/station.h"
#include "server/waiters.h"
#include "wire/bundle.h"
#include "wire/control.h"
#include "wire/message.h"

namespace remote_dram::server {

class Session final : private net::ControlEvents, public std::enable_shared_from_this<Session> {
 public:
  Session(Station* station, uint64_t token, Admits admits)
      : station_(station),
        token_(token),
        admits_(admits),
        staged_(&station->network().loop()),
        waiters_(&store(), &station->network().loop()) {}

  void Begin(std::unique_ptr<net::Accepted> accepted);
  void End(const Status& why);

  uint64_t token() const { return token_; }
  store::Store& store() { return station_->shared().store; }
  Shared& shared() { return station_->shared(); }
  StagedValues& staged() { return staged_; }
  Waiters& waiters() { return waiters_; }
  net::TimePoint Now() const { return station_->network().loop().Now(); }

  // False once the client is gone; checks the lifeline's socket at this moment.
  bool ClientIsThere() const { return state_ == State::kJoined && link_->PeerIsThere(); }

  void OnMessage(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival);

  // For the verbs, to reply.
  template <typename Body>
  void Reply(const wire::MessageHeader& to, uint64_t sequence, const Body& body) {
    Reply(to, sequence, body, std::span<const std::string_view>(), nullptr);
  }
  // `keep` owns the payload's memory until the payload was sent.
  template <typename Body, typename Keep>
  void Reply(const wire::MessageHeader& to, uint64_t sequence, const Body& body, std::string_view payload, Keep keep) {
    Reply(to, sequence, body, std::span(&payload, payload.empty() ? 0 : 1), std::move(keep));
  }
  template <typename Body, typename Keep>
  void Reply(const wire::MessageHeader& to, uint64_t sequence, const Body& body,
             std::span<const std::string_view> payload, Keep keep) {
    const wire::Message<Body> message{ReplyHeader(to, sequence, StatusCode::kOk), body};
    Answer(to, message.bytes(), payload, std::move(keep));
  }
  template <typename Body>
  void ReplyWithTail(const wire::MessageHeader& to, uint64_t sequence, const Body& body, std::string_view tail) {
    const wire::Message<Body> message{ReplyHeader(to, sequence, StatusCode::kOk), body};
    Answer(to, std::string(message.bytes()).append(tail), {}, nullptr);
  }
  void ReplyError(const wire::MessageHeader& to, const Status& error);

 private:
  enum class State { kGreeting, kClaiming, kWelcomed, kAttached, kJoined, kMapping, kEnded };

  void Become(State next);
  void OnFrame(std::string_view frame) override;
  void OnClosed(net::LinkEnd, const Status& why) override { End(why); }
  void OnHello(std::string_view body);
  void OnMap(std::string_view body);
  bool CameByUnixSocket() const { return link_->local_host().empty(); }
  void Claim();
  void Welcome();
  void OnAttach(std::string_view body);
  Result<std::unique_ptr<net::Endpoint>> OverRings(base::Descriptor asked_for, base::Descriptor* clients_end);
  void OnJoin(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival);
  bool IsNew(const wire::MessageHeader& header);
  void Repeat(const wire::MessageHeader& to, const Remembered& result);
  void ReplyUnknown(const wire::MessageHeader& to);
  void Dispatch(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival);
  void Refuse(const Status& why);
  void RefuseAt(const char* fault);  // null: does nothing
  wire::MessageHeader ReplyHeader(const wire::MessageHeader& to, uint64_t sequence, StatusCode code) const;
  // Sends a reply. That to a mutation is also remembered, in the same step in which the mutation was applied: if the client
  // misses the reply, and sends the mutation again on another connection, it gets the same reply.
  template <typename Keep>
  void Answer(const wire::MessageHeader& to, std::string_view message, std::span<const std::string_view> payload,
              Keep keep) {
    Send(message, payload, std::move(keep));
    if (to.sequence != 0) client_->results.Remember(to.sequence, message, payload);
  }
  template <typename Keep>
  void Send(std::string_view message, std::span<const std::string_view> payload, Keep keep) {
    if (!endpoint_ || (bundling_ && Bundle(message, payload))) return;
    CountWhenSent(endpoint_->Send(message, payload), 1, std::move(keep));
  }
  template <typename Keep>
  void CountWhenSent(net::TransferEnded* under_way, int replies, Keep keep) {
    if (under_way == nullptr) return Count(-replies);
    *under_way = [self = weak_from_this(), replies, keep = std::move(keep)](const Status&) {
      const std::shared_ptr<Session> session = self.lock();
      if (session && session->state_ != State::kEnded) session->Count(-replies);
    };
  }
  // session_bundle.cc: while a bundle of requests is read, small replies are gathered. Bundle returns false if the message
  // must be sent alone.
  void OnBundle(std::string_view rest);
  bool Bundle(std::string_view message, std::span<const std::string_view> payload);
  void FlushBundle();
  void Count(int requests);
  base::Callback<Status> WhenBroken();

  Station* const station_;
  const uint64_t token_;
  const Admits admits_;
  State state_ = State::kGreeting;
  std::shared_ptr<Client> client_;  // set from kClaiming on; held from kWelcomed on
  bool said_goodbye_ = false;
  uint64_t timer_ = 0;
  uint32_t in_flight_ = 0;  // requests from their arrival until their replies have left
  std::unique_ptr<net::ControlLink> link_;
  std::unique_ptr<net::Endpoint> endpoint_;
  std::unique_ptr<Mapping> mapping_;
  bool bundling_ = false;
  wire::Bundle bundle_;
  StagedValues staged_;
  Waiters waiters_;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_SESSION_H_
