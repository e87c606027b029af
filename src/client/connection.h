// Connection: the client's side of one connection to one incarnation of a server.
//
//   kIdle ──Open, or a call──► kGreeting ──WELCOME──► kMapping ──► kAttaching ──ATTACHED──► kJoining ──► kReady
//     ▲                          │  ▲                   │          │    │                       │           │
//     │                          │  └─── without rings, if they fail ───┘                       │           │
//     └──── lost: pending calls wait; if there are any, connects again ─────────────────────────┴───────────┘
//
//   kMapping: asks for the server's memory, if the client wants to map it; lasts until the answer or a timeout
//   kRetired: the connection cannot be used again, usually because the server was restarted and OnRestart is kFail:
//             every call fails
//   kClosed:  the Client and its calls are gone
//
// A server recognizes a client that connects again, and its mutations by their numbers: a mutation that is sent again gets
// its original answer. A mutation that was sent fails if it cannot be repeated: because nobody listens at the address any
// more, the server is another incarnation, or the server has forgotten the client.
// Memory: shared by the Client and by events under way. It outlives its calls, or is closed before, which fails them.
// Threads: the loop's role for everything but reader().
// Failure: a call that cannot be answered fails with the reason; see Client.
// Limits: connect_timeout from kIdle to kReady the first time, later reconnect_attempt_max, with pauses of at most
// reconnect_pause_max; mapping_max of that time in kMapping; abandon_grace.
#ifndef REMOTE_DRAM_CLIENT_CONNECTION_H_
#define REMOTE_DRAM_CLIENT_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "client/call.h"
#include "client/hub.h"
#include "client/mapping_link.h"
#include "client/mutations.h"
#include "client/outbox.h"
#include "client/pending.h"
#include "client/verbs.h"
#include "net/network.h"
#include "remote_dram/client.h"
#include "wire/control.h"
#include "wire/message.h"

namespace remote_dram::client {

struct ConnectionOptions {
  net::Address address;  // resolved
  std::string name;      // the address as the user wrote it, for messages
  std::shared_ptr<const net::Tls> tls = nullptr;  // null: the control channel is not encrypted
  Path path = Path::kAuto;
  OnRestart on_restart = OnRestart::kFail;
  std::chrono::milliseconds connect_timeout = connect_timeout_default;
};

class Connection final : private net::ControlEvents,
                         private Lifeline,
                         public std::enable_shared_from_this<Connection> {
 public:
  // If a transfer of a caller's memory is still under way this long after its call ended (by deadline or cancellation),
  // the connection is given up: the memory is safe to give back only after the lifeline is cut.
  static constexpr std::chrono::milliseconds abandon_grace{100};
  // How long replies are still accepted after the lifeline ended: replies that the server sent before may be noticed
  // later, because they come by another channel.
  static constexpr std::chrono::microseconds last_words_time{100};
  static constexpr std::chrono::milliseconds reconnect_attempt_max{3000};
  // The longest time in kMapping. It is also at most half of the time left for connecting, since the connection works
  // without a mapping and its rings.
  static constexpr std::chrono::milliseconds mapping_max{2000};
  static constexpr std::chrono::milliseconds reconnect_pause_min{10};
  static constexpr std::chrono::milliseconds reconnect_pause_max{1000};

  Connection(Hub* hub, ConnectionOptions options)
      : hub_(hub), options_(std::move(options)), mapping_(std::make_shared<MappingLink>(hub)) {}

  // Connects. `opened` runs once, when the connection is ready or has failed.
  void Open(base::Callback<Status> opened);
  // `call` holds itself (Call::Hold). `alone`: no other call is submitted in this turn of the loop, so this one is sent at
  // once instead of being gathered.
  void Submit(Call& call, bool alone = false);
  void Cancel(Call& call);
  // Fails every call and closes the connection for good.
  void Close();

  void OnMessage(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival);
  void Describe(Reached* reached) const;
  // Sends the requests that were gathered in this turn of the loop. `others_send_too`: other connections of the hub do so
  // as well.
  void Flush(bool others_send_too);

  // From any thread.
  MappedReader& reader() { return mapping_->reader(); }

 private:
  enum class State { kIdle, kGreeting, kMapping, kAttaching, kJoining, kReady, kRetired, kClosed };

  // connection_greeting.cc
  void Greet();
  void SayHello();
  void OnFrame(std::string_view frame) override;
  void OnClosed(net::LinkEnd end, const Status& why) override;
  void OnWelcome(std::string_view body);
  void OnRefused(std::string_view body);
  void Map();
  // A callback that calls the member function `what` if this session is still in kMapping then, and else does nothing.
  template <typename... Args>
  auto WhileMapping(void (Connection::*what)(Args...));
  void OnMapped(const Status& status);
  void OnRings(base::Descriptor rings);
  void OnMappingTimeout();
  void OnAttached();
  void GiveUpRingsOrAll(const Status& why);
  void OnJoined();
  Result<wire::DataPath> ChoosePath(const wire::Welcome& welcome, std::string_view host_identity) const;
  Result<net::Fabric*> FabricFor(wire::DataPath path);
  void Attach();
  Result<std::unique_ptr<net::Endpoint>> ConnectData(base::Callback<Status> failed);
  net::Address MappingAddress(const wire::Welcome& welcome, std::string_view host_identity, std::string_view socket_path) const;
  std::string TcpPeer(const wire::Welcome& welcome) const;

  // connection.cc
  void Become(State next);
  void Lose(const Status& why);    // ends the connection; its calls wait for the next one
  void GiveUp(const Status& why);  // ends the connection; its calls fail
  void Disconnect();
  void ConnectAgain();
  void FailWhatCannotBeRepeated(const Status& why);
  void TellOpened(const Status& status);
  void Pump(bool alone = false);
  void Send(Call& call, bool alone);
  void OnBundle(std::string_view rest);
  void GiveUpTransfer(const Call& call);
  void SetDeadlineTimer();
  void OnDeadline();
  bool ServerIsThere() const override;
  void OnDecided(Call& call) override;
  void OnReturned() override { Pump(); }
  void Fault(const char* what) override;
  void Broken(const Status& why) override { Lose(why); }

  Hub* const hub_;
  const ConnectionOptions options_;
  State state_ = State::kIdle;
  Status retired_;
  base::Callback<Status> opened_;
  Status lost_;  // why there is no connection, while calls wait for one
  uint64_t connect_timer_ = 0;
  net::TimePoint connect_by_{};  // when connect_timer_ runs
  uint64_t reconnect_timer_ = 0;
  int attempts_ = 0;  // to connect again, since the last message from a server
  uint64_t deadline_timer_ = 0;
  net::TimePoint deadline_timer_at_ = net::TimePoint::max();

  std::unique_ptr<net::ControlLink> link_;
  std::unique_ptr<net::Endpoint> endpoint_;
  uint64_t incarnation_ = 0;  // of the server that was reached last; 0: none yet
  uint64_t token_ = 0;        // of the session; 0: not registered with the hub
  wire::ClientId client_;     // the identity that the server gave this client
  wire::DataPath path_{};
  base::Descriptor rings_;    // for DataPath::kRings, if they came by the MappingLink and not with ATTACHED
  std::string peer_fabric_;   // the address of the server's fabric, for the other data paths
  net::Address mapping_address_;  // the server's Unix socket for MAP; its path is empty if there is none to use
  const std::shared_ptr<MappingLink> mapping_;
  bool server_bundles_ = false, server_has_rings_ = false;
  Status no_rings_;  // not OK: why this attempt to connect does without rings
  Outbox outbox_;
  bool flush_due_ = false;  // the hub will call Flush in this turn of the loop
  Pending pending_;
  Mutations mutations_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_CONNECTION_H_
