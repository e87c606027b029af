// MappingLink: the connection over which a client gets the server's memory to map, and rings to write to it.
//
//   kIdle ──Open──► kAsked ──MAPPED──► kOpen ──lost, or Close──► kIdle
//
// What it has mapped it publishes to a MappedReader. The connection itself outlives Close while somebody holds
// a view, since the view's Hold has a descriptor of it, too.
// Memory: owned by a Connection. Threads: the loop's role, but for reader().
// Failure: `opened` tells why nothing is mapped; afterwards what is lost is only unmapped, and reads ask.
// Limits: none of its own on time; whoever waits no longer calls End, or lets rings that come later go.
#ifndef REMOTE_DRAM_CLIENT_MAPPING_LINK_H_
#define REMOTE_DRAM_CLIENT_MAPPING_LINK_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>

#include "client/hub.h"
#include "client/mapped_reader.h"
#include "net/network.h"
#include "wire/control.h"

namespace remote_dram::client {

class MappingLink final : private net::ControlEvents, public std::enable_shared_from_this<MappingLink> {
 public:
  static constexpr std::chrono::milliseconds sweep_every{20};

  explicit MappingLink(Hub* hub)
      : hub_(hub), reader_([this](uint32_t segment) { OnMissing(segment); }) {}

  // `opened` runs once, on the loop.
  void Open(const net::Address& address, uint64_t incarnation, const wire::ClientId& client, base::Callback<Status> opened);
  bool open() const { return state_ == State::kOpen; }
  // Open, and of this server and client: a server that has forgotten a client knows nothing of its pins.
  bool IsOf(uint64_t incarnation, const wire::ClientId& client) const {
    return open() && incarnation_ == incarnation && client_.id_high == client.id_high && client_.id_low == client.id_low;
  }
  // While it is open: for rings of the client's data path (net/ring_pair.h). `came` runs once, on the loop, unless they
  // are asked for again before; not valid(): there are none.
  void AskForRings(base::Callback<base::Descriptor> came);
  // Nothing is mapped any more, and who waits is told `why`.
  void End(const Status& why);
  void Close();

  // From any thread.
  MappedReader& reader() { return reader_; }

 private:
  enum class State { kIdle, kAsked, kOpen };

  void OnFrame(std::string_view frame) override;
  void OnClosed(net::LinkEnd, const Status& why) override { End(why); }
  Status Handle(std::string_view frame);
  Status OnMapped(std::string_view body);
  Status OnSegment(std::string_view body);
  Status OnDropped(std::string_view body);
  Status OnRings(std::string_view body);
  void TellRings(base::Descriptor socket);
  Status OnRefused(std::string_view body);
  void OnMissing(uint32_t segment);
  void Want(uint32_t segment);
  void Publish();
  void Sweep();
  void TellOpened(const Status& status);

  Hub* const hub_;
  MappedReader reader_;
  State state_ = State::kIdle;
  wire::ClientId client_;
  uint64_t incarnation_ = 0;
  uint32_t maps_ = 0;  // that were sent
  uint64_t nonce_ = 0;
  uint64_t sweep_timer_ = 0;
  base::Callback<Status> opened_;
  std::unique_ptr<net::ControlLink> link_;
  std::unique_ptr<PinPage> pins_;  // until it is the attachment's
  int rings_asked_ = 0;  // and not answered
  base::Callback<base::Descriptor> rings_came_;
  std::shared_ptr<Attachment> attachment_;
  Mapped::Segments segments_;
  std::set<uint32_t> wanted_;
  std::atomic<bool> missing_{false};  // a segment is being asked for; others then wait for the next read
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MAPPING_LINK_H_
