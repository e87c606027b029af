// Mapping: the server's side of one client that reads the server's memory without messages.
//
// It hands the memory out, looks at the client's pins on the arena's behalf, and tells the client of segments
// that are gone. To a client that came through TCP it hands rings, too.
// Memory: owns the registration of the page of pins, which ends with it, and tells the client so: what it reads is no
// longer kept for it.
// Threads: the loop's role.
// Failure: Begin says what is wrong with the client; nothing is kept then.
// Limits: tick: so long does memory wait that was pinned, and a client with a segment that is gone;
// dropped_unanswered_max, for a client that has gone, but for a view, and reads nothing any more: its connection
// must not end for that, or the view would change.
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
  // Null, or what is wrong with the frame.
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
  uint64_t page_ = 0;  // its number among the arena's pins; 0: none yet
  wire::ClientId client_;
  uint64_t order_ = 0;  // among the mappings of the client
  uint64_t timer_ = 0;
  std::set<uint32_t> handed_out_;
  uint32_t dropped_unanswered_ = 0;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_MAPPING_H_
