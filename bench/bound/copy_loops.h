// Ways to copy memory; which is the fastest depends on size, machine, and on what lies in the caches.
//
// Memory: the two places do not overlap. Threads: any. Failure: none.
#ifndef REMOTE_DRAM_BENCH_BOUND_COPY_LOOPS_H_
#define REMOTE_DRAM_BENCH_BOUND_COPY_LOOPS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace remote_dram::bench {

struct CopyLoop {
  std::string name;
  void (*copy)(char* to, const char* from, size_t bytes);
};

// "memcpy"; on x86-64 also "movsb", the processor's own instruction, and "streams", which reads four pages by
// turns and writes around the caches.
std::vector<CopyLoop> CopyLoops();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_COPY_LOOPS_H_
