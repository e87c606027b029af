// Server: serves a key-value store in this process's memory, to other processes and to this one.
//
// Memory: a movable handle. Values that were read through local() may outlive the server; references to local() must
// not. A restarted server is empty: nothing is kept on disk.
// Threads: any. The server runs `threads` threads, each with an event loop, and one for the completions of local().
// Failure: Start says what is wrong and leaves nothing behind. Stop and the destructor end every connection; pending
// calls of clients then fail with UNAVAILABLE. A forked child of the process has no server: calls of local() in it fail,
// and clients notice the parent's death even if the child lives on.
// Limits: memory_limit_bytes, which counts keys, values and overhead; connections_max.
#ifndef REMOTE_DRAM_SERVER_H_
#define REMOTE_DRAM_SERVER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "remote_dram/key_value_store.h"
#include "remote_dram/limits.h"
#include "remote_dram/log.h"

namespace remote_dram {

struct ServerOptions {
  // HOST:PORT (IPv4; port 0: the system chooses a free one). Empty: no TCP socket. UCX also opens ports of its own on the
  // network device of this address. Whoever reaches those ports can write into this process, so use trusted networks
  // only, even with credentials.
  std::string listen_addr;
  // A file that lists the clients that may connect through listen_addr, one per line: NAME:HEX, a name and a secret of 16
  // to 64 bytes. The file must belong to this user and be inaccessible to all others. Start reads it once. Empty: any
  // client may connect.
  std::string credentials_file;
  // The path of a Unix socket for clients on this host. Empty: no such socket; clients on this host that connect through
  // listen_addr can map this server's memory all the same.
  std::string socket_path;
  // The permissions of that socket, 0600 (only this user) to 0777. Whoever may write to the socket may read and write
  // everything in the store, without credentials. If other users are admitted, the socket's directory must be accessible
  // to them.
  unsigned socket_mode = 0600;
  uint64_t memory_limit_bytes = uint64_t{1} << 30;
  uint64_t value_bytes_max = remote_dram::value_bytes_max;  // of one value; at most remote_dram::value_bytes_max
  int threads = 1;  // 1 to server_threads_max
  LogFunction log;  // null: nothing is logged
};

class Server {
 public:
  // Serves an empty store until Stop or the destructor. Without listen_addr and socket_path it serves only local().
  static Result<Server> Start(const ServerOptions& options);

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  // Access to the store from this process, without a socket. The reference is valid as long as the Server; calls after
  // Stop fail with UNAVAILABLE.
  KeyValueStore& local();

  const std::string& listen_addr() const;  // with the actual port; empty if there is no TCP socket
  const std::string& socket_path() const;  // empty if there is no Unix socket
  uint64_t incarnation() const;            // a random number, new with every start

  // Closes the listening sockets, refuses new calls, gives running calls at most `grace` to finish, and ends every
  // connection. Blocks until that is done. Idempotent.
  void Stop(std::chrono::milliseconds grace = std::chrono::milliseconds(0));

 private:
  class Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// The default path of a server's Unix socket, which the command line and the Python package use if the user names none:
// remote_dram.sock in `xdg_runtime_dir`, or, if that is null or empty, in this user's directory below /tmp. (Server::Start
// makes that directory with mode 0700, and fails if other users own it or may enter it.) With a listen address the file
// name is remote_dram-HOST:PORT.sock, so that servers on different ports do not collide.
std::string DefaultSocketPath(const char* xdg_runtime_dir, std::string_view listen_addr = {});

}  // namespace remote_dram

#endif  // REMOTE_DRAM_SERVER_H_
