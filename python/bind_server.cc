// Server and Gateway in Python.
#include <nanobind/stl/string.h>

#include "bind.h"
#include "remote_dram/gateway.h"
#include "remote_dram/server.h"

namespace remote_dram::python {
namespace {

struct BoundServer {
  std::shared_ptr<Server> server;
};

// Declared in this order so that the gateway stops before its store is destroyed.
struct BoundGateway {
  std::shared_ptr<KeyValueStore> store;
  std::shared_ptr<Gateway> gateway;
};

BoundServer StartServer(const std::string& listen_addr, const std::string& credentials_file,
                        const std::string& socket_path, unsigned socket_mode, uint64_t memory_limit, uint64_t value_limit,
                        int threads) {
  ServerOptions options;
  options.listen_addr = listen_addr;
  options.credentials_file = credentials_file;
  options.socket_path = socket_path;
  options.socket_mode = socket_mode;
  options.memory_limit_bytes = memory_limit;
  options.value_bytes_max = value_limit;
  options.threads = threads;
  return {Owned(Wait([&] { return Server::Start(options); }))};
}

BoundGateway StartGateway(const Store& store, const std::string& listen) {
  GatewayOptions options;
  options.listen = listen;
  return {store.store, Owned(Wait([&] { return Gateway::Start(*store.store, options); }))};
}

// Stops without the GIL, because Stop waits for threads that may be in a call.
template <typename T>
void Stop(T& stopped) {
  const WithoutGil released;
  stopped.Stop();
}

}  // namespace

void BindServer(nb::module_& module) {
  nb::class_<BoundServer>(module, "Server")
      .def_static("start", &StartServer)
      // The store shares ownership of the server, so that it cannot outlive the server.
      .def("local", [](const BoundServer& s) { return Store{{s.server, &s.server->local()}}; })
      .def("stop", [](const BoundServer& s) { Stop(*s.server); })
      .def_prop_ro("listen_addr", [](const BoundServer& s) { return s.server->listen_addr(); })
      .def_prop_ro("socket_path", [](const BoundServer& s) { return s.server->socket_path(); })
      .def_prop_ro("incarnation", [](const BoundServer& s) { return s.server->incarnation(); });
  module.def(
      "default_socket_path",
      [](const std::string& xdg_runtime_dir) { return DefaultSocketPath(xdg_runtime_dir.c_str()); });
}

void BindGateway(nb::module_& module) {
  nb::class_<BoundGateway>(module, "Gateway")
      .def_static("start", &StartGateway)
      .def("stop", [](const BoundGateway& g) { Stop(*g.gateway); })
      .def_prop_ro("target", [](const BoundGateway& g) { return g.gateway->target(); });
}

}  // namespace remote_dram::python
