// Stat and StatServer.
#include "client/stat_reply_call.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class Stat final : public StatReplyCall {
 public:
  Stat(std::string_view key, Done<StatResult>&& done)
      : StatReplyCall(wire::Verb::kStat, "stat", std::move(done)) {
    Ask(wire::StatRequest{}, key);
  }
};

class StatServer final : public CallFor<ServerStat> {
 public:
  StatServer(base::Callback<Reached*> reached, Done<ServerStat>&& done)
      : CallFor(wire::Verb::kStatServer, "stat of the server", std::move(done)), reached_(std::move(reached)) {
    Ask(wire::StatServerRequest{});
  }

 private:
  void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival&) override {
    wire::StatServerReply reply;
    std::string_view version;
    if (const char* fault = wire::Parse(rest, &reply, &version)) return Fault(fault);
    Reached reached;
    reached_(&reached);
    result = {.version = std::string(version),
              .incarnation = reply.incarnation,
              .sequence = header.sequence,
              .keys = reply.keys,
              .memory_bytes = reply.memory_bytes,
              .memory_limit_bytes = reply.memory_limit_bytes,
              .connections = reply.connections,
              .uptime_ms = reply.uptime_ms,
              .address = reached.address,
              .path = reached.path,
              .lanes = reached.lanes};
    Decide(Status());
  }

  base::Callback<Reached*> reached_;
};

}  // namespace

std::shared_ptr<Call> StatCall(std::string_view key, Done<StatResult>&& done) {
  return std::make_shared<Stat>(key, std::move(done));
}

std::shared_ptr<Call> StatServerCall(base::Callback<Reached*> reached, Done<ServerStat>&& done) {
  return std::make_shared<StatServer>(std::move(reached), std::move(done));
}

}  // namespace remote_dram::client
