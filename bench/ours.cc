// The waiting forms for one call in flight, for several the asynchronous ones, begun anew by completions.
#include "bench/ours.h"

#include <cstring>
#include <functional>

#include "bench/fail.h"
#include "bench/process.h"
#include "remote_dram/server.h"

namespace remote_dram::bench {
namespace {

constexpr char kKey[] = "bench";

// Keeps `in_flight` calls under way until the lap is over. They all begin and end on the client's own
// thread, the first ones in the completion of a call made for that.
class Stream {
 public:
  // For the completion of a call to run.
  struct Ended {
    Stream* stream;
    TimePoint started;
    void operator()() const { stream->End(started); }
  };

  Stream(const Pace& pace, std::function<void(Ended)> call) : lap_(pace, Clock::now()), call_(std::move(call)) {}

  Lap Run(Client& client, int in_flight) {
    client.StatServer({}, [this, in_flight](const Result<ServerStat>&) {
      running_ = in_flight;
      for (int i = 0; i < in_flight; ++i) call_(Ended{this, Clock::now()});
    });
    over_.Wait();
    return std::move(lap_);
  }

 private:
  void End(TimePoint started) {
    const TimePoint now = Clock::now();
    if (lap_.Record(started, now)) return call_(Ended{this, now});
    if (--running_ == 0) over_.Set();
  }

  Lap lap_;
  const std::function<void(Ended)> call_;
  int running_ = 0;
  Latch over_;
};

template <typename Call>
Lap OneByOne(const Pace& pace, Call call) {
  TimePoint started = Clock::now();
  Lap lap(pace, started);
  for (;;) {
    call();
    const TimePoint now = Clock::now();
    if (!lap.Record(started, now)) return lap;
    started = now;
  }
}

void CheckGot(const Result<GetResult>& got, size_t bytes) {
  Require(got.status(), "get");
  Require(got->state == ReadState::kValue && got->value.size() == bytes, "a get brought another value");
}

void CheckPut(const Result<WriteResult>& put) {
  Require(put.status(), "put");
  Require(put->state == WriteState::kApplied, "a put was not applied");
}

}  // namespace

OurServer::OurServer() : child_({"--role", "our-server"}) {}

void OurServer::Serve() {
  ServerOptions options;
  options.listen_addr = "127.0.0.1:0";
  options.memory_limit_bytes = memory_limit_bytes;
  Server server = Require(Server::Start(options), "starting a server");
  TellParent(server.listen_addr());
  AwaitEndOfInput();
}

Client OurServer::Connect(Path path) const {
  ClientOptions options;
  options.path = path;
  Client client = Require(Client::Connect(child_.line(), options), "connecting");
  const ServerStat stat = Require(client.StatServer(), "asking for the path");
  const std::string lanes = path == Path::kShm ? "posix/memory cma/memory" : "tcp/lo";
  Require(stat.path == NameOf(path) && stat.lanes == lanes,
          "asked for " + NameOf(path) + ", got " + stat.path + " (" + stat.lanes + ")");
  return client;
}

Figures OurClient::Run(const Load& load, const Pace& pace, Buffers& buffers) {
  return load.verb == Verb::kGet ? RunGets(load, pace, buffers) : RunPuts(load, pace, buffers);
}

Figures OurClient::RunGets(const Load& load, const Pace& pace, Buffers& buffers) {
  const std::string_view value(buffers.stored.data(), load.bytes);
  Require(client_.Put(kKey, value).status(), "storing the value to get");
  std::memset(buffers.target.data(), 0, load.bytes);
  GetOptions options;
  options.into = {buffers.target.data(), load.bytes};
  Lap lap = load.in_flight == 1
                ? OneByOne(pace, [this, &load, &options] { CheckGot(client_.Get(kKey, options), load.bytes); })
                : Stream(pace, [this, &load, &options](Stream::Ended ended) {
                    client_.Get(kKey, options, [&load, ended](const Result<GetResult>& got) {
                      CheckGot(got, load.bytes);
                      ended();
                    });
                  }).Run(client_, load.in_flight);
  Require(std::memcmp(buffers.target.data(), value.data(), load.bytes) == 0, "a get brought other bytes");
  return lap.Sum(load.bytes);
}

Figures OurClient::RunPuts(const Load& load, const Pace& pace, Buffers& buffers) {
  buffers.Restamp();
  const Pieces value{{buffers.source.data(), load.bytes}};
  const uint64_t before = Require(client_.StatServer(), "stat").sequence;
  Lap lap = load.in_flight == 1
                ? OneByOne(pace, [this, &value] { CheckPut(client_.Put(kKey, value)); })
                : Stream(pace, [this, &value](Stream::Ended ended) {
                    client_.Put(kKey, value, {}, [ended](const Result<WriteResult>& put) {
                      CheckPut(put);
                      ended();
                    });
                  }).Run(client_, load.in_flight);
  const uint64_t applied = Require(client_.StatServer(), "stat").sequence - before;
  Require(applied == lap.operations(), "the server counts another number of puts");
  const GetResult got = Require(client_.Get(kKey), "reading back");
  Require(got.value.bytes() == value[0], "a put left other bytes");
  return lap.Sum(load.bytes);
}

}  // namespace remote_dram::bench
