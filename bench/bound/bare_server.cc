// Answers each request inside UCX's callback: the least that a server can do.
#include "bench/bound/bare_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "bench/bound/bare_worker.h"
#include "bench/child.h"
#include "bench/contender.h"

namespace remote_dram::bench {
namespace {

// Reading the clock costs as much as a poll, so it is read only after this many polls that found nothing.
constexpr uint64_t kQuietPolls = 1024;

// A memfd, like the arena of our server, because the speed of the kernel's copies depends on the pages: it copies 4 KiB
// pages one by one, and a memfd has no larger pages unless the system is set up for them (doc/performance.md).
class SharedPages {
 public:
  explicit SharedPages(const std::string& bytes) : bytes_(bytes.size()) {
    const int memory = memfd_create("bound", MFD_CLOEXEC);
    Require(memory >= 0 && ftruncate(memory, static_cast<off_t>(bytes_)) == 0, "no memory");
    void* const mapped = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    close(memory);
    Require(mapped != MAP_FAILED, "no memory");
    data_ = static_cast<char*>(mapped);
    madvise(data_, bytes_, MADV_HUGEPAGE);
    std::memcpy(data_, bytes.data(), bytes_);
  }
  SharedPages(const SharedPages&) = delete;
  SharedPages& operator=(const SharedPages&) = delete;
  ~SharedPages() { munmap(data_, bytes_); }
  char* data() const { return data_; }

 private:
  const size_t bytes_;
  char* data_;
};

class BareServer final : public BareWorker {
 public:
  BareServer(Kind kind, int connections, size_t bytes_max);
  ~BareServer() {
    if (listener_) ucp_listener_destroy(listener_);
  }
  void Run();

 private:
  struct Slot {
    BareServer* server = nullptr;
    // Never changes once made, so it may be sent again while UCX is still sending it.
    std::string reply;  // BareReply, followed by the value for gets that ride in the header
    std::unique_ptr<SharedPages> arriving{};
  };

  void ListenForClient();
  void ExchangeAddresses(int connections);
  ucs_status_t OnMessage(const void* header, void* data, size_t bytes, bool came_along) override;
  void Acknowledge(const Slot& slot) {
    Send(static_cast<size_t>(&slot - slots_.data()), slot.reply.data(), sizeof(BareReply), nullptr, 0);
  }
  // A value must not be overwritten before the next one is complete. So a put arrives in a free place (PlaceFor), then
  // replaces the last value (Publish), whose place becomes free.
  char* PlaceFor(Slot& slot);
  void Publish(Slot& slot);
  bool SleepUntilMessage();  // may return early; false: the parent has ended standard input

  const size_t bytes_max_;
  std::vector<Slot> slots_;
  const SharedPages stored_;
  std::unique_ptr<SharedPages> received_;
  std::vector<std::unique_ptr<SharedPages>> free_;
  ucp_listener_h listener_ = nullptr;
};

BareServer::BareServer(Kind kind, int connections, size_t bytes_max)
    : BareWorker(kind), bytes_max_(bytes_max), slots_(load_in_flight_max), stored_(Pattern(bytes_max, kStoredSeed)) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    const BareReply reply{i};
    slots_[i].server = this;
    slots_[i].reply.assign(reinterpret_cast<const char*>(&reply), sizeof reply);
    slots_[i].reply.append(stored_.data(), ride_bytes_max);
  }
  kind == Kind::kTcp ? ListenForClient() : ExchangeAddresses(connections);
}

void BareServer::ListenForClient() {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ucp_listener_params_t params{};
  params.field_mask = UCP_LISTENER_PARAM_FIELD_SOCK_ADDR | UCP_LISTENER_PARAM_FIELD_CONN_HANDLER;
  params.sockaddr = {reinterpret_cast<sockaddr*>(&name), sizeof name};
  params.conn_handler = {[](ucp_conn_request_h request, void* self) {
                           ucp_ep_params_t ep{};
                           ep.field_mask = UCP_EP_PARAM_FIELD_CONN_REQUEST;
                           ep.conn_request = request;
                           static_cast<BareServer*>(self)->Connect(ep);
                         },
                         this};
  RequireUcx(ucp_listener_create(worker_, &params, &listener_), "listening");
  ucp_listener_attr_t attributes{};
  attributes.field_mask = UCP_LISTENER_ATTR_FIELD_SOCKADDR;
  RequireUcx(ucp_listener_query(listener_, &attributes), "asking for the port");
  TellParent(std::to_string(ntohs(reinterpret_cast<const sockaddr_in*>(&attributes.sockaddr)->sin_port)));
}

void BareServer::ExchangeAddresses(int connections) {
  TellParent(ToHex(Address()));
  const std::string address = FromHex(HearParent());
  ucp_ep_params_t ep{};
  ep.field_mask = UCP_EP_PARAM_FIELD_REMOTE_ADDRESS;
  ep.address = reinterpret_cast<const ucp_address_t*>(address.data());
  for (int i = 0; i < connections; ++i) Connect(ep);
}

char* BareServer::PlaceFor(Slot& slot) {
  if (free_.empty()) free_.push_back(std::make_unique<SharedPages>(std::string(bytes_max_, 0)));
  slot.arriving = std::move(free_.back());
  free_.pop_back();
  return slot.arriving->data();
}

void BareServer::Publish(Slot& slot) {
  received_.swap(slot.arriving);
  if (slot.arriving) free_.push_back(std::move(slot.arriving));
  Acknowledge(slot);
}

ucs_status_t BareServer::OnMessage(const void* header, void* data, size_t bytes, bool came_along) {
  BareRequest request;
  std::memcpy(&request, header, sizeof request);
  Slot& slot = slots_[request.slot];
  if (request.verb != BareVerb::kPut) {
    const SharedPages& value = request.verb == BareVerb::kGet ? stored_ : *received_;
    if (request.rides) {
      Send(request.slot, slot.reply.data(), sizeof(BareReply) + request.bytes, nullptr, 0);
    } else {
      Send(request.slot, slot.reply.data(), sizeof(BareReply), value.data(), request.bytes);
    }
    return UCS_OK;
  }
  if (came_along) {
    const void* const value = request.rides ? static_cast<const char*>(header) + sizeof request : data;
    std::memcpy(PlaceFor(slot), value, request.bytes);
    Publish(slot);
    return UCS_OK;
  }
  const auto received = [](void* ucx_request, ucs_status_t status, size_t, void* user_data) {
    ucp_request_free(ucx_request);
    RequireUcx(status, "receiving a put");
    auto& of = *static_cast<Slot*>(user_data);
    of.server->Publish(of);
  };
  return Receive(data, PlaceFor(slot), bytes, received, &slot);
}

void BareServer::Run() {
  TimePoint quiet_since = Clock::now();
  for (uint64_t quiet_polls = 1;; ++quiet_polls) {
    if (ucp_worker_progress(worker_) != 0) {
      quiet_polls = 0;
    } else if (quiet_polls == kQuietPolls) {
      quiet_since = Clock::now();
    } else if (quiet_polls % kQuietPolls == 0 && Clock::now() - quiet_since > bare_linger) {
      if (!SleepUntilMessage()) return;
    }
  }
}

bool BareServer::SleepUntilMessage() {
  int events = -1;
  RequireUcx(ucp_worker_get_efd(worker_, &events), "asking for the event descriptor");
  if (ucp_worker_arm(worker_) == UCS_ERR_BUSY) return true;
  pollfd waits[] = {{events, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  poll(waits, 2, -1);
  return waits[1].revents == 0;
}

}  // namespace

void ServeBare(Path path, int connections, size_t bytes_max) {
  // The replies hold ride_bytes_max bytes of the stored value, so it has at least that size.
  bytes_max = std::max(bytes_max, ride_bytes_max);
  BareServer(path == Path::kTcp ? net::ucx::Kind::kTcp : net::ucx::Kind::kShm, connections, bytes_max).Run();
}

}  // namespace remote_dram::bench
