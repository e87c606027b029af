// Ours: a server process of this library, and clients of it in this process, on its public API alone.
//
// Memory: an OurServer owns a child, an OurClient its connections, and its server must outlive it.
// Threads: one. Failure: Fail; a connection that took another path than asked for is one.
// Limits: memory_limit_bytes, which the values of a load have to fit.
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

  // Makes it hold keys 0 to keys-1 with values of this size, and no others.
  void Hold(size_t keys, size_t bytes, Client& client, Buffers& buffers);

  // The child's part. Like `remote-dram serve --listen` it has a Unix socket, too, so that it can be mapped.
  static void Serve();

 private:
  Child child_;
  std::pair<size_t, size_t> held_;  // keys, bytes
};

Client ConnectTo(const std::string& address, Path path, std::shared_ptr<Context> context = nullptr);

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
  const std::shared_ptr<Context> context_;  // of all clients, so that one thread has all their completions
  std::deque<Client> clients_;              // as many as some load needed, one at least
  std::pair<size_t, size_t> read_once_;     // keys, bytes
};

// The laps of the verbs, each with its own check that what was asked for is what happened.
Lap OurGets(std::deque<Client>& clients, const Load& load, const Pace& pace, Buffers& buffers);
Lap OurViews(Client& client, const Load& load, const Pace& pace, Buffers& buffers);
Lap OurPuts(std::deque<Client>& clients, const Load& load, const Pace& pace, Buffers& buffers);
Lap OurBatchReads(Client& client, const Load& load, const Pace& pace, Buffers& buffers);  // of gets or stats
Lap OurBatchPuts(Client& client, const Load& load, const Pace& pace, Buffers& buffers);
Lap OurStats(Client& client, const Load& load, const Pace& pace);
Lap OurLists(Client& client, const Load& load, const Pace& pace);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_OURS_H_
