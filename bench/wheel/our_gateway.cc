// Our gateway in its own process, like `remote-dram gateway`, and in a server's process, like `remote-dram serve --gateway`.
#include "bench/child.h"
#include "bench/fail.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/wheel/wheel.h"
#include "remote_dram/gateway.h"
#include "remote_dram/server.h"

namespace remote_dram::bench {
namespace {

void ServeOver(KeyValueStore& store) {
  KeepFreedMemory();
  const TemporaryFolder folder;
  GatewayOptions options;
  options.listen = "unix:" + (folder / "socket");
  const Gateway gateway = Require(Gateway::Start(store, options), "starting the gateway");
  TellParent(gateway.target());
  AwaitEndOfInput();
}

}  // namespace

void ServeGateway(const char* address) {
  Client client = ConnectTo(address, Path::kMapped);
  ServeOver(client);
}

void ServeWithGateway() {
  const TemporaryFolder folder;
  ServerOptions options;
  options.socket_path = folder / "socket";
  options.memory_limit_bytes = OurServer::memory_limit_bytes;
  Server server = Require(Server::Start(options), "starting a server");
  ServeOver(server.local());
}

}  // namespace remote_dram::bench
