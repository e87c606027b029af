// RD_CHECK: for what cannot be false unless this program is wrong; it says where, and aborts.
//
// Never for what a peer, a user or the machine can cause: those are Status.
#ifndef REMOTE_DRAM_BASE_CHECK_H_
#define REMOTE_DRAM_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

#define RD_CHECK(condition)                                                                     \
  do {                                                                                          \
    if (!(condition)) {                                                                         \
      std::fprintf(stderr, "remote_dram: %s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                             \
    }                                                                                           \
  } while (false)

#endif  // REMOTE_DRAM_BASE_CHECK_H_
