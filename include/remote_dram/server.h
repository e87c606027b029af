// Server: lends this process's memory to others, and to itself.
//
// Memory: values read through local() may outlive the server; everything else must not. A restarted server
// is empty: nothing is kept on disk.
// Threads: any. It runs `threads` loop threads and one for the completions of local().
// Failure: Start says what is wrong and leaves nothing behind. Stop and the destructor end every
// connection; calls of clients fail with UNAVAILABLE. A forked child of the process has no server: its
// peers see the parent's death though the child lives, and calls of local() in it fail.
// Limits: memory_limit_bytes counts keys, values and overhead; connections_max.
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
  // HOST:PORT (IPv4; port 0: any free one). Empty: no TCP socket at all. UCX opens ports of its own on the
  // device of this address, and whoever reaches them can write into this process: trusted networks only, with
  // credentials too.
  std::string listen_addr;
  // Who may come through listen_addr: a file of lines NAME:HEX, names and secrets of 16 to 64 bytes, that belongs to
  // this user and is closed to all others. It is read once, by Start. Empty: anybody may.
  std::string credentials_file;
  // A Unix socket for clients on this host. Empty: none; clients on this host that came through listen_addr map this
  // server's memory all the same.
  std::string socket_path;
  // Its permissions, 0600 (this user alone) to 0777: who may write to it may read and write all that is stored, without
  // credentials. Others must be able to enter its directory.
  unsigned socket_mode = 0600;
  uint64_t memory_limit_bytes = uint64_t{1} << 30;
  uint64_t value_bytes_max = remote_dram::value_bytes_max;
  int threads = 1;
  LogFunction log;  // null: silent
};

class Server {
 public:
  static Result<Server> Start(const ServerOptions& options);

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  // This process's own way to the store, without a socket. Valid until the server is stopped; calls after
  // that fail with UNAVAILABLE.
  KeyValueStore& local();

  const std::string& listen_addr() const;  // with the real port; empty if there is none
  const std::string& socket_path() const;
  uint64_t incarnation() const;

  // Closes the listening sockets, refuses new calls, lets those that run finish for at most `grace`, and
  // ends every connection. Idempotent.
  void Stop(std::chrono::milliseconds grace = std::chrono::milliseconds(0));

 private:
  class Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Where a server without an address listens and a client without one looks: remote_dram.sock in
// `xdg_runtime_dir`, or, if that is null or empty, in a directory of this user's own below /tmp (which
// Server::Start makes with mode 0700, and refuses if it belongs to somebody else). With a listen address
// the name is remote_dram-HOST:PORT.sock, so that servers on different ports do not collide.
std::string DefaultSocketPath(const char* xdg_runtime_dir, std::string_view listen_addr = {});

}  // namespace remote_dram

#endif  // REMOTE_DRAM_SERVER_H_
