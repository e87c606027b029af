// MappingLink: the connection to the server's Unix socket over which a client receives the descriptors of the server's
// memory, to map it for reading, and of rings for its data path.
//
//   kIdle ──Open──► kAsked ──MAPPED──► kOpen ──lost, or Close──► kIdle
//
// It publishes what is mapped to a MappedReader. The socket stays open after Close while a view is held, because the
// view's Hold has a duplicate of its descriptor.
// Memory: owned by a Connection. Threads: the loop's role, except for reader().
// Failure: `opened` gets the reason if nothing is mapped. If the link is lost later, the memory is unmapped and reads go by
// message.
// Limits: it has no timeouts of its own. Who has waited long enough calls End, or drops rings that arrive later.
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

  // Connects and asks for the memory of this incarnation of the server. `opened` runs once, on the loop.
  void Open(const net::Address& address, uint64_t incarnation, const wire::ClientId& client, base::Callback<Status> opened);
  bool open() const { return state_ == State::kOpen; }
  // True if the mapping is open and belongs to this incarnation and client identity. A client that the server has forgotten
  // gets a new identity, and maps anew.
  bool IsOf(uint64_t incarnation, const wire::ClientId& client) const {
    return open() && incarnation_ == incarnation && client_.id_high == client.id_high && client_.id_low == client.id_low;
  }
  // Asks for rings for the client's data path (net/ring_pair.h); only while the mapping is open. `came` gets their
  // descriptor, which is not valid() if there are none. It runs once, on the loop, unless AskForRings is called again
  // before.
  void AskForRings(base::Callback<base::Descriptor> came);
  // Unmaps everything and closes the link. A pending `opened` gets `why`, a pending `came` an invalid descriptor.
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
  uint32_t maps_ = 0;  // MAP frames sent so far
  uint64_t nonce_ = 0;
  uint64_t sweep_timer_ = 0;
  base::Callback<Status> opened_;
  std::unique_ptr<net::ControlLink> link_;
  std::unique_ptr<PinPage> pins_;  // in kAsked; afterwards the attachment owns the page
  int rings_asked_ = 0;  // RINGS frames that the server has not answered
  base::Callback<base::Descriptor> rings_came_;
  std::shared_ptr<Attachment> attachment_;
  Mapped::Segments segments_;
  std::set<uint32_t> wanted_;  // segments that were asked for and not answered
  std::atomic<bool> missing_{false};  // segments are being asked for: reads do not report further ones until they arrive
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MAPPING_LINK_H_
