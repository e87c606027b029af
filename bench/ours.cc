// Runs the server's process, connects to it, and chooses the lap for a load.
#include "bench/ours.h"

#include "bench/fail.h"
#include "bench/process.h"
#include "remote_dram/server.h"

namespace remote_dram::bench {

OurServer::OurServer() : child_({"--role", "our-server"}) {}

void OurServer::Serve() {
  const TemporaryFolder folder;
  ServerOptions options;
  options.listen_addr = "127.0.0.1:0";
  options.socket_path = folder / "socket";
  options.memory_limit_bytes = memory_limit_bytes;
  Server server = Require(Server::Start(options), "starting a server");
  TellParent(server.listen_addr() + " " + server.socket_path());
  AwaitEndOfInput();
}

Client OurServer::Connect(Path path, std::shared_ptr<Context> context) const {
  return ConnectTo(address(), path, std::move(context));
}

Client ConnectTo(const std::string& address, Path path, std::shared_ptr<Context> context) {
  ClientOptions options;
  options.path = path;
  options.context = std::move(context);
  const size_t space = address.find(' ');
  const std::string where = path == Path::kTcp ? address.substr(0, space) : "unix:" + address.substr(space + 1);
  Client client = Require(Client::Connect(where, options), "connecting");
  const ServerStat stat = Require(client.StatServer(), "asking for the path");
  std::string lanes = path == Path::kTcp ? "tcp/lo" : path == Path::kShm ? "posix/memory cma/memory" : "ring/memory";
  Require(stat.path == NameOfPath(path) && stat.lanes == lanes,
          "asked for " + NameOfPath(path) + ", got " + stat.path + " (" + stat.lanes + ")");
  return client;
}

void OurServer::Hold(size_t keys, size_t bytes, Client& client, Buffers& buffers) {
  if (held_ == std::pair(keys, bytes)) return;
  Require(client.DeleteRange({"", ""}).status(), "forgetting what is stored");
  KeyText key;
  for (size_t i = 0; i < keys; ++i) {
    Require(client.Put(key.Of(i), buffers.Stored(i, bytes)).status(), "storing what will be read");
  }
  held_ = {keys, bytes};
}

void ReadOnce(Client& client, const Load& load, Buffers& buffers) {
  GetOptions options;
  options.into = {buffers.target.data(), load.bytes};
  KeyText key;
  for (size_t i = 0; i < load.keys; ++i) Require(client.Get(key.Of(i), options).status(), "reading everything once");
}

OurClient::OurClient(OurServer& server, Path path) : server_(server), path_(path), context_(Context::Create()) {
  clients_.push_back(server_.Connect(path_, context_));
}

bool OurClient::Takes(const Load& load) const { return load.verb != Verb::kView || path_ == Path::kMapped; }

void OurClient::Prepare(const Load& load, Buffers& buffers) {
  while (clients_.size() < static_cast<size_t>(load.clients)) clients_.push_back(server_.Connect(path_, context_));
  const bool puts = load.verb == Verb::kPut;
  if (puts && load.keys == load.batch) return;
  server_.Hold(load.keys, load.bytes, clients_[0], buffers);
  if (puts) server_.Forget();
  const bool reads = load.verb == Verb::kGet || load.verb == Verb::kView;
  const bool is_cold = reads && load.keys > 1 && load.batch == 1;
  if (path_ != Path::kMapped || !is_cold || read_once_ == std::pair(load.keys, load.bytes)) return;
  ReadOnce(clients_[0], load, buffers);
  read_once_ = {load.keys, load.bytes};
}

Figures OurClient::Run(const Load& load, const Pace& pace, Buffers& buffers) {
  const auto lap = [this, &load, &pace, &buffers] {
    if (load.batch > 1) return (load.verb == Verb::kPut ? OurBatchPuts : OurBatchReads)(clients_[0], load, pace, buffers);
    switch (load.verb) {
      case Verb::kGet: return OurGets(clients_, load, pace, buffers);
      case Verb::kAllocatedGet:
      case Verb::kView: return OurReturnedGets(clients_[0], load, pace, buffers);
      case Verb::kPut: return OurPuts(clients_, load, pace, buffers);
      case Verb::kStat: return OurStats(clients_[0], load, pace);
      case Verb::kList: return OurLists(clients_[0], load, pace);
    }
    Fail("no such verb");
  };
  const Figures figures = lap().Sum(load.bytes, load.items());
  if (path_ == Path::kMapped && load.verb != Verb::kPut) RequireAtOnce(clients_[0], load, buffers);
  return figures;
}

}  // namespace remote_dram::bench
