// MappedReader: reads values from the server's mapped memory in the calling thread, without a message.
//
//   a Get:  take a lane · look up and pin (wire/mapped_lookup.h) · copy, or keep as a view · unpin ·
//           check that the server lives and honours our pins · release the lane (client/mapped_seat.h)
//
// The check of the server comes last. It reads two words in shared memory: the server sets one before it stops honouring
// our pins, and the kernel changes the other when the server dies (base/death_mark.h). If neither is set, everything read
// before was protected by our pins, and was current when it was looked up.
// Memory: a Mapped is immutable and is replaced as a whole; the old one is released when no lane uses it any more. A view
// shares the connection's Hold and its own segment, which therefore outlive everything else of the mapping.
// Threads: Get, Stat, BatchRead and maps() any; Publish and Sweep the loop's role.
// Failure: kAskServer: the caller must ask by message, which also reports the error, if there is one; `result` is
// unspecified.
// Limits: readers_max calls at a time; further ones get kAskServer.
#ifndef REMOTE_DRAM_CLIENT_MAPPED_READER_H_
#define REMOTE_DRAM_CLIENT_MAPPED_READER_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fork.h"
#include "base/sealed_memory.h"
#include "client/pin_page.h"
#include "remote_dram/verbs.h"
#include "wire/mapped_lookup.h"

namespace remote_dram::client {

// What makes the server honour our pins. It is all that a view needs of the connection that carries the mapping.
struct Hold {
  base::Descriptor socket;  // a duplicate of the connection's: the server honours the pins until this one is closed, too
  std::unique_ptr<PinPage> pins;
  const base::Home home{};
};

// What one connection has mapped, except for the segments.
struct Attachment {
  const std::shared_ptr<Hold> hold = std::make_shared<Hold>();
  std::shared_ptr<const base::SealedMemory> index_memory;
  wire::MappedIndex index;

  PinPage& pins() const { return *hold->pins; }
  // True if, up to this moment, the server has lived and has honoured our pins: then what was read before is valid.
  bool ServerIsThere() const;
};

// An immutable snapshot of what is mapped: the attachment and a hash table of segments.
class Mapped final : public wire::MappedSegments {
 public:
  using Segments = std::vector<std::pair<uint32_t, std::shared_ptr<const base::SealedMemory>>>;  // by segment number

  Mapped(std::shared_ptr<Attachment> of, const Segments& segments);

  std::string_view Bytes(uint32_t segment) const override {
    const auto& memory = Find(segment);
    return memory ? memory->bytes() : std::string_view();
  }
  const std::shared_ptr<const base::SealedMemory>& Find(uint32_t segment) const;  // null if it is not mapped

  const std::shared_ptr<Attachment> attachment;

 private:
  // Open addressing by segment number. The size is a power of two, and at least one slot is free (null).
  Segments slots_;
};

enum class MappedRead { kAnswered, kAskServer };

class MappedReader {
 public:
  // `want` is called on any thread with the number of a segment that a read needs and that is not mapped.
  explicit MappedReader(std::function<void(uint32_t)> want) : want_(std::move(want)) {}
  MappedReader(const MappedReader&) = delete;
  MappedReader& operator=(const MappedReader&) = delete;

  // A cheap test, so that clients without a mapping pay nothing.
  bool maps() const { return mapped_.load(std::memory_order_relaxed) != nullptr; }

  MappedRead Get(std::string_view key, const GetOptions& options, GetResult* result);
  MappedRead Stat(std::string_view key, const StatOptions& options, StatResult* result);
  MappedRead BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options, BatchReadResult* result);

  // Replaces the snapshot that reads use. Null: nothing is mapped.
  void Publish(std::shared_ptr<const Mapped> mapped);
  // Releases old snapshots that no lane uses any more. True if some are left: call again soon.
  bool Sweep();

 private:
  struct alignas(64) Lane {
    std::atomic<uint64_t> turn{0};  // odd: a call is reading
  };
  class Seat;

  // False if the call has to fail because of its options. Such calls go by message, which reports the error.
  template <typename Options>
  static bool IsPlain(const Options& options) {
    return options.timeout.count() >= 0 && !options.cancel.cancelled();
  }
  // Takes a lane and runs `read` with the snapshot and the lane's pin. kAskServer if no lane is free, if nothing is
  // mapped, or if afterwards the server is not there.
  template <typename Read>
  MappedRead InALane(Read read);
  // Finds and pins the key, runs `take` on what was found, and clears the pin.
  template <typename Take>
  MappedRead WhilePinned(const Mapped& mapped, std::string_view key, uint64_t* pin, Take take);
  wire::MappedFound Find(const Mapped& mapped, std::string_view key, uint64_t* pin);
  // Fills in everything of the result except for the value's bytes.
  static MappedRead Judge(const Mapped& mapped, const wire::MappedFound& found, const Generation& if_generation,
                          const Generation& if_not_generation, GetResult* result);
  static MappedRead Fill(const Mapped& mapped, const GetOptions& options, const std::shared_ptr<const void>& owner,
                         const wire::MappedFound& found, GetResult* result);
  MappedRead View(const Mapped& mapped, std::string_view key, const GetOptions& options, GetResult* result);

  const std::function<void(uint32_t)> want_;
  std::atomic<const Mapped*> mapped_{nullptr};
  std::array<Lane, readers_max> lanes_;

  // Used only with the loop's role.
  struct Old {
    std::shared_ptr<const Mapped> mapped;
    std::vector<std::pair<uint32_t, uint64_t>> users;  // the lanes that were reading when it was replaced; their turns
  };
  std::shared_ptr<const Mapped> current_;
  std::vector<Old> old_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MAPPED_READER_H_
