// Ways to copy memory; which one is fastest depends on the size, the machine, and the contents of the caches.
//
// Memory: source and target do not overlap. Threads: any. Failure: none.
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

// "memcpy"; on x86-64 also "movsb", the processor's own copy instruction, and "streams", which copies four pages in
// turns, line by line, with stores that bypass the caches.
std::vector<CopyLoop> CopyLoops();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_COPY_LOOPS_H_
