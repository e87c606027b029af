// Keys and values are blocks in one mapping; an open-addressing hash table points to them.
#include "bench/bound/own_memory.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <utility>

#include "bench/bound/copy_loops.h"
#include "bench/fail.h"

namespace remote_dram::bench {
namespace {

constexpr size_t kKeyRoom = 64;  // bytes for the key in front of each value; aligns values to 64, as our server does

class OwnMemory {
 public:
  OwnMemory() { Require(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets_) == 0, "no socket"); }
  ~OwnMemory() {
    Drop();
    for (const int socket : sockets_) close(socket);
  }
  OwnMemory(const OwnMemory&) = delete;
  OwnMemory& operator=(const OwnMemory&) = delete;

  void Hold(size_t keys, size_t bytes, Buffers& buffers);

  const char* Find(std::string_view key) const {
    const size_t hash = std::hash<std::string_view>()(key);
    for (size_t at = hash;; ++at) {
      const Entry& entry = table_[at & (table_.size() - 1)];
      if (!entry.block) return nullptr;
      if (entry.hash == hash && std::memcmp(entry.block, key.data(), key.size()) == 0) return entry.block + kKeyRoom;
    }
  }
  const char* At(size_t number) const { return mapping_ + number * block_bytes_ + kKeyRoom; }

  // The check that a reader of a server's memory has to make after each read.
  bool PeerIsThere() const {
    char ignored;
    return recv(sockets_[0], &ignored, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
  }

 private:
  struct Entry {
    size_t hash = 0;
    const char* block = nullptr;
  };

  void Drop() {
    if (mapping_) munmap(mapping_, held_.first * block_bytes_);
    mapping_ = nullptr;
  }

  int sockets_[2];
  std::pair<size_t, size_t> held_;  // keys, bytes
  size_t block_bytes_ = 0;
  char* mapping_ = nullptr;
  std::vector<Entry> table_;
};

void OwnMemory::Hold(size_t keys, size_t bytes, Buffers& buffers) {
  if (held_ == std::pair(keys, bytes)) return;
  Drop();
  held_ = {keys, bytes};
  block_bytes_ = kKeyRoom + (bytes + kKeyRoom - 1) / kKeyRoom * kKeyRoom;
  void* const mapping =
      mmap(nullptr, keys * block_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  Require(mapping != MAP_FAILED, "no memory");
  madvise(mapping, keys * block_bytes_, MADV_NOHUGEPAGE);
  mapping_ = static_cast<char*>(mapping);
  size_t slots = 16;
  while (slots < 2 * keys) slots *= 2;
  table_.assign(slots, {});
  KeyText text;
  for (size_t i = 0; i < keys; ++i) {
    const std::string_view key = text.Of(i);
    char* const block = mapping_ + i * block_bytes_;
    std::memcpy(block, key.data(), key.size());
    std::memcpy(block + kKeyRoom, buffers.Stored(i, bytes).data(), bytes);
    const size_t hash = std::hash<std::string_view>()(key);
    size_t at = hash & (slots - 1);
    while (table_[at].block) at = (at + 1) & (slots - 1);
    table_[at] = {hash, block};
  }
}

class OwnReader final : public Contender {
 public:
  OwnReader(std::shared_ptr<OwnMemory> memory, CopyLoop loop) : memory_(std::move(memory)), loop_(std::move(loop)) {}

  std::string name() const override { return loop_.name; }
  bool Takes(const Load& load) const override {
    const bool gets = load.verb == Verb::kGet || load.verb == Verb::kAllocatedGet;
    const bool reads = gets || (load.verb == Verb::kView && loop_.name == "memcpy");
    return reads && load.batch == 1 && load.in_flight * load.clients == 1;
  }
  void Prepare(const Load& load, Buffers& buffers) override { memory_->Hold(load.keys, load.bytes, buffers); }
  Figures Run(const Load& load, const Pace& pace, Buffers& buffers) override;

 private:
  const std::shared_ptr<OwnMemory> memory_;
  const CopyLoop loop_;
};

Figures OwnReader::Run(const Load& load, const Pace& pace, Buffers& buffers) {
  const bool views = load.verb == Verb::kView;
  const bool alone = !views && load.bytes >= own_alone_bytes_min;
  std::memset(buffers.target.data(), 0, load.bytes);
  Walk walk(load.keys, load.round);
  KeyText key;
  size_t last = 0;
  Lap lap = OneByOne(pace, [this, &load, &buffers, views, alone, &walk, &key, &last] {
    last = walk.Next();
    const char* const value = alone ? memory_->At(last) : memory_->Find(key.Of(last));
    Require(value != nullptr, "the bound lost a key");
    loop_.copy(buffers.target.data(), value, views ? load_bytes_min : load.bytes);
    Require(alone || memory_->PeerIsThere(), "the bound lost a socket");
    Require(buffers.Arrived(last), "the bound brought other bytes");
  });
  if (!views) buffers.RequireArrived(last, load.bytes, "the bound");
  return lap.Sum(load.bytes);
}

}  // namespace

Contenders MakeOwnMemory() {
  const auto memory = std::make_shared<OwnMemory>();
  Contenders contenders;
  for (CopyLoop& loop : CopyLoops()) contenders.push_back(std::make_unique<OwnReader>(memory, std::move(loop)));
  return contenders;
}

}  // namespace remote_dram::bench
