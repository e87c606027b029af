// The laps of gets, views and puts: blocking calls for one call in flight; for several, asynchronous calls whose
// completions begin the next calls.
#include <cstring>
#include <functional>

#include "bench/fail.h"
#include "bench/ours.h"

namespace remote_dram::bench {
namespace {

constexpr char kPutKey[] = "put";

// Keeps `in_flight` calls of each client under way until the lap is over. All calls begin and complete on the context's
// thread, which all clients share; the first ones begin in the completion of a StatServer call made for that purpose.
class Stream {
 public:
  // Every call's completion invokes this.
  struct Ended {
    Stream* stream;
    Client* client;
    TimePoint started;
    void operator()() const { stream->End(*client, started); }
  };
  using Call = std::function<void(Client&, Ended)>;

  Stream(const Pace& pace, Call call) : lap_(pace, Clock::now()), call_(std::move(call)) {}

  Lap Run(std::deque<Client>& clients, const Load& load) {
    running_ = load.clients * load.in_flight;
    clients[0].StatServer({}, [this, &clients, &load](const Result<ServerStat>&) {
      for (int i = 0; i < load.clients * load.in_flight; ++i) {
        Client& client = clients[static_cast<size_t>(i % load.clients)];
        call_(client, Ended{this, &client, Clock::now()});
      }
    });
    over_.Wait();
    return std::move(lap_);
  }

 private:
  void End(Client& client, TimePoint started) {
    const TimePoint now = Clock::now();
    if (lap_.Record(started, now)) return call_(client, Ended{this, &client, now});
    if (--running_ == 0) over_.Set();
  }

  Lap lap_;
  const Call call_;
  int running_ = 0;
  Latch over_;
};

void CheckGot(const Result<GetResult>& got, size_t bytes) {
  Require(got.status(), "get");
  Require(got->state == ReadState::kValue && got->value.size() == bytes, "a get brought another value");
}

void CheckPut(const Result<WriteResult>& put) {
  Require(put.status(), "put");
  Require(put->state == WriteState::kApplied, "a put was not applied");
}

}  // namespace

Lap OurGets(std::deque<Client>& clients, const Load& load, const Pace& pace, Buffers& buffers) {
  std::memset(buffers.target.data(), 0, load.bytes);
  GetOptions options;
  options.into = {buffers.target.data(), load.bytes};
  Walk walk(load.keys, load.round);
  KeyText key;
  size_t last = 0;
  if (load.clients * load.in_flight == 1) {
    Lap lap = OneByOne(pace, [&clients, &load, &buffers, &options, &walk, &key, &last] {
      last = walk.Next();
      CheckGot(clients[0].Get(key.Of(last), options), load.bytes);
      Require(buffers.Arrived(last), "a get brought other bytes");
    });
    buffers.RequireArrived(last, load.bytes, "a get");
    return lap;
  }
  Require(load.keys == 1, "several gets in flight share a target");
  const auto call = [&load, &options, text = key.Of(0)](Client& client, Stream::Ended ended) {
    client.Get(text, options, [&load, ended](const Result<GetResult>& got) {
      CheckGot(got, load.bytes);
      ended();
    });
  };
  Lap lap = Stream(pace, call).Run(clients, load);
  buffers.RequireArrived(0, load.bytes, "a get");
  return lap;
}

Lap OurReturnedGets(Client& client, const Load& load, const Pace& pace, Buffers& buffers) {
  GetOptions options;
  options.view = load.verb == Verb::kView;
  Walk walk(load.keys, load.round);
  KeyText key;
  size_t last = 0;
  Lap lap = OneByOne(pace, [&client, &load, &buffers, &options, &walk, &key, &last] {
    last = walk.Next();
    const Result<GetResult> got = client.Get(key.Of(last), options);
    CheckGot(got, load.bytes);
    std::memcpy(buffers.target.data(), got->value.data(), load_bytes_min);
    Require(buffers.Arrived(last), "a get returned other bytes");
  });
  const GetResult one = Require(client.Get(key.Of(last), options), "a get");
  const GetResult two = Require(client.Get(key.Of(last), options), "a get");
  const bool is_view = one.value.data() == two.value.data();
  Require(is_view == (load.verb == Verb::kView), is_view ? "a copy was asked for, not a view" : "a view was asked for, not a copy");
  Require(one.value.bytes() == buffers.Stored(last, load.bytes), "a get returned other bytes");
  return lap;
}

Lap OurPuts(std::deque<Client>& clients, const Load& load, const Pace& pace, Buffers& buffers) {
  buffers.Restamp();
  const Pieces value{{buffers.source.data(), load.bytes}};
  const uint64_t before = Require(clients[0].StatServer(), "stat").sequence;
  Walk walk(load.keys, load.round);
  KeyText text;
  std::string_view key = kPutKey;
  const auto next = [&load, &walk, &text, &key] { return load.keys == 1 ? key : key = text.Of(walk.Next()); };
  const auto call = [&value, &next](Client& client, Stream::Ended ended) {
    client.Put(next(), value, {}, [ended](const Result<WriteResult>& put) {
      CheckPut(put);
      ended();
    });
  };
  Lap lap = load.clients * load.in_flight == 1
                ? OneByOne(pace, [&clients, &value, &next] { CheckPut(clients[0].Put(next(), value)); })
                : Stream(pace, call).Run(clients, load);
  const uint64_t applied = Require(clients[0].StatServer(), "stat").sequence - before;
  Require(applied == lap.operations(), "the server counts another number of puts");
  const GetResult got = Require(clients[0].Get(key), "reading back");
  Require(got.value.bytes() == value[0], "a put left other bytes");
  if (load.keys == 1) Require(clients[0].Delete(key).status(), "forgetting what was put");
  return lap;
}

}  // namespace remote_dram::bench
