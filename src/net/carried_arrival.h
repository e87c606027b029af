// CarriedArrival: a message that arrived inside another message, together with its whole payload.
//
// Memory: points into the outer message. Threads: the loop's role. Failure: none.
#ifndef REMOTE_DRAM_NET_CARRIED_ARRIVAL_H_
#define REMOTE_DRAM_NET_CARRIED_ARRIVAL_H_

#include <memory>
#include <string_view>

#include "base/check.h"
#include "net/fabric.h"

namespace remote_dram::net {

class CarriedArrival final : public Arrival {
 public:
  explicit CarriedArrival(std::string_view payload) : payload_(payload) {}

  std::string_view header() const override { return {}; }
  uint64_t payload_bytes() const override { return payload_.size(); }
  bool came_along() const override { return true; }
  std::string_view payload() const override { return payload_; }
  void Fetch(char*, TransferEnded) override { RD_CHECK(false); }
  std::unique_ptr<Endpoint> TakeEndpoint(base::Callback<Status>) override { return nullptr; }

 private:
  const std::string_view payload_;
};

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_CARRIED_ARRIVAL_H_
