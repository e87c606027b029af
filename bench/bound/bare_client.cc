// Polls all the time; sends the next request as soon as a reply arrives.
#include "bench/bound/bare_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "bench/bound/bare_worker.h"
#include "bench/child.h"

namespace remote_dram::bench {
namespace {

class BareClient final : public BareWorker {
 public:
  BareClient(Path path, int connections, size_t bytes_max);

  Lap Stream(const Load& load, bool rides, const Pace& pace, Buffers& buffers);
  void ReadBack(size_t bytes, Buffers& buffers);

 private:
  struct Slot {
    BareClient* client = nullptr;
    std::string request;  // BareRequest, followed by the value of a put that rides in the header
    TimePoint started;
    int awaited = 0;  // events still to come, of two: the reply, and the completion of the send
  };

  void Greet(uint16_t slot);
  void Begin(const BareRequest& request, const char* source);
  void Part(Slot& slot) {
    if (--slot.awaited == 0) ended_.push_back(&slot);
  }
  ucs_status_t OnMessage(const void* header, void* data, size_t bytes, bool came_along) override;

  Child server_;
  std::vector<Slot> slots_;
  std::vector<Slot*> ended_;
  char* target_ = nullptr;
  size_t expected_ = 0;  // bytes of a reply's value
};

BareClient::BareClient(Path path, int connections, size_t bytes_max)
    : BareWorker(path == Path::kTcp ? Kind::kTcp : Kind::kShm),
      server_({"--role", "bare-server " + NameOfPath(path) + " " + std::to_string(connections) + " " +
                              std::to_string(bytes_max)}), slots_(load_in_flight_max) {
  for (Slot& slot : slots_) {
    slot.client = this;
    slot.request.resize(sizeof(BareRequest) + ride_bytes_max);
  }
  ucp_ep_params_t params{};
  sockaddr_in name{};
  const std::string address = path == Path::kShm ? FromHex(server_.line()) : "";
  if (path == Path::kShm) {
    server_.Tell(ToHex(Address()));
    params.field_mask = UCP_EP_PARAM_FIELD_REMOTE_ADDRESS;
    params.address = reinterpret_cast<const ucp_address_t*>(address.data());
  } else {
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<uint16_t>(std::stoi(server_.line())));
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    params.field_mask = UCP_EP_PARAM_FIELD_FLAGS | UCP_EP_PARAM_FIELD_SOCK_ADDR;
    params.flags = UCP_EP_PARAMS_FLAGS_CLIENT_SERVER;
    params.sockaddr = {reinterpret_cast<sockaddr*>(&name), sizeof name};
  }
  // One connection after the other, so that both ends number them alike.
  for (int i = 0; i < connections; ++i) {
    Connect(params);
    Greet(static_cast<uint16_t>(i));
  }
}

void BareClient::Greet(uint16_t slot) {
  expected_ = 0;
  Begin({BareVerb::kGet, false, slot, 0}, "");
  while (ended_.empty()) ucp_worker_progress(worker_);
  ended_.clear();
}

void BareClient::Begin(const BareRequest& request, const char* source) {
  Slot& slot = slots_[request.slot];
  std::memcpy(slot.request.data(), &request, sizeof request);
  const bool puts = request.verb == BareVerb::kPut;
  size_t header_bytes = sizeof request;
  if (puts && request.rides) {
    std::memcpy(slot.request.data() + sizeof request, source, request.bytes);
    header_bytes += request.bytes;
  }
  const size_t payload = puts && !request.rides ? request.bytes : 0;
  slot.awaited = 2;
  Send(request.slot, slot.request.data(), header_bytes, payload ? source : nullptr, payload,
       [](void* ucx_request, ucs_status_t status, void* user_data) {
         if (ucx_request) ucp_request_free(ucx_request);
         RequireUcx(status, "sending a request");
         auto& of = *static_cast<Slot*>(user_data);
         of.client->Part(of);
       },
       &slot);
}

ucs_status_t BareClient::OnMessage(const void* header, void* data, size_t bytes, bool came_along) {
  BareReply reply;
  std::memcpy(&reply, header, sizeof reply);
  Slot& slot = slots_[reply.slot];
  const void* const value = bytes == 0 ? static_cast<const char*>(header) + sizeof reply : data;
  Require(bytes == 0 || bytes == expected_, "the bare server sent another value");
  if (!came_along) {
    const auto received = [](void* ucx_request, ucs_status_t status, size_t, void* user_data) {
      ucp_request_free(ucx_request);
      RequireUcx(status, "receiving a value");
      auto& of = *static_cast<Slot*>(user_data);
      of.client->Part(of);
    };
    return Receive(data, target_, bytes, received, &slot);
  }
  if (expected_ > 0) std::memcpy(target_, value, expected_);
  Part(slot);
  return UCS_OK;
}

Lap BareClient::Stream(const Load& load, bool rides, const Pace& pace, Buffers& buffers) {
  const BareVerb verb = load.verb == Verb::kGet ? BareVerb::kGet : BareVerb::kPut;
  target_ = buffers.target.data();
  expected_ = verb == BareVerb::kGet ? load.bytes : 0;
  const TimePoint begun = Clock::now();
  Lap lap(pace, begun);
  BareRequest request{verb, rides, 0, static_cast<uint32_t>(load.bytes)};
  const int in_flight = load.in_flight * load.clients;
  for (int i = 0; i < in_flight; ++i) {
    request.slot = static_cast<uint16_t>(i);
    slots_[i].started = begun;
    Begin(request, buffers.source.data());
  }
  std::vector<Slot*> ended;
  for (int running = in_flight; running > 0;) {
    ucp_worker_progress(worker_);
    ended.swap(ended_);
    for (Slot* const slot : ended) {
      const TimePoint now = Clock::now();
      if (!lap.Record(slot->started, now)) {
        --running;
        continue;
      }
      slot->started = now;
      request.slot = static_cast<uint16_t>(slot - slots_.data());
      Begin(request, buffers.source.data());
    }
    ended.clear();
  }
  return lap;
}

void BareClient::ReadBack(size_t bytes, Buffers& buffers) {
  target_ = buffers.target.data();
  expected_ = bytes;
  Begin({BareVerb::kReadBack, false, 0, static_cast<uint32_t>(bytes)}, buffers.source.data());
  while (ended_.empty()) ucp_worker_progress(worker_);
  ended_.clear();
}

class Bound final : public Contender {
 public:
  Bound(std::shared_ptr<BareClient> client, int connections, bool rides)
      : client_(std::move(client)), connections_(connections), rides_(rides) {}

  std::string name() const override { return rides_ ? "header" : "payload"; }
  bool Takes(const Load& load) const override {
    return load.moves() && load.keys == load.batch && load.clients == connections_ &&
           (!rides_ || load.bytes * load.batch <= ride_bytes_max);
  }

  // A batch is sent as one value with the bytes of all its values.
  Figures Run(const Load& batch, const Pace& pace, Buffers& buffers) override {
    Load load = batch;
    load.bytes *= load.batch;
    std::memset(buffers.target.data(), 0, load.bytes);
    buffers.Restamp();
    Lap lap = client_->Stream(load, rides_, pace, buffers);
    if (load.verb == Verb::kPut) client_->ReadBack(load.bytes, buffers);
    const char* const sent = load.verb == Verb::kGet ? buffers.Stored(0, load.bytes).data() : buffers.source.data();
    Require(std::memcmp(buffers.target.data(), sent, load.bytes) == 0, "the bound moved other bytes");
    return lap.Sum(batch.bytes, batch.items());
  }

 private:
  const std::shared_ptr<BareClient> client_;
  const int connections_;
  const bool rides_;
};

}  // namespace

Contenders MakeBareUcx(Path path, int connections, size_t bytes_max) {
  const auto client = std::make_shared<BareClient>(path, connections, bytes_max);
  Contenders modes;
  for (const bool rides : {false, true}) modes.push_back(std::make_unique<Bound>(client, connections, rides));
  return modes;
}

std::string UcxVersion() { return ucp_get_version_string(); }

}  // namespace remote_dram::bench
