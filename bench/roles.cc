// The table of roles. Servers are pinned to kServerCpu, readers and busy processes to the cpu in their first argument.
#include "bench/roles.h"

#include <map>
#include <sstream>
#include <vector>

#include "bench/bound/bare_server.h"
#include "bench/bound/bare_socket.h"
#include "bench/busy.h"
#include "bench/fail.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/reader.h"
#include "bench/rivals/rival_server.h"
#include "bench/wheel/static_gateway.h"
#include "bench/wheel/wheel.h"

namespace remote_dram::bench {
namespace {

using Arguments = std::vector<std::string>;
using Role = void (*)(const Arguments&);

const std::map<std::string, Role> kServers = {
    {"our-server", [](const Arguments&) { OurServer::Serve(); }},
    {"bare-server",
     [](const Arguments& of) {
       ServeBare(of.at(0) == "tcp" ? Path::kTcp : Path::kShm, std::stoi(of.at(1)), std::stoull(of.at(2)));
     }},
    {"bare-socket", [](const Arguments& of) { ServeBareSocket(of.at(0) == "spinning"); }},
#ifdef REMOTE_DRAM_WITH_GATEWAY
    {"our-gateway", [](const Arguments& of) { ServeGateway((of.at(0) + " " + of.at(1)).c_str()); }},
    {"our-server-with-gateway", [](const Arguments&) { ServeWithGateway(); }},
    {"static-gateway", [](const Arguments&) { ServeStatic(); }},
#endif
    {"rival", [](const Arguments& of) { ServeRival(of.at(0), of.at(1) == "tcp"); }},
};
const std::map<std::string, Role> kOnCpu = {  // the first argument is the cpu
    {"reader", BeReader},
    {"busy", [](const Arguments&) { BeBusy(); }},
};

}  // namespace

void PlayRole(const std::string& role) {
  std::istringstream words(role);
  std::string name;
  words >> name;
  Arguments arguments;
  for (std::string word; words >> word;) arguments.push_back(word);
  if (const auto server = kServers.find(name); server != kServers.end()) {
    PinTo(kServerCpu);
    return server->second(arguments);
  }
  const auto other = kOnCpu.find(name);
  Require(other != kOnCpu.end() && !arguments.empty(), "there is no role " + role);
  PinTo(std::stoi(arguments[0]));
  other->second(arguments);
}

}  // namespace remote_dram::bench
