// Mapping: the server's side of one client that reads the server's memory without messages.
//
// It hands out the index and the segments, has the arena check the pins at each tick, and tells the client which segments
// the server has dropped. To a client that came over TCP it also hands out rings.
// Memory: owns the registration of the client's page of pins. The destructor ends it, and tells the client that the blocks
// it has pinned may now be reused.
// Threads: the loop's role.
// Failure: Begin says what is wrong with the client, and then keeps nothing.
// Limits: tick: at most that much later blocks are freed that were unpinned, and clients learn of dropped segments.
// dropped_unanswered_max: a client of which only a view is left reads no frames any more. Its connection must stay open,
// or the memory of the view could be reused; so no further DROPPED is sent to it.
#ifndef REMOTE_DRAM_SERVER_MAPPING_H_
#define REMOTE_DRAM_SERVER_MAPPING_H_

#include <chrono>
#include <cstdint>
#include <set>
#include <string_view>

#include "net/control.h"
#include "net/loop.h"
#include "server/shared.h"
#include "wire/control.h"

namespace remote_dram::server {

class Mapping {
 public:
  static constexpr std::chrono::milliseconds tick{1000};
  static constexpr uint32_t dropped_unanswered_max = 64;

  Mapping(Shared* shared, net::Loop* loop, net::ControlLink* link) : shared_(shared), loop_(loop), link_(link) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  Status Begin(std::string_view map);
  // Each handles a frame. Null, or what is wrong with the frame.
  const char* OnWant(std::string_view want);
  const char* OnDropped(std::string_view dropped);
  const char* OnRings(std::string_view rings);

 private:
  store::Arena& arena() { return shared_->store.arena(); }
  void SendSegment(uint32_t segment);
  void StartTimer();
  void Tick();

  Shared* const shared_;
  net::Loop* const loop_;
  net::ControlLink* const link_;
  uint64_t page_ = 0;  // the number of the client's page in the arena's pins; 0: none yet
  wire::ClientId client_;
  uint64_t order_ = 0;  // of this mapping among those of the client: see Clients::SetRings
  uint64_t timer_ = 0;
  std::set<uint32_t> handed_out_;
  uint32_t dropped_unanswered_ = 0;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_MAPPING_H_
