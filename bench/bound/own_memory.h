// The bound of mapped reads: values in this process's own memory, behind a plain hash table.
//
// A get of less than own_alone_bytes_min is a look-up, a copy and one system call (a look at a socket, as
// nothing else tells whether a server lives); a larger one is the copy alone. A view is the same without a
// copy. The memory consists of small pages, as that of a memfd does.
// Memory: contenders of one kind share the values, which are dropped with the last. Threads: one.
// Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_BOUND_OWN_MEMORY_H_
#define REMOTE_DRAM_BENCH_BOUND_OWN_MEMORY_H_

#include "bench/contender.h"

namespace remote_dram::bench {

inline constexpr size_t own_alone_bytes_min = 64 << 10;

// One contender for each of CopyLoops.
Contenders MakeOwnMemory();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_BOUND_OWN_MEMORY_H_
