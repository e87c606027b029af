// Ours: a server process of this library and its clients in this process, through the public API (but for RequireAtOnce).
//
// Memory: an OurServer owns its child, an OurClient its connections; the server must outlive the client.
// Threads: one. Failure: Fail, also if a connection took another path than the one asked for.
// Limits: the values of a load have to fit into memory_limit_bytes.
#ifndef REMOTE_DRAM_BENCH_OURS_H_
#define REMOTE_DRAM_BENCH_OURS_H_

#include <deque>
#include <utility>

#include "bench/child.h"
#include "bench/contender.h"

namespace remote_dram::bench {

class OurServer {
 public:
  static constexpr uint64_t memory_limit_bytes = uint64_t{4} << 30;

  OurServer();
  pid_t pid() const { return child_.pid(); }
  const std::string& address() const { return child_.line(); }
  Client Connect(Path path, std::shared_ptr<Context> context = nullptr) const;

  // Makes the server hold exactly keys 0 to keys-1, with values of this size.
  void Hold(size_t keys, size_t bytes, Client& client, Buffers& buffers);
  // The values that it holds are about to be overwritten, so the next Hold stores them anew.
  void Forget() { held_ = {}; }

  // Runs in the child. Like `remote-dram serve --listen`, it also has a Unix socket, so that clients can map its memory.
  static void Serve();

 private:
  Child child_;
  std::pair<size_t, size_t> held_;  // keys, bytes
};

Client ConnectTo(const std::string& address, Path path, std::shared_ptr<Context> context = nullptr);

// Reads each key of the load once: a row of cold values does not measure the page faults of a mapping's first use.
void ReadOnce(Client& client, const Load& load, Buffers& buffers);

class OurClient final : public Contender {
 public:
  OurClient(OurServer& server, Path path);

  std::string name() const override { return "ours"; }
  bool Takes(const Load& load) const override;
  void Prepare(const Load& load, Buffers& buffers) override;
  Figures Run(const Load& load, const Pace& pace, Buffers& buffers) override;

 private:
  OurServer& server_;
  const Path path_;
  const std::shared_ptr<Context> context_;  // shared by all clients, so that one thread runs all their completions
  std::deque<Client> clients_;              // at least one; as many as the largest load so far needed
  std::pair<size_t, size_t> read_once_;     // keys, bytes
};

// The laps of the verbs; each checks that its operations did what was asked for.
Lap OurGets(std::deque<Client>& clients, const Load& load, const Pace& pace, Buffers& buffers);
Lap OurReturnedGets(Client& client, const Load& load, const Pace& pace, Buffers& buffers);  // views, or allocated
Lap OurPuts(std::deque<Client>& clients, const Load& load, const Pace& pace, Buffers& buffers);
Lap OurBatchReads(Client& client, const Load& load, const Pace& pace, Buffers& buffers);  // gets or stats
Lap OurBatchPuts(Client& client, const Load& load, const Pace& pace, Buffers& buffers);
Lap OurStats(Client& client, const Load& load, const Pace& pace);
Lap OurLists(Client& client, const Load& load, const Pace& pace);

std::vector<ReadOperation> BatchOf(const Load& load);  // gets or stats of keys 0 to load.batch-1

// Fails if the first key that a lap of a mapped path has read, or its batch, cannot be read without a message.
void RequireAtOnce(Client& client, const Load& load, Buffers& buffers);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_OURS_H_
