// Connection: the greeting (HELLO, ATTACH, JOIN), and the choice of the data path.
#include <arpa/inet.h>

#include <algorithm>

#include "base/planted_fault.h"
#include "client/connection.h"

namespace remote_dram::client {

void Connection::Greet() {
  no_rings_ = Status();
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  const bool first = static_cast<bool>(opened_);
  const auto limit = first ? options_.connect_timeout : std::min(options_.connect_timeout, reconnect_attempt_max);
  const std::string within = std::string(" within ") + (first ? "connect_timeout" : "reconnect_attempt_max") + " (" +
                             std::to_string(limit.count()) + " ms)";
  connect_by_ = loop.Now() + limit;
  connect_timer_ = loop.At(connect_by_, [weak = weak_from_this(), within] {
    const std::shared_ptr<Connection> self = weak.lock();
    if (!self) return;
    self->connect_timer_ = 0;
    const bool data = self->state_ == State::kJoining;
    self->Lose(Status(StatusCode::kUnavailable,
                      self->options_.name + (data ? " cannot be reached on its data path" : " did not answer the greeting") + within));
  });
  SayHello();
}

void Connection::SayHello() {
  Become(State::kGreeting);
  link_ = hub_->network().Dial(options_.address, this, options_.tls);
  link_->Send(wire::ControlFrame(wire::ControlType::kHello, wire::Hello{.client = client_}));
}

void Connection::OnFrame(std::string_view frame) {
  wire::ControlHeader header;
  std::string_view body;
  if (const char* fault = wire::Parse(frame, &header, &body)) {
    return GiveUp(Status(StatusCode::kUnavailable, options_.name + " does not speak remote_dram: " + fault));
  }
  const auto type = static_cast<wire::ControlType>(header.type);
  if (type == wire::ControlType::kRefused) return OnRefused(body);
  if (type == wire::ControlType::kWelcome && state_ == State::kGreeting) return OnWelcome(body);
  if (type == wire::ControlType::kAttached && state_ == State::kAttaching) return OnAttached();
  Fault("a control frame out of order");
}

void Connection::OnRefused(std::string_view body) {
  wire::Refused refused;
  std::string_view message;
  if (const char* fault = wire::Parse(body, &refused, &message)) return Fault(fault);
  GiveUpRingsOrAll(Status(static_cast<StatusCode>(refused.code), options_.name + " refused the connection: " + std::string(message)));
}

void Connection::OnWelcome(std::string_view body) {
  wire::Welcome welcome;
  std::string_view tail;
  if (const char* fault = wire::Parse(body, &welcome, &tail)) return Fault(fault);
  if (welcome.version < wire::protocol_version_min || welcome.version > wire::protocol_version_max) {
    return Fault("it chose a protocol version that was not offered");
  }
  const bool restarted = incarnation_ != 0 && incarnation_ != welcome.incarnation &&
                         !base::Planted(base::PlantedFault::kRestartUnnoticed);
  if (restarted && options_.on_restart == OnRestart::kFail) {
    return GiveUp(Status(StatusCode::kFailedPrecondition,
                       "the server at " + options_.name + " was restarted, and what it held is gone; open it again"));
  }
  server_has_rings_ = no_rings_.ok() && (welcome.features & wire::kFeatureRings) != 0;
  const Result<wire::DataPath> path = ChoosePath(welcome, tail.substr(0, welcome.host_identity_bytes));
  if (!path.ok()) return GiveUp(no_rings_.ok() ? path.status() : no_rings_);
  path_ = *path;
  if (!hub_->Register(welcome.token, this)) return Fault("its token is in use");
  token_ = welcome.token;
  incarnation_ = welcome.incarnation;
  if (std::exchange(client_, welcome.client).id_low != welcome.client.id_low) {
    const char* const why = restarted ? " was restarted" : " has forgotten this client";
    FailWhatCannotBeRepeated(Status(StatusCode::kUnavailable, options_.name + why));
  }
  server_bundles_ = (welcome.features & wire::kFeatureBundle) != 0;
  pending_.SetInFlightMax(std::min(welcome.requests_in_flight_max, requests_in_flight_max));
  const std::string_view host_identity = tail.substr(0, welcome.host_identity_bytes);
  tail.remove_prefix(welcome.host_identity_bytes);
  mapping_address_ = MappingAddress(welcome, host_identity, tail.substr(welcome.shm_address_bytes));
  if (options_.path == Path::kMapped && mapping_address_.path.empty()) {
    return GiveUp(Status(StatusCode::kFailedPrecondition,
                         options_.name + " cannot be mapped: it runs on another host, or does not let its memory be mapped"));
  }
  peer_fabric_ = path_ == wire::DataPath::kShm ? std::string(tail.substr(0, welcome.shm_address_bytes)) : TcpPeer(welcome);
  Map();
}

template <typename... Args>
auto Connection::WhileMapping(void (Connection::*what)(Args...)) {
  return [weak = weak_from_this(), token = token_, what](Args... args) {
    const std::shared_ptr<Connection> self = weak.lock();
    // A faulty server may give the same token to a later session. Then this runs for that one, which does no harm.
    if (self && self->token_ == token && self->state_ == State::kMapping) (*self.*what)(std::forward<Args>(args)...);
  };
}

// A mapping from an earlier session is used again if it is of the same incarnation and client identity.
void Connection::Map() {
  Become(State::kMapping);
  if (mapping_address_.path.empty()) return Attach();
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  const net::TimePoint now = loop.Now();
  // The timer is never cancelled: WhileMapping ignores it once kMapping is over.
  loop.At(std::min(now + mapping_max, now + (connect_by_ - now) / 2), WhileMapping(&Connection::OnMappingTimeout));
  if (mapping_->IsOf(incarnation_, client_)) return OnMapped(Status());
  mapping_->Open(mapping_address_, incarnation_, client_, WhileMapping(&Connection::OnMapped));
}

// If the mapping failed, the connection goes on without it, and all reads go by message; but the first connect fails if
// the user chose kMapped.
void Connection::OnMapped(const Status& status) {
  if (!status.ok()) {
    hub_->log()(LogLevel::kInfo, options_.name + " cannot be mapped: " + status.ToString());
    if (options_.path != Path::kMapped || !opened_) return Attach();
    return GiveUp(Status(StatusCode::kFailedPrecondition, options_.name + " cannot be mapped: " + status.message()));
  }
  if (path_ == wire::DataPath::kRings || !server_has_rings_) return Attach();
  mapping_->AskForRings(WhileMapping(&Connection::OnRings));
}

void Connection::OnRings(base::Descriptor rings) {
  if (rings.valid()) path_ = wire::DataPath::kRings;
  rings_ = std::move(rings);
  Attach();
}

void Connection::OnMappingTimeout() {
  if (!mapping_->open()) return mapping_->End(Status(StatusCode::kUnavailable, "the server did not answer MAP in time"));
  hub_->log()(LogLevel::kInfo, options_.name + " did not answer RINGS in time");
  Attach();
}

void Connection::Attach() {
  std::string own;
  if (path_ != wire::DataPath::kRings) {
    const Result<net::Fabric*> fabric = FabricFor(path_);
    if (!fabric.ok()) return GiveUp(fabric.status());
    if (path_ == wire::DataPath::kShm) own = (*fabric)->address();
  }
  Become(State::kAttaching);
  const wire::Attach attach{.path = static_cast<uint32_t>(path_), .address_bytes = static_cast<uint32_t>(own.size())};
  link_->Send(wire::ControlFrame(wire::ControlType::kAttach, attach, own));
}

// The Unix socket to which the client connected, or, if it connected through TCP, the socket that the server names, if
// the server is on this host. MappingLink verifies that the same server listens there.
net::Address Connection::MappingAddress(const wire::Welcome& welcome, std::string_view host_identity,
                                        std::string_view socket_path) const {
  const bool wanted = options_.path == Path::kAuto || options_.path == Path::kMapped;
  if (!wanted || (welcome.features & wire::kFeatureMapped) == 0) return {};
  if (options_.address.is_unix()) return options_.address;
  if (socket_path.empty() || !net::OnOneHost(host_identity, hub_->network().HostIdentity())) return {};
  return {.host = "", .port = 0, .path = std::string(socket_path)};
}

Result<wire::DataPath> Connection::ChoosePath(const wire::Welcome& welcome, std::string_view host_identity) const {
  const bool any = options_.path == Path::kAuto || options_.path == Path::kMapped;
  const bool shm = welcome.shm_address_bytes != 0 && host_identity == hub_->network().HostIdentity();
  const bool socket = options_.address.is_unix() && server_has_rings_;
  const bool tcp = welcome.tcp_port != 0;
  if (socket && (any || options_.path == Path::kSocket)) return wire::DataPath::kRings;
  if (shm && (any || options_.path == Path::kShm)) return wire::DataPath::kShm;
  if (options_.path == Path::kShm) {
    return Status(StatusCode::kFailedPrecondition,
                  options_.name + " cannot be reached through shared memory: it runs on another host, as another user, or in "
                                  "another PID or user namespace; choose another path, or auto");
  }
  if (options_.path == Path::kSocket) {
    return Status(StatusCode::kFailedPrecondition,
                  options_.name + " does not carry data over a Unix socket; connect to the one of the server, unix:PATH");
  }
  if (tcp) return wire::DataPath::kTcp;
  return Status(StatusCode::kFailedPrecondition,
                options_.name + " has no TCP data path; start it with --listen HOST:PORT");
}

Result<net::Fabric*> Connection::FabricFor(wire::DataPath path) {
  if (path == wire::DataPath::kShm) return hub_->network().Shm();
  // The local address of the control connection identifies the network device that reaches the server.
  const std::string local = link_->local_host();
  Result<net::Fabric*> fabric = hub_->network().Tcp(local.empty() ? "127.0.0.1" : local, false);
  if (!fabric.ok()) {
    return Status(StatusCode::kFailedPrecondition, options_.name + " cannot be reached over TCP: " + fabric.status().message() +
                                                       "; choose another path, or auto");
  }
  return fabric;
}

Result<std::unique_ptr<net::Endpoint>> Connection::ConnectData(base::Callback<Status> failed) {
  if (path_ == wire::DataPath::kRings) {
    base::Descriptor rings = rings_.valid() ? std::move(rings_) : link_->TakeDescriptor();
    return hub_->network().OverRings(std::move(rings), std::move(failed));
  }
  const Result<net::Fabric*> fabric = FabricFor(path_);
  if (!fabric.ok()) return fabric.status();
  return (*fabric)->Connect(peer_fabric_, std::move(failed));
}

std::string Connection::TcpPeer(const wire::Welcome& welcome) const {
  std::string host = link_->peer_host();
  if (welcome.tcp_host != 0) {
    char text[INET_ADDRSTRLEN];
    host = inet_ntop(AF_INET, &welcome.tcp_host, text, sizeof text);
  }
  return host + ":" + std::to_string(welcome.tcp_port);
}

void Connection::OnAttached() {
  Result<std::unique_ptr<net::Endpoint>> endpoint = ConnectData([weak = weak_from_this()](const Status& why) {
    const std::shared_ptr<Connection> self = weak.lock();
    if (self) self->Lose(why.WithContext("lost " + self->options_.name));
  });
  if (!endpoint.ok()) return GiveUpRingsOrAll(endpoint.status());
  endpoint_ = std::move(*endpoint);
  const auto company = path_ == wire::DataPath::kTcp ? Outbox::Company::kAll : Outbox::Company::kHalves;
  outbox_.Open(endpoint_.get(), token_, server_bundles_ ? company : Outbox::Company::kNone);
  Become(State::kJoining);
  std::string join;
  wire::Append(&join, wire::MessageHeader{.token = token_, .verb = static_cast<uint16_t>(wire::Verb::kJoin)});
  wire::Append(&join, wire::JoinRequest{.incarnation = incarnation_});
  endpoint_->SendIntroduction(join);
}

// If rings cannot be obtained or used, the connection does without them, unless the user chose kSocket. A session accepts
// only one ATTACH, so the client starts a new session, within the same time limit.
void Connection::GiveUpRingsOrAll(const Status& why) {
  const bool by_rings = state_ == State::kAttaching && path_ == wire::DataPath::kRings;
  if (!by_rings || options_.path == Path::kSocket) return GiveUp(why);
  hub_->log()(LogLevel::kInfo, options_.name + " is used without rings: " + why.ToString());
  no_rings_ = why;
  const uint64_t timer = std::exchange(connect_timer_, 0);
  Disconnect();
  connect_timer_ = timer;
  Become(State::kIdle);
  SayHello();
}

void Connection::OnJoined() {
  net::Loop& loop = hub_->loop();
  loop.AssertHeld();
  loop.Cancel(std::exchange(connect_timer_, 0));
  Become(State::kReady);
  lost_ = Status();
  if (!opened_) hub_->log()(LogLevel::kInfo, "connected again to " + options_.name);
  TellOpened(Status());
  Pump();
}

}  // namespace remote_dram::client
