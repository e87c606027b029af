// Descriptor passing: the two system calls that send and receive bytes and descriptors over a Unix socket.
//
// Memory: the caller keeps a descriptor that it sends; received ones are new. Threads: any.
// Failure: as send and recv: -1 and errno. If the process cannot take all received descriptors, the kernel closes the others,
// and a single one that is not valid() stands for them.
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

// The descriptor goes with the first byte that is sent; -1: no descriptor.
ssize_t SendBytes(int socket, std::string_view bytes, int descriptor);

// Appends received descriptors. Works for a TCP socket, too, over which none arrive.
ssize_t ReceiveBytes(int socket, char* to, size_t room, std::vector<base::Descriptor>* descriptors);

}  // namespace remote_dram::net

#endif  // REMOTE_DRAM_NET_DESCRIPTOR_PASSING_H_
