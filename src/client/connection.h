// Connection: the client's side of one connection to one incarnation of a server.
//
//   kIdle ──Open, or a call──► kGreeting ──WELCOME──► kMapping ──► kAttaching ──ATTACHED──► kJoining ──► kReady
//     ▲                          │  ▲                   │          │    │                       │           │
//     │                          │  └─── without rings, if they fail ───┘                       │           │
//     └──── lost: what is pending waits; if anything does, connects again ──────────────────────┴───────────┘
//
//   kMapping: if it wants to read the server's memory, and for as long as it does not know whether it can
//
// The server knows a client that comes again, and its mutations by their numbers: one that is sent again is
// answered as the first time. What cannot be sent again fails: if nobody listens at the address any more, if
// another incarnation does, or if the server has forgotten the client.
//   kRetired: the server at the address is another incarnation, and OnRestart is kFail: every call fails
//   kClosed: the user let go of it
//
// Memory: shared by the Client and events under way; it outlives its calls, or is closed before.
// Threads: the loop's role for everything.
// Failure: a call that cannot be answered fails with the reason; see Client.
// Limits: connect_timeout for the first way from kIdle to kReady, reconnect_attempt_max for later ones, with
// pauses of at most reconnect_pause_max; mapping_max of it in kMapping; abandon_grace.
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
  std::string name;      // of the address, as the user gave it
  std::shared_ptr<const net::Tls> tls = nullptr;  // null: in the clear
  Path path = Path::kAuto;
  OnRestart on_restart = OnRestart::kFail;
  std::chrono::milliseconds connect_timeout = connect_timeout_default;
};

class Connection final : private net::ControlEvents,
                         private Lifeline,
                         public std::enable_shared_from_this<Connection> {
 public:
  // A transfer of a caller's memory that is still under way this long after the call's deadline costs the
  // connection: only cutting the lifeline makes the memory safe to give back.
  static constexpr std::chrono::milliseconds abandon_grace{100};
  // So long is listened to a server that has gone: what it answered before may have arrived behind its end.
  static constexpr std::chrono::microseconds last_words_time{100};
  static constexpr std::chrono::milliseconds reconnect_attempt_max{3000};
  // And no more than half of what is left of the way to kReady: a mapping, and rings by it, can be done without.
  static constexpr std::chrono::milliseconds mapping_max{2000};
  static constexpr std::chrono::milliseconds reconnect_pause_min{10};
  static constexpr std::chrono::milliseconds reconnect_pause_max{1000};

  Connection(Hub* hub, ConnectionOptions options)
      : hub_(hub), options_(std::move(options)), mapping_(std::make_shared<MappingLink>(hub)) {}

  void Open(base::Callback<Status> opened);
  // `alone`: no other call comes in this turn of the loop, so that it need not wait for the turn's end.
  void Submit(std::shared_ptr<Call> call, bool alone = false);
  void Cancel(Call& call);
  void Close();

  void OnMessage(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival);
  void Describe(Reached* reached) const;
  // What the turn of the loop has gathered.
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
  // Does that if this session is still in kMapping by then.
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
  void Lose(const Status& why);    // the server may be there still
  void GiveUp(const Status& why);  // every call fails
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
  net::TimePoint connect_by_{};  // when it runs
  uint64_t reconnect_timer_ = 0;
  int attempts_ = 0;  // since an answer came
  uint64_t deadline_timer_ = 0;
  net::TimePoint deadline_timer_at_ = net::TimePoint::max();

  std::unique_ptr<net::ControlLink> link_;
  std::unique_ptr<net::Endpoint> endpoint_;
  uint64_t incarnation_ = 0;  // of the server that was reached last; 0: none yet
  uint64_t token_ = 0;        // 0: not registered
  wire::ClientId client_;     // of that incarnation
  wire::DataPath path_{};
  base::Descriptor rings_;    // for that path, if they did not come with ATTACHED
  std::string peer_fabric_;   // where the data path leads, over a fabric
  // Reads without messages: where the server's socket for that is, empty if nowhere, and what came of it.
  net::Address mapping_address_;
  const std::shared_ptr<MappingLink> mapping_;
  bool server_bundles_ = false, server_has_rings_ = false;
  Status no_rings_;  // why they are left out, on this way to kReady
  Outbox outbox_;
  bool flush_due_ = false;
  Pending pending_;
  Mutations mutations_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_CONNECTION_H_
