// RD_CHECK: an assertion that is active in every build. If the condition is false, it prints file and line, and aborts.
//
// Use it only for what a bug in this program alone can make false. What a peer, a user or the machine can cause is a
// Status instead.
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
