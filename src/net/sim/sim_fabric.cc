// SimFabric: delivers messages after their delay, and copies payloads that are fetched.
#include "net/sim/sim_fabric.h"

#include <cstring>
#include <utility>

namespace remote_dram::net::sim {
namespace {

constexpr char kNobodysByte = '?';

Status Broken() { return Status(StatusCode::kUnavailable, "the transfer broke off"); }

class SimArrival final : public Arrival {
 public:
  SimArrival(SimNetwork* network, std::shared_ptr<Parcel> parcel) : network_(network), parcel_(std::move(parcel)) {}
  ~SimArrival() {
    // As in UCX, the transfer of a payload that nobody fetched ends without an error for its sender.
    if (!fetched_) parcel_->End(Status());
  }
  std::string_view header() const override { return parcel_->header; }
  uint64_t payload_bytes() const override { return parcel_->bytes; }
  bool came_along() const override { return parcel_->came_along; }

  std::string_view payload() const override { return parcel_->copied; }

  void Fetch(char* to, TransferEnded fetched) override {
    fetched_ = true;
    World& world = network_->world();
    TimePoint last{};
    const auto fetch = std::make_shared<TransferEnded>(std::move(fetched));
    SimFabric::Find(&world, parcel_->route->to)->Add(fetch);
    world.At(world.Arrival(&last), [parcel = parcel_, to, fetch] {
      TransferEnded ended = std::exchange(*fetch, {});
      if (!ended) return parcel->End(Broken());
      char* at = to;
      if (parcel->lent) {
        for (const std::string_view piece : parcel->pieces) {
          at = static_cast<char*>(std::memcpy(at, piece.data(), piece.size())) + piece.size();
        }
      } else {
        // The sender gave up, and may have reused its memory. CMA copies whatever is there now, and reports success.
        std::memset(to, kNobodysByte, parcel->bytes);
      }
      ended(Status());
      parcel->End(Status());
    });
  }

  std::unique_ptr<Endpoint> TakeEndpoint(base::Callback<Status>) override {
    if (!parcel_->introduces) return nullptr;
    return std::make_unique<SimEndpoint>(network_, parcel_->route->from, parcel_->route->to);
  }

 private:
  SimNetwork* const network_;
  const std::shared_ptr<Parcel> parcel_;
  bool fetched_ = false;
};

}  // namespace

void Parcel::End(const Status& status) {
  std::erase_if(route->parcels, [this](const auto& each) { return each.get() == this; });
  lent = false;
  TransferEnded ended = std::move(sent);
  if (ended) ended(status);
}

void EndAll(const Route& route) {
  const std::vector<std::shared_ptr<Parcel>> under_way = route.parcels;
  for (const std::shared_ptr<Parcel>& parcel : under_way) parcel->End(Broken());
}

SimFabric::SimFabric(SimNetwork* network)
    : network_(network), address_("fabric " + std::to_string(network->world().next_fabric_++) + ":1") {
  network_->world().fabrics_.emplace(address_, this);
}

SimFabric::~SimFabric() {
  network_->world().fabrics_.erase(address_);
  for (const std::weak_ptr<Route>& weak : routes_) {
    if (const std::shared_ptr<Route> route = weak.lock()) EndAll(*route);
  }
  for (const std::weak_ptr<TransferEnded>& weak : fetches_) {
    const std::shared_ptr<TransferEnded> fetch = weak.lock();
    if (fetch && *fetch) std::exchange(*fetch, {})(Broken());
  }
}

SimFabric* SimFabric::Find(World* world, const std::string& address) {
  const auto found = world->fabrics_.find(address);
  return found == world->fabrics_.end() ? nullptr : found->second;
}

Result<std::unique_ptr<Endpoint>> SimFabric::Connect(std::string_view peer_address, base::Callback<Status>) {
  return std::unique_ptr<Endpoint>(std::make_unique<SimEndpoint>(network_, std::string(peer_address), address_));
}

void SimFabric::OnParcel(const std::shared_ptr<Parcel>& parcel) {
  SimArrival arrival(network_, parcel);
  if (network_->sink() != nullptr) network_->sink()->OnMessage(arrival);
}

SimEndpoint::SimEndpoint(SimNetwork* network, std::string to, std::string from)
    : network_(network), route_(std::make_shared<Route>()) {
  route_->to = std::move(to);
  route_->from = std::move(from);
  SimFabric::Find(&network_->world(), route_->from)->Add(route_);
}

// Transfers under way soon end with an error; after that nobody reads the sender's memory.
SimEndpoint::~SimEndpoint() {
  route_->open = false;
  World& world = network_->world();
  world.At(world.now(), [route = route_] { EndAll(*route); });
}

TransferEnded* SimEndpoint::Send(std::string_view header, std::span<const std::string_view> payload) {
  auto parcel = std::make_shared<Parcel>();
  parcel->route = route_;
  parcel->header = header;
  for (const std::string_view piece : payload) parcel->bytes += piece.size();
  parcel->came_along = parcel->bytes <= come_along_bytes_max;
  if (parcel->came_along) {
    for (const std::string_view piece : payload) parcel->copied += piece;
    Dispatch(std::move(parcel));
    return nullptr;
  }
  parcel->lent = true;
  parcel->pieces = {payload.begin(), payload.end()};
  route_->parcels.push_back(parcel);
  TransferEnded* const sent = &parcel->sent;
  Dispatch(std::move(parcel));
  return sent;
}

void SimEndpoint::SendIntroduction(std::string_view header) {
  auto parcel = std::make_shared<Parcel>();
  parcel->route = route_;
  parcel->header = header;
  parcel->introduces = true;
  Dispatch(std::move(parcel));
}

void SimEndpoint::Dispatch(std::shared_ptr<Parcel> parcel) {
  World* const world = &network_->world();
  world->At(world->Arrival(&route_->last), [world, parcel = std::move(parcel)] {
    SimFabric* const to = SimFabric::Find(world, parcel->route->to);
    // Of the messages under way when their sender closes, about half still arrive; those with a payload in the sender's
    // memory never do.
    const bool lost = !parcel->route->open && (!parcel->came_along || world->Random() % 2 == 0);
    if (to == nullptr || lost) return parcel->End(Broken());
    to->network().Deliver([world, parcel] {
      SimFabric* const fabric = SimFabric::Find(world, parcel->route->to);
      if (fabric != nullptr) fabric->OnParcel(parcel);
    });
  });
}

}  // namespace remote_dram::net::sim
