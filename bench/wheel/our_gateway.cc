// Our gateway in a process of its own, as `remote-dram gateway`.
#include "bench/child.h"
#include "bench/fail.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/wheel/wheel.h"
#include "remote_dram/gateway.h"

namespace remote_dram::bench {

void ServeGateway(const char* address) {
  const TemporaryFolder folder;
  Client client = ConnectTo(address, Path::kMapped);
  GatewayOptions options;
  options.listen = "unix:" + (folder / "socket");
  const Gateway gateway = Require(Gateway::Start(client, options), "starting the gateway");
  TellParent(gateway.target());
  AwaitEndOfInput();
}

}  // namespace remote_dram::bench
