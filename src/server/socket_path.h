// The directory that holds a server's Unix socket.
//
// Memory and threads: pure functions. Failure: PERMISSION_DENIED if the directory of the default path is not
// this user's alone; INVALID_ARGUMENT if the mode opens the socket to others, and its directory is closed to them.
#ifndef REMOTE_DRAM_SERVER_SOCKET_PATH_H_
#define REMOTE_DRAM_SERVER_SOCKET_PATH_H_

#include <string>

#include "remote_dram/status.h"

namespace remote_dram::server {

// Makes the private directory below /tmp if the path lies in it; leaves all other directories alone.
Status PrepareDirectory(const std::string& socket_path, unsigned socket_mode);

// As octal text: "0660".
std::string ShowMode(unsigned mode);

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_SOCKET_PATH_H_
