// Passing descriptors: the two system calls that move bytes and descriptors over a Unix socket.
//
// Memory: a sent descriptor stays the caller's; received ones are new. Threads: any.
// Failure: as send and recv: -1 and errno; descriptors that found no room are closed by the kernel, and one that is not
// valid() stands for them.
// Limits: descriptors_at_once_max.
#ifndef REMOTE_DRAM_NET_DESCRIPTOR_PASSING_H_
#define REMOTE_DRAM_NET_DESCRIPTOR_PASSING_H_

#include <sys/types.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/descriptor.h"

namespace remote_dram::net {

inline constexpr size_t descriptors_at_once_max = 4;

// Of the bytes that were sent, the first takes the descriptor along; `descriptor` -1: none.
ssize_t SendBytes(int socket, std::string_view bytes, int descriptor);

// Also of a TCP socket, over which no descriptors come.
ssize_t ReceiveBytes(int socket, char* to, size_t room, std::vector<base::Descriptor>* descriptors);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_DESCRIPTOR_PASSING_H_
