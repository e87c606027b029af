// Server: its loops, its listening sockets, its store.
#include "remote_dram/server.h"

#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/fork.h"
#include "base/planted_fault.h"
#include "base/unix_socket.h"
#include "net/ucx/real_network.h"
#include "server/local_store.h"
#include "server/shared.h"
#include "server/socket_path.h"
#include "server/station.h"

namespace remote_dram {
namespace {

using server::Shared;
using server::Station;

bool WithoutSockets(const ServerOptions& options) { return options.listen_addr.empty() && options.socket_path.empty(); }

store::StoreOptions StoreOptionsOf(const ServerOptions& options) {
  const bool same = base::Planted(base::PlantedFault::kIncarnationReused);
  return {.incarnation = same ? 1 : server::SystemRandom(),
          .hash_seed = {server::SystemRandom(), server::SystemRandom()},
          .memory_limit_bytes = options.memory_limit_bytes,
          .value_bytes_max = options.value_bytes_max,
          // Without a listening socket there are no clients that could map the memory.
          .sharing = WithoutSockets(options) ? store::Sharing::kPrivate : store::Sharing::kShared};
}

Status Check(const ServerOptions& options) {
  if (options.threads < 1 || options.threads > server_threads_max) {
    return Status(StatusCode::kInvalidArgument, "threads is " + std::to_string(options.threads) +
                                                    "; it must be 1 to server_threads_max (" +
                                                    std::to_string(server_threads_max) + ")");
  }
  if (options.socket_mode > 0777 || (options.socket_mode & 0600) != 0600) {
    return Status(StatusCode::kInvalidArgument, "socket_mode is " + server::ShowMode(options.socket_mode) +
                                                    "; it must be 0600 to 0777, and let its owner read and write");
  }
  if (options.memory_limit_bytes == 0) return Status(StatusCode::kInvalidArgument, "memory_limit_bytes is 0");
  if (options.value_bytes_max == 0 || options.value_bytes_max > value_bytes_max) {
    return Status(StatusCode::kInvalidArgument, "value_bytes_max must be 1 to " + std::to_string(value_bytes_max));
  }
  return Status();
}

// A loop of the server, the thread that drives it, and what lives on it.
struct Lane {
  net::ucx::RealNetwork network;
  std::unique_ptr<Station> station;
  std::thread thread;
};

}  // namespace

class Server::Parts {
 public:
  explicit Parts(const ServerOptions& options)
      : shared_{.store = store::Store(StoreOptionsOf(options)),
                .random = server::SystemRandom,
                .log = options.log ? options.log : [](LogLevel, std::string_view) {},
                .started = net::Clock::now()},
        local_(shared_.store, [this] { return shared_.Stat(net::Clock::now()); }) {}
  ~Parts() { Stop(std::chrono::milliseconds(0)); }

  Status Start(const ServerOptions& options) {
    if (WithoutSockets(options)) return StartLanes(options, {});
    if (const Status& why = shared_.store.index_missing(); !why.ok()) {
      shared_.log(LogLevel::kWarning, "clients cannot read this server's memory without messages: " + why.ToString());
    }
    server::Ways ways{.shm = true, .rings = true, .tcp_host = ""};
    net::Address listen;
    if (!options.listen_addr.empty()) {
      Result<net::Address> address = ResolveListen(options.listen_addr);
      if (!address.ok()) return address.status();
      listen = *address;
      ways.tcp_host = listen.host;
    }
    shared_.mapping_path = MappingPath(options);
    if (Status status = StartLanes(options, ways); !status.ok()) return status;
    ListenForMappings();
    if (!ways.tcp_host.empty()) {
      Result<std::shared_ptr<const net::Tls>> tls = net::Tls::Load(net::Tls::Side::kServer, options.credentials_file);
      if (!tls.ok()) return tls.status();
      if (Status status = Listen(listen, {.tls = *tls}, &listen_addr_); !status.ok()) return status;
      WarnIfExposed(listen, *tls != nullptr);
    }
    return options.socket_path.empty() ? Status() : ListenOnSocket(options);
  }

  void Stop(std::chrono::milliseconds grace) {
    local_.Stop();
    Drain(grace);
    for (const auto& lane : lanes_) {
      net::RunOn(lane->network.loop(), [&lane] { lane->station.reset(); });
      lane->network.loop().Stop();
      lane->thread.join();
    }
    lanes_.clear();
  }

  bool Here() const { return home_.Here(); }
  KeyValueStore& local() { return local_; }
  const std::string& listen_addr() const { return listen_addr_; }
  const std::string& socket_path() const { return socket_path_; }
  uint64_t incarnation() const { return shared_.store.incarnation(); }

 private:
  // Begins no new requests, and waits for the end of requests under way, for at most `grace`.
  void Drain(std::chrono::milliseconds grace) {
    shared_.store.EndMapping();  // before the listeners close and another server may listen here
    const net::TimePoint deadline = net::Clock::now() + grace;
    std::vector<std::future<void>> idle;
    for (const auto& lane : lanes_) {
      auto promise = std::make_shared<std::promise<void>>();
      idle.push_back(promise->get_future());
      net::RunOn(lane->network.loop(), [this, &lane, &promise] {
        if (lane == lanes_.front()) listeners_.clear();
        if (lane->station) lane->station->Drain([promise] { promise->set_value(); });
      });
    }
    for (const std::future<void>& each : idle) each.wait_until(deadline);
  }

  static Result<net::Address> ResolveListen(const std::string& text) {
    Result<net::Address> address = net::ParseAddress(text);
    if (!address.ok()) return address.status();
    if (address->is_unix()) {
      return Status(StatusCode::kInvalidArgument, "listen_addr " + base::Quoted(text) + " is a Unix socket; give it as socket_path");
    }
    return net::Resolve(*address);
  }

  // The socket at which clients that came over TCP can map: the Unix socket if its absolute path is short enough; otherwise
  // an abstract socket, which has no file. Empty: the server does not listen on TCP, so it needs none.
  std::string MappingPath(const ServerOptions& options) const {
    const std::string path = options.socket_path.empty() ? "" : std::filesystem::absolute(options.socket_path).string();
    if (!path.empty() && path.size() <= base::socket_path_bytes_max) return path;
    if (options.listen_addr.empty()) return "";
    return "@remote_dram-" + ShowIncarnation(incarnation());
  }

  void ListenForMappings() {
    const net::Address address{.host = "", .port = 0, .path = shared_.mapping_path};
    if (!address.is_unix() || address.is_file()) return;
    std::string bound;
    const Status status = Listen(address, {.admits = server::Admits::kMappings}, &bound);
    if (status.ok()) return;
    shared_.mapping_path.clear();
    shared_.log(LogLevel::kWarning, "clients that come through TCP cannot map this server's memory: " + status.ToString());
  }

  Status ListenOnSocket(const ServerOptions& options) {
    Result<net::Address> address = net::ParseAddress("unix:" + options.socket_path);
    if (!address.ok()) return address.status();
    if (Status status = server::PrepareDirectory(options.socket_path, options.socket_mode); !status.ok()) return status;
    std::string bound;
    if (Status status = Listen(*address, {.socket_mode = options.socket_mode}, &bound); !status.ok()) return status;
    socket_path_ = options.socket_path;
    return Status();
  }

  Status StartLanes(const ServerOptions& options, const server::Ways& ways) {
    for (int i = 0; i < options.threads; ++i) {
      if (Status status = StartLane(ways); !status.ok()) return status;
    }
    local_.WaitOn(&lanes_.front()->network.loop());
    return Status();
  }

  Status StartLane(const server::Ways& ways) {
    lanes_.push_back(std::make_unique<Lane>());
    Lane& lane = *lanes_.back();
    lane.thread = std::thread([&lane] { lane.network.loop().Run(); });
    Status status;
    net::RunOn(lane.network.loop(), [this, &lane, &ways, &status] {
      lane.station = std::make_unique<Station>(&shared_, &lane.network, ways);
      status = lane.station->Start();
    });
    return status;
  }

  struct Port {
    server::Admits admits = server::Admits::kClients;
    std::shared_ptr<const net::Tls> tls = nullptr;
    unsigned socket_mode = ServerOptions().socket_mode;
  };
  Status Listen(const net::Address& address, const Port& port, std::string* bound) {
    Status status;
    net::RunOn(lanes_.front()->network.loop(), [this, &address, &port, bound, &status] {
      const auto deal = [this, admits = port.admits](std::unique_ptr<net::Accepted> accepted) { Deal(std::move(accepted), admits); };
      Result<std::unique_ptr<net::ControlListener>> listener =
          lanes_.front()->network.Listen(address, deal, port.tls, port.socket_mode);
      status = listener.status();
      if (!status.ok()) return;
      *bound = (*listener)->address();
      listeners_.push_back(std::move(*listener));
    });
    return status;
  }

  // Gives connections to the loops in turn.
  void Deal(std::unique_ptr<net::Accepted> accepted, server::Admits admits) {
    Lane& lane = *lanes_[next_lane_++ % lanes_.size()];
    lane.network.loop().Post([&lane, accepted = std::move(accepted), admits]() mutable {
      if (lane.station) lane.station->Admit(std::move(accepted), admits);
    });
  }

  void WarnIfExposed(const net::Address& listen, bool admission) {
    if (listen.host.compare(0, 4, "127.") == 0) return;
    const std::string this_port = admission ? "" : "this port, or ";
    shared_.log(LogLevel::kWarning, "listening on " + listen_addr_ + ": whoever can reach " + this_port +
                                        "the ports that UCX opens on the same device, can read and write this server's "
                                        "memory; use trusted networks only");
  }

  const base::Home home_;
  Shared shared_;
  server::LocalStore local_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::unique_ptr<net::ControlListener>> listeners_;  // on the first lane's loop
  size_t next_lane_ = 0;                                          // used on that loop, too
  std::string listen_addr_;
  std::string socket_path_;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&& other) noexcept {
  std::swap(parts_, other.parts_);
  return *this;
}
Server::~Server() {
  if (parts_ && !parts_->Here()) base::Abandon(std::move(parts_));
}

Result<Server> Server::Start(const ServerOptions& options) {
  if (Status status = Check(options); !status.ok()) return status;
  auto parts = std::make_unique<Parts>(options);
  if (Status status = parts->Start(options); !status.ok()) return status;
  return Server(std::move(parts));
}

KeyValueStore& Server::local() { return parts_->local(); }
const std::string& Server::listen_addr() const { return parts_->listen_addr(); }
const std::string& Server::socket_path() const { return parts_->socket_path(); }
uint64_t Server::incarnation() const { return parts_->incarnation(); }
void Server::Stop(std::chrono::milliseconds grace) {
  if (parts_->Here()) parts_->Stop(grace);
}

}  // namespace remote_dram
