// Ours: a server process of this library, and a client of it in this process, on its public API alone.
//
// Memory: an OurServer owns a child, an OurClient its connection; both end with their destructors.
// Threads: one. Failure: Fail; a connection that took another path than asked for is one.
#ifndef REMOTE_DRAM_BENCH_OURS_H_
#define REMOTE_DRAM_BENCH_OURS_H_

#include "bench/child.h"
#include "bench/contender.h"

namespace remote_dram::bench {

class OurServer {
 public:
  static constexpr uint64_t memory_limit_bytes = uint64_t{4} << 30;

  OurServer();
  pid_t pid() const { return child_.pid(); }
  Client Connect(Path path) const;

  static void Serve();  // the child's part

 private:
  Child child_;
};

class OurClient final : public Contender {
 public:
  OurClient(const OurServer& server, Path path) : client_(server.Connect(path)) {}

  std::string name() const override { return "ours"; }
  Figures Run(const Load& load, const Pace& pace, Buffers& buffers) override;

 private:
  Figures RunGets(const Load& load, const Pace& pace, Buffers& buffers);
  Figures RunPuts(const Load& load, const Pace& pace, Buffers& buffers);

  Client client_;
};

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_OURS_H_
