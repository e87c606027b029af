// MappedReader: reads of the server's memory in the calling thread, without a message.
//
//   a Get:  take a lane · look up and pin (wire/mapped_lookup.h) · copy, or keep as a view · unpin · does the
//           server live, and keep what we pin? · give the lane back (client/mapped_seat.h)
//
// The look at the server comes last, at two words in shared memory: it says so before it forgets our pins, and the
// kernel does when it dies (base/death_mark.h). So what was read until then was kept for us, and was true when it was
// looked up.
// Memory: a Mapped is immutable and is replaced as a whole; the old one goes when no lane uses it any more. A
// view shares the connection's Hold and its segment, which outlive everything else; the index and the other segments go.
// Threads: Get and Stat any; Publish and Sweep the loop's role.
// Failure: kAskServer: ask by message, which also says what is wrong, if anything is; the result is none.
// Limits: readers_max calls at a time; more ask by message.
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

// What makes the server keep what is pinned: all that a view needs of the connection that carries a mapping.
struct Hold {
  base::Descriptor socket;  // of its own: the connection, and with it the pins, live as long as this
  std::unique_ptr<PinPage> pins;
  const base::Home home{};
};

// One connection that carries a mapping.
struct Attachment {
  const std::shared_ptr<Hold> hold = std::make_shared<Hold>();
  std::shared_ptr<const base::SealedMemory> index_memory;
  wire::MappedIndex index;

  PinPage& pins() const { return *hold->pins; }
  // Whether the server lives, and kept for us, until this very moment, what was read before.
  bool ServerIsThere() const;
};

// What is mapped now.
class Mapped final : public wire::MappedSegments {
 public:
  using Segments = std::vector<std::pair<uint32_t, std::shared_ptr<const base::SealedMemory>>>;

  Mapped(std::shared_ptr<Attachment> of, const Segments& segments);

  std::string_view Bytes(uint32_t segment) const override {
    const auto& memory = Find(segment);
    return memory ? memory->bytes() : std::string_view();
  }
  const std::shared_ptr<const base::SealedMemory>& Find(uint32_t segment) const;

  const std::shared_ptr<Attachment> attachment;

 private:
  Segments slots_;  // found by number, modulo their count, a power of two; at least one has no memory
};

enum class MappedRead { kAnswered, kAskServer };

class MappedReader {
 public:
  // `want` is told, from any thread, that a segment is missing.
  explicit MappedReader(std::function<void(uint32_t)> want) : want_(std::move(want)) {}
  MappedReader(const MappedReader&) = delete;
  MappedReader& operator=(const MappedReader&) = delete;

  // A first look, which costs nothing where nothing is mapped.
  bool maps() const { return mapped_.load(std::memory_order_relaxed) != nullptr; }

  MappedRead Get(std::string_view key, const GetOptions& options, GetResult* result);
  MappedRead Stat(std::string_view key, const StatOptions& options, StatResult* result);
  MappedRead BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options, BatchReadResult* result);

  // Null: nothing is mapped.
  void Publish(std::shared_ptr<const Mapped> mapped);
  // Lets go of what no lane uses any more; true: call again soon.
  bool Sweep();

 private:
  struct alignas(64) Lane {
    std::atomic<uint64_t> turn{0};  // odd: a call is reading
  };
  class Seat;

  // What a call by message would refuse or answer with an error, it shall.
  template <typename Options>
  static bool IsPlain(const Options& options) {
    return options.timeout.count() >= 0 && !options.cancel.cancelled();
  }
  // What `read` answers, of what is mapped and with the pin of a lane, if the server was there all the while.
  template <typename Read>
  MappedRead InALane(Read read);
  // What `take` makes of the key while it is pinned.
  template <typename Take>
  MappedRead WhilePinned(const Mapped& mapped, std::string_view key, uint64_t* pin, Take take);
  wire::MappedFound Find(const Mapped& mapped, std::string_view key, uint64_t* pin);
  // The answer but for its bytes.
  static MappedRead Judge(const Mapped& mapped, const wire::MappedFound& found, const Generation& if_generation,
                          const Generation& if_not_generation, GetResult* result);
  static MappedRead Fill(const Mapped& mapped, const GetOptions& options, const std::shared_ptr<const void>& owner,
                         const wire::MappedFound& found, GetResult* result);
  MappedRead View(const Mapped& mapped, std::string_view key, const GetOptions& options, GetResult* result);

  const std::function<void(uint32_t)> want_;
  std::atomic<const Mapped*> mapped_{nullptr};
  std::array<Lane, readers_max> lanes_;

  // The loop's.
  struct Old {
    std::shared_ptr<const Mapped> mapped;
    std::vector<std::pair<uint32_t, uint64_t>> users;  // lanes that were reading when it was replaced, and their turns
  };
  std::shared_ptr<const Mapped> current_;
  std::vector<Old> old_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_MAPPED_READER_H_
