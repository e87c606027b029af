// The Unix socket: it has mode 0600 from the start, never replaces a socket that is being served, and is removed with the
// Listener.
//
// The socket is made under a temporary name and listens before it gets the wanted name. So if a process finds the wanted
// name but cannot connect to it, it can conclude that nobody serves that socket any more.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <utility>

#include "base/bytes.h"
#include "gateway/listener.h"

namespace remote_dram::gateway {
namespace {

constexpr mode_t kOwnerOnly = 0600;

sockaddr_un NameOf(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.data(), path.size());
  return name;
}

base::Descriptor OpenSocket() {
  return base::Descriptor([] { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); });
}

// "FOLDER/.1a2b3c4d"
std::string UnusedName(const std::string& path) {
  const uint32_t random = std::random_device{}();
  char bytes[sizeof(random)];
  std::memcpy(bytes, &random, sizeof(random));
  return path.substr(0, path.rfind('/')) + "/." + base::Hex({bytes, sizeof(bytes)});
}

class UnixListener final : public Listener {
 public:
  UnixListener(base::Descriptor socket, const ListenAddress& address, const struct stat& file)
      : Listener(std::move(socket), TargetOf(address)), path_(address.path), file_(file) {}

  ~UnixListener() override {
    // The file may have been removed, and another gateway may have made a new one under the same name.
    struct stat now;
    const bool ours =
        lstat(path_.c_str(), &now) == 0 && now.st_dev == file_.st_dev && now.st_ino == file_.st_ino;
    if (ours) unlink(path_.c_str());
  }

 private:
  const std::string path_;
  const struct stat file_;
};

// OK if there is no file at the path, or a socket that nobody serves.
Status MayReplace(const ListenAddress& address) {
  struct stat file;
  if (lstat(address.path.c_str(), &file) != 0) {
    if (errno == ENOENT) return Status();
    return CannotListen(StatusCode::kUnavailable, address, "the file cannot be examined", errno);
  }
  if (!S_ISSOCK(file.st_mode)) {
    return CannotListen(StatusCode::kAlreadyExists, address,
                        "there is a file of that name, which is no socket", 0);
  }
  const base::Descriptor probe = OpenSocket();
  if (!probe.valid()) return CannotListen(StatusCode::kUnavailable, address, "no socket", errno);
  const sockaddr_un name = NameOf(address.path);
  if (connect(probe.fd(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
    if (errno == ECONNREFUSED || errno == ENOENT) return Status();
    if (errno != EAGAIN) {
      return CannotListen(StatusCode::kUnavailable, address, "the file cannot be examined", errno);
    }
  }
  return CannotListen(StatusCode::kAlreadyExists, address,
                      "another process serves that socket; stop it or take another path", 0);
}

// Replaces a dead socket. The lock keeps two gateways that find the same dead socket from both replacing it: the second
// would replace the live socket of the first.
Status Replace(const std::string& made, const ListenAddress& address) {
  const std::string folder = address.path.substr(0, address.path.rfind('/') + 1);
  const base::Descriptor lock([&folder] { return open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (!lock.valid() || flock(lock.fd(), LOCK_EX | LOCK_NB) != 0) {
    return CannotListen(
        StatusCode::kUnavailable, address,
        "there is a dead socket, and its folder cannot be locked to replace it; try again", errno);
  }
  if (Status free = MayReplace(address); !free.ok()) return free;
  if (rename(made.c_str(), address.path.c_str()) == 0) return Status();
  return CannotListen(StatusCode::kUnavailable, address, "the dead socket there cannot be replaced",
                      errno);
}

Status GiveName(const std::string& made, const ListenAddress& address) {
  if (link(made.c_str(), address.path.c_str()) == 0) return Status();
  if (errno == EEXIST) return Replace(made, address);
  return CannotListen(StatusCode::kUnavailable, address, "the socket file cannot be named", errno);
}

}  // namespace

Result<std::unique_ptr<Listener>> OpenUnixListener(const ListenAddress& address) {
  base::Descriptor socket = OpenSocket();
  // On Linux bind gives the socket file the mode of the descriptor, less the umask. So the file is never accessible to
  // others, not even for a moment.
  if (!socket.valid() || fchmod(socket.fd(), kOwnerOnly) != 0) {
    return CannotListen(StatusCode::kUnavailable, address, "no socket", errno);
  }
  const std::string made = UnusedName(address.path);
  const sockaddr_un name = NameOf(made);
  if (bind(socket.fd(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
    return CannotListen(StatusCode::kUnavailable, address, "the socket file cannot be made", errno);
  }
  struct stat file;
  Status named;
  if (lstat(made.c_str(), &file) != 0 || listen(socket.fd(), connections_waiting_max) != 0) {
    named = CannotListen(StatusCode::kUnavailable, address, "the socket file cannot be used", errno);
  } else {
    named = GiveName(made, address);
  }
  unlink(made.c_str());
  if (!named.ok()) return named;
  return std::unique_ptr<Listener>(new UnixListener(std::move(socket), address, file));
}

}  // namespace remote_dram::gateway
