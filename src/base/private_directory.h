// The directory below /tmp in which a server's Unix socket lies if neither a path nor XDG_RUNTIME_DIR is given.
//
// Anybody may make a directory of that name, so servers and clients use it only if it is this user's alone.
// Memory, threads: pure functions. Failure: PERMISSION_DENIED names the directory.
#ifndef REMOTE_DRAM_BASE_PRIVATE_DIRECTORY_H_
#define REMOTE_DRAM_BASE_PRIVATE_DIRECTORY_H_

#include <string>

#include "remote_dram/status.h"

namespace remote_dram::base {

std::string PrivateDirectory();
bool IsInPrivateDirectory(const std::string& socket_path);

// OK if the path does not lie in the private directory, if that does not exist, or if it is this user's with mode 0700.
Status CheckPrivateDirectory(const std::string& socket_path);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_PRIVATE_DIRECTORY_H_
