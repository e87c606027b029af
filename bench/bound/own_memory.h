// The bound of mapped reads: values in this process's own memory, behind a plain hash table.
//
// A get of less than own_alone_bytes_min is a look-up, a copy and one system call (a check of a socket, because nothing
// else tells whether a server is alive); a larger get is the copy alone. A view is a look-up and that system call,
// without a copy of the value. The memory consists of small pages, like that of a memfd.
// Memory: the contenders share the values; the last contender frees them. Threads: one.
// Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BOUND_OWN_MEMORY_H_
#define REMOTE_DRAM_BENCH_BOUND_OWN_MEMORY_H_

#include "bench/contender.h"

namespace remote_dram::bench {

inline constexpr size_t own_alone_bytes_min = 64 << 10;

// One contender for each copy loop of CopyLoops.
Contenders MakeOwnMemory();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_OWN_MEMORY_H_
