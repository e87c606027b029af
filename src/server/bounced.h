// Bounced: payloads that come through a client's bounce buffers (wire/bounce.h), piece by piece.
//
// What lies there the client may change at any moment: it is copied once, and looked at only in the copy.
// Memory: shares the mapping of the buffers. What is arriving is dropped, without an end, by Clear.
// Threads: the loop's role. Failure: a text that says why no correct client sends this. Limits: see wire/bounce.h.
#ifndef REMOTE_DRAM_SERVER_BOUNCED_H_
#define REMOTE_DRAM_SERVER_BOUNCED_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "base/sealed_memory.h"
#include "net/fabric.h"
#include "wire/bounce.h"

namespace remote_dram::server {

class Bounced {
 public:
  void Open(std::shared_ptr<const base::SealedMemory> buffers) { buffers_ = std::move(buffers); }
  bool open() const { return buffers_ != nullptr; }
  void Clear();

  // Null, or what is wrong with it.
  const char* Check(const wire::Piece& piece) const;
  bool IsArriving(uint64_t request) const { return arriving_.contains(request); }
  // Of a piece that was checked.
  std::string_view Bytes(const wire::Piece& piece) const { return buffers_->bytes().substr(piece.offset, piece.bytes); }
  // The first piece of several, and where all of them are to go.
  void Begin(uint64_t request, const wire::Piece& piece, char* to, net::TransferEnded ended);
  // A later one; of a request of which no more is wanted it is ignored.
  const char* GoOn(uint64_t request, const wire::Piece& piece);

 private:
  struct Arriving {
    char* to;
    uint64_t bytes;  // that are there
    uint64_t payload_bytes;
    net::TransferEnded ended;
  };

  std::shared_ptr<const base::SealedMemory> buffers_;
  std::unordered_map<uint64_t, Arriving> arriving_;  // by request
};

// A request with its payload in the buffers: it came along if the piece is all of it.
class BouncedArrival final : public net::Arrival {
 public:
  BouncedArrival(Bounced* bounced, uint64_t request, const wire::Piece& piece)
      : bounced_(bounced), request_(request), piece_(piece) {}

  std::string_view header() const override { return {}; }
  uint64_t payload_bytes() const override { return piece_.payload_bytes; }
  bool came_along() const override { return piece_.bytes == piece_.payload_bytes; }
  std::string_view payload() const override { return bounced_->Bytes(piece_); }
  void Fetch(char* to, net::TransferEnded fetched) override { bounced_->Begin(request_, piece_, to, std::move(fetched)); }
  std::unique_ptr<net::Endpoint> TakeEndpoint(base::Callback<Status>) override { return nullptr; }

 private:
  Bounced* const bounced_;
  const uint64_t request_;
  const wire::Piece piece_;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_BOUNCED_H_
