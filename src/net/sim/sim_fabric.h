// SimFabric: the data path of a World. Small payloads travel with their message; larger ones stay in the
// sender's memory until the receiver fetches them, as UCX's rendezvous does.
//
// Like UCX over shared memory, a fabric does not notice that its peer is dead; only the lifeline shows that.
// Memory, threads, failure: see Fabric. Limits: come_along_bytes_max.
#ifndef REMOTE_DRAM_NET_SIM_SIM_FABRIC_H_
#define REMOTE_DRAM_NET_SIM_SIM_FABRIC_H_

#include <memory>
#include <string>
#include <vector>

#include "net/sim/sim_network.h"
#include "remote_dram/value.h"

namespace remote_dram::net::sim {

inline constexpr size_t come_along_bytes_max = 1024;

struct Parcel;

// The state of a sender's endpoint; lives until nothing is under way any more.
struct Route {
  std::string to;
  std::string from;  // the address for replies
  TimePoint last{};
  bool open = true;
  std::vector<std::shared_ptr<Parcel>> parcels;  // those whose payloads still lie in the sender's memory
};

// A message under way.
struct Parcel {
  std::shared_ptr<Route> route;
  std::string header;
  std::string copied;  // the payload, if it came along
  Pieces pieces;       // otherwise views of the sender's memory
  uint64_t bytes = 0;
  bool came_along = true;
  bool introduces = false;
  bool lent = false;   // the sender's memory is still valid
  TransferEnded sent;  // may be empty

  void End(const Status& status);  // ends the sender's transfer; only the first call has an effect
};

void EndAll(const Route& route);

class SimEndpoint final : public Endpoint {
 public:
  SimEndpoint(SimNetwork* network, std::string to, std::string from);
  ~SimEndpoint() override;
  TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) override;
  void SendIntroduction(std::string_view header) override;
  std::string Lanes() const override { return "sim"; }

 private:
  void Dispatch(std::shared_ptr<Parcel> parcel);

  SimNetwork* const network_;
  const std::shared_ptr<Route> route_;
};

class SimFabric final : public Fabric {
 public:
  explicit SimFabric(SimNetwork* network);
  ~SimFabric() override;
  std::string address() const override { return address_; }
  Result<std::unique_ptr<Endpoint>> Connect(std::string_view peer_address, base::Callback<Status> failed) override;

  SimNetwork& network() { return *network_; }
  void OnParcel(const std::shared_ptr<Parcel>& parcel);
  // Registers a route of an endpoint here, or a fetch to here. As in UCX, they end at the latest with the fabric.
  void Add(const std::shared_ptr<Route>& route) { AddTo(&routes_, route); }
  void Add(const std::shared_ptr<TransferEnded>& fetch) { AddTo(&fetches_, fetch); }
  // The fabric at an address, if it still exists.
  static SimFabric* Find(World* world, const std::string& address);

 private:
  template <typename T>
  static void AddTo(std::vector<std::weak_ptr<T>>* list, const std::shared_ptr<T>& one) {
    std::erase_if(*list, [](const std::weak_ptr<T>& each) { return each.expired(); });
    list->push_back(one);
  }

  SimNetwork* const network_;
  const std::string address_;
  std::vector<std::weak_ptr<Route>> routes_;
  std::vector<std::weak_ptr<TransferEnded>> fetches_;
};

}  // namespace remote_dram::net::sim

#endif  // REMOTE_DRAM_NET_SIM_SIM_FABRIC_H_
