// Gateway: starts and stops the listening socket, its thread, and the gRPC server.
#include "remote_dram/gateway.h"

#include <grpc/grpc.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>

#include <chrono>
#include <utility>

#include "base/fork.h"
#include "gateway/accept_loop.h"
#include "gateway/listen_address.h"
#include "gateway/listener.h"
#include "gateway/service.h"

namespace remote_dram {
namespace {

// How long Stop lets running calls finish before it cancels them.
constexpr std::chrono::milliseconds stop_grace{500};

}  // namespace

// The members are destroyed in reverse order: first accepting ends, then the running calls, then what they use.
class Gateway::Parts {
 public:
  Parts(KeyValueStore& store, const GatewayOptions& options, std::unique_ptr<gateway::Listener> listener)
      : target_(listener->target()),
        service_(store, options.value_bytes_max),
        listener_(std::move(listener)) {}
  ~Parts() { Stop(); }

  Status Start(const LogFunction& log) {
    // This reference to the gRPC library is never released: releasing the last one would make Stop wait up to ten seconds
    // for threads of gRPC.
    grpc_init();
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(gateway_message_bytes_max);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, gateway_streams_max);
    server_ = builder.BuildAndStart();
    if (!server_) return Status(StatusCode::kInternal, "gateway: gRPC did not start; its log says why");
    grpc::Server* server = server_.get();
    auto accepting = gateway::AcceptLoop::Start(
        *listener_,
        [server](base::Descriptor connection) {
          grpc::AddInsecureChannelFromFd(server, connection.Release());
        },
        log);
    if (!accepting.ok()) return accepting.status();
    accepting_ = *std::move(accepting);
    if (log) log(LogLevel::kInfo, "gateway: serving TensorStore on " + target_);
    return Status();
  }

  void Stop() {
    accepting_.reset();
    listener_.reset();
    if (server_) server_->Shutdown(std::chrono::system_clock::now() + stop_grace);
    server_.reset();
  }

  bool Here() const { return home_.Here(); }
  const std::string& target() const { return target_; }

 private:
  const base::Home home_;
  const std::string target_;
  gateway::Service service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<gateway::Listener> listener_;
  std::unique_ptr<gateway::AcceptLoop> accepting_;
};

Result<Gateway> Gateway::Start(KeyValueStore& store, const GatewayOptions& options) {
  Result<gateway::ListenAddress> address = gateway::ParseListenAddress(options.listen);
  if (!address.ok()) return address.status();
  Result<std::unique_ptr<gateway::Listener>> listener = gateway::Listener::Open(*address);
  if (!listener.ok()) return listener.status();
  auto parts = std::make_unique<Parts>(store, options, *std::move(listener));
  if (Status started = parts->Start(options.log); !started.ok()) return started;
  return Gateway(std::move(parts));
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Gateway::Gateway(Gateway&&) noexcept = default;
Gateway& Gateway::operator=(Gateway&& other) noexcept {
  std::swap(parts_, other.parts_);
  return *this;
}
Gateway::~Gateway() {
  if (parts_ && !parts_->Here()) base::Abandon(std::move(parts_));
}

const std::string& Gateway::target() const { return parts_->target(); }

void Gateway::Stop() {
  if (parts_->Here()) parts_->Stop();
}

}  // namespace remote_dram
