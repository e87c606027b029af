// Session: the greeting: HELLO, ATTACH and JOIN, or MAP.
#include <arpa/inet.h>

#include "base/planted_fault.h"
#include "net/ring_pair.h"
#include "server/session.h"

namespace remote_dram::server {

void Session::OnFrame(std::string_view frame) {
  if (state_ == State::kEnded) return;
  wire::ControlHeader header;
  std::string_view body;
  if (const char* fault = wire::Parse(frame, &header, &body)) {
    return Refuse(Status(StatusCode::kInvalidArgument, std::string("malformed frame: ") + fault));
  }
  const auto type = static_cast<wire::ControlType>(header.type);
  if (type == wire::ControlType::kHello && state_ == State::kGreeting) return OnHello(body);
  if (type == wire::ControlType::kMap && state_ == State::kGreeting) return OnMap(body);
  if (type == wire::ControlType::kWant && state_ == State::kMapping) return RefuseAt(mapping_->OnWant(body));
  if (type == wire::ControlType::kDropped && state_ == State::kMapping) return RefuseAt(mapping_->OnDropped(body));
  if (type == wire::ControlType::kRings && state_ == State::kMapping) return RefuseAt(mapping_->OnRings(body));
  if (type == wire::ControlType::kAttach && state_ == State::kWelcomed) return OnAttach(body);
  if (type == wire::ControlType::kBye && state_ == State::kJoined) {
    said_goodbye_ = true;
    return End(Status(StatusCode::kCancelled, "the client said goodbye"));
  }
  Refuse(Status(StatusCode::kInvalidArgument, "frame of type " + std::to_string(header.type) + " out of order"));
}

void Session::Refuse(const Status& why) {
  const wire::Refused refused{.code = static_cast<uint32_t>(why.code()),
                              .message_bytes = static_cast<uint32_t>(why.message().size())};
  link_->Send(wire::ControlFrame(wire::ControlType::kRefused, refused, why.message()));
  End(why);
}

void Session::RefuseAt(const char* fault) {
  if (fault != nullptr) Refuse(Status(StatusCode::kInvalidArgument, fault));
}

void Session::OnHello(std::string_view body) {
  if (admits_ == Admits::kMappings) {  // this socket checks no credentials
    return Refuse(Status(StatusCode::kFailedPrecondition, "this socket is for clients that came through TCP, to map"));
  }
  const auto malformed = [](const char* fault) {
    return Status(StatusCode::kInvalidArgument, std::string("malformed HELLO: ") + fault);
  };
  wire::HelloVersions spoken;
  wire::Hello hello;
  std::string_view tail;
  if (const char* fault = wire::Parse(body, &spoken, &tail)) return Refuse(malformed(fault));
  const bool meet = spoken.version_min <= wire::protocol_version_max && spoken.version_max >= wire::protocol_version_min;
  if (!meet && !base::Planted(base::PlantedFault::kVersionsUnchecked)) {
    const auto range = [](uint16_t min, uint16_t max) { return std::to_string(min) + " to " + std::to_string(max); };
    return Refuse(Status(StatusCode::kFailedPrecondition,
                         "the client speaks protocol versions " + range(spoken.version_min, spoken.version_max) +
                             ", this server " + range(wire::protocol_version_min, wire::protocol_version_max)));
  }
  if (const char* fault = wire::Parse(body, &hello, &tail)) return Refuse(malformed(fault));
  Become(State::kClaiming);
  client_ = shared().clients.Find(hello.client);
  Claim();
}

void Session::OnMap(std::string_view body) {
  auto mapping = std::make_unique<Mapping>(&shared(), &station_->network().loop(), link_.get());
  if (Status begun = mapping->Begin(body); !begun.ok()) return Refuse(begun);
  mapping_ = std::move(mapping);
  Become(State::kMapping);
  net::Loop& loop = station_->network().loop();
  loop.AssertHeld();
  loop.Cancel(std::exchange(timer_, 0));
}

// If another session holds the client, ends it before this one continues. Every mutation that the earlier session
// received is then either applied and remembered, or will never be applied.
void Session::Claim() {
  if (state_ != State::kClaiming) return;
  const auto end = [station = station_, token = token_](base::Task ended) { station->EndSession(token, std::move(ended)); };
  const auto again = [loop = &station_->network().loop(), self = weak_from_this()] {
    loop->Post([self] {
      if (const std::shared_ptr<Session> session = self.lock()) session->Claim();
    });
  };
  if (shared().clients.Hold(client_, end, again)) Welcome();
}

void Session::Welcome() {
  wire::Welcome welcome;
  welcome.client = client_->id;
  welcome.incarnation = store().incarnation();
  welcome.token = token_;
  welcome.requests_in_flight_max = requests_in_flight_max;
  std::string tail = station_->network().HostIdentity();
  welcome.host_identity_bytes = static_cast<uint32_t>(tail.size());
  if (net::Fabric* const shm = station_->shm()) {
    const std::string address = shm->address();
    welcome.shm_address_bytes = static_cast<uint32_t>(address.size());
    tail += address;
  }
  const bool by_socket = CameByUnixSocket();
  const bool mapped = store().index() != nullptr && (by_socket || !shared().mapping_path.empty());
  if (mapped) {
    welcome.features |= wire::kFeatureMapped;
    welcome.socket_path_bytes = static_cast<uint32_t>(shared().mapping_path.size());
    tail += shared().mapping_path;
  }
  welcome.features |= wire::kFeatureBundle;
  if (station_->ways().rings && (by_socket || mapped)) welcome.features |= wire::kFeatureRings;
  if (station_->tcp()) {
    const Result<net::Address> address = net::ParseAddress(station_->tcp()->address());
    welcome.tcp_port = address->port;
    // A client on the Unix socket does not know the server's TCP host, so it is told. It is on this host: if the server
    // listens on all addresses, loopback will do.
    if (by_socket) {
      const bool any = station_->ways().tcp_host == "0.0.0.0";
      inet_pton(AF_INET, any ? "127.0.0.1" : station_->ways().tcp_host.c_str(), &welcome.tcp_host);
    }
  }
  Become(State::kWelcomed);
  link_->Send(wire::ControlFrame(wire::ControlType::kWelcome, welcome, tail));
}

void Session::OnAttach(std::string_view body) {
  wire::Attach attach;
  std::string_view address;
  if (const char* fault = wire::Parse(body, &attach, &address)) {
    return Refuse(Status(StatusCode::kInvalidArgument, std::string("malformed ATTACH: ") + fault));
  }
  const auto path = static_cast<wire::DataPath>(attach.path);
  const bool by_rings = path == wire::DataPath::kRings;
  net::Fabric* const fabric = by_rings ? nullptr : path == wire::DataPath::kShm ? station_->shm() : station_->tcp();
  if (by_rings ? !station_->ways().rings : fabric == nullptr) {
    return Refuse(Status(StatusCode::kFailedPrecondition, "the server does not offer this data path"));
  }
  base::Descriptor asked_for = shared().clients.TakeRings(client_->id);  // closed if the client chose another path
  base::Descriptor clients_end;
  if (path != wire::DataPath::kTcp) {  // over TCP the client connects to the server: see OnJoin
    auto endpoint = by_rings ? OverRings(std::move(asked_for), &clients_end) : fabric->Connect(address, WhenBroken());
    if (!endpoint.ok()) return Refuse(endpoint.status());
    endpoint_ = std::move(*endpoint);
  }
  Become(State::kAttached);
  link_->SendWith(wire::ControlFrame(wire::ControlType::kAttached, wire::Attached{}), std::move(clients_end));
}

// The server makes the pair, so that nobody else has the server's end: another process that reads from a socket can block
// this one's reads of it. A client that came over TCP already has its end, through its mapping (Mapping::OnRings).
Result<std::unique_ptr<net::Endpoint>> Session::OverRings(base::Descriptor asked_for, base::Descriptor* clients_end) {
  if (!CameByUnixSocket()) {
    if (!asked_for.valid()) return Status(StatusCode::kFailedPrecondition, "ATTACH by rings that the client did not ask for");
    return station_->network().OverRings(std::move(asked_for), WhenBroken());
  }
  Result<net::RingPair> pair = net::RingPair::Make();
  if (!pair.ok()) return pair.status();
  *clients_end = std::move(pair->peers);
  return station_->network().OverRings(std::move(pair->own), WhenBroken());
}

void Session::OnJoin(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) {
  wire::JoinRequest join;
  std::string_view tail;
  const char* fault = wire::Parse(rest, &join, &tail);
  if (state_ != State::kAttached) fault = "JOIN out of order";
  if (fault == nullptr && join.incarnation != store().incarnation()) fault = "JOIN for another incarnation";
  if (!endpoint_ && fault == nullptr) endpoint_ = arrival.TakeEndpoint(WhenBroken());
  if (!endpoint_ && fault == nullptr) fault = "JOIN without a way back";
  if (fault != nullptr) return End(Status(StatusCode::kInvalidArgument, fault));
  Become(State::kJoined);
  client_->joined = true;
  net::Loop& loop = station_->network().loop();
  loop.AssertHeld();
  loop.Cancel(timer_);
  timer_ = 0;
  Count(1);
  Reply(header, store().sequence(), wire::JoinReply{});
}

}  // namespace remote_dram::server
