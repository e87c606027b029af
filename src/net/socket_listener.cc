// SocketListener: binds a socket, owns its lock file, and accepts connections.
#include "net/socket_listener.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/bytes.h"
#include "base/planted_fault.h"
#include "net/predecessor.h"
#include "net/socket_address.h"

namespace remote_dram::net {
namespace {

Status CannotListen(const Address& address, int error) {
  StatusCode code = StatusCode::kInvalidArgument;
  if (error == EADDRINUSE) code = StatusCode::kAlreadyExists;
  if (error == EACCES || error == EPERM) code = StatusCode::kPermissionDenied;
  if (error == EMFILE || error == ENFILE || error == ENOMEM) code = StatusCode::kResourceExhausted;
  return Status(code, "cannot listen on " + address.ToString() + ": " + base::ErrorText(error));
}

// Waits for the end of the process whose mark the lock file has, then writes the mark of this one, for its successor.
Status Succeed(const base::Descriptor& lock) {
  char mark[128] = {};
  if (pread(lock.fd(), mark, sizeof mark - 1, 0) < 0) mark[0] = '\0';
  if (Status ended = AwaitEnd(mark); !ended.ok()) return ended;
  const std::string own = MarkOfThisProcess();
  const bool written = ftruncate(lock.fd(), 0) == 0 &&
                       pwrite(lock.fd(), own.data(), own.size(), 0) == static_cast<ssize_t>(own.size());
  return written ? Status() : Status(StatusCode::kResourceExhausted, "its lock file cannot be written");
}

// Holding the lock means owning the socket path; the kernel releases the lock of a dead process. A server that stops removes
// its lock file, so after locking a file this checks that the path still leads to that file.
Result<base::Descriptor> Lock(const Address& address) {
  const std::string path = address.path + ".lock";
  while (true) {
    base::Descriptor lock(
        [&path] {
          return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, SocketListener::kOwnerOnly);
        });
    if (!lock.valid()) return CannotListen(address, errno);
    if (flock(lock.fd(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return CannotListen(address, errno);
      return Status(StatusCode::kAlreadyExists, "cannot listen on " + address.ToString() +
                                                    ": another server holds it; stop that one or choose another path");
    }
    struct stat locked, named;
    if (fstat(lock.fd(), &locked) == 0 && stat(path.c_str(), &named) == 0 && locked.st_ino == named.st_ino) {
      if (Status ended = Succeed(lock); !ended.ok()) return ended.WithContext("cannot listen on " + address.ToString());
      return lock;
    }
  }
}

Status RemoveStaleSocket(const Address& address) {
  struct stat found;
  if (lstat(address.path.c_str(), &found) != 0) return Status();
  if (!S_ISSOCK(found.st_mode)) {
    return Status(StatusCode::kAlreadyExists,
                  "cannot listen on " + address.ToString() + ": a file that is not a socket is there");
  }
  return unlink(address.path.c_str()) == 0 ? Status() : CannotListen(address, errno);
}

}  // namespace

Result<std::unique_ptr<SocketListener>> SocketListener::Bind(EpollLoop* loop, const Address& address,
                                                             base::Callback<std::unique_ptr<Accepted>> accepted,
                                                             std::shared_ptr<const Tls> tls, unsigned socket_mode) {
  base::Descriptor lock;
  if (address.is_file()) {
    Result<base::Descriptor> held = Lock(address);
    if (!held.ok()) return held.status();
    lock = std::move(*held);
    if (Status status = RemoveStaleSocket(address); !status.ok()) return status;
  }
  base::Descriptor fd = OpenSocket(address);
  if (!fd.valid()) return CannotListen(address, errno);
  const int on = 1;
  if (!address.is_unix()) setsockopt(fd.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  fchmod(fd.fd(), kOwnerOnly);  // Linux gives the file the mode of the socket, so others never have access to it
  const SocketAddress name(address);
  if (bind(fd.fd(), name.get(), name.size) != 0) return CannotListen(address, errno);
  // After bind, because bind applies the umask. Does not follow a symbolic link that somebody may have put there.
  if (address.is_file() && socket_mode != kOwnerOnly &&
      fchmodat(AT_FDCWD, address.path.c_str(), socket_mode, AT_SYMLINK_NOFOLLOW) != 0) {
    return CannotListen(address, errno);
  }
  if (listen(fd.fd(), SOMAXCONN) != 0) return CannotListen(address, errno);
  Address bound = address;
  if (!bound.is_unix()) bound.port = LocalPort(fd.fd());
  return std::unique_ptr<SocketListener>(
      new SocketListener(loop, bound, std::move(lock), std::move(fd), std::move(accepted), std::move(tls)));
}

SocketListener::SocketListener(EpollLoop* loop, Address address, base::Descriptor lock, base::Descriptor socket,
                               base::Callback<std::unique_ptr<Accepted>> accepted, std::shared_ptr<const Tls> tls)
    : loop_(loop),
      address_(std::move(address)),
      lock_(std::move(lock)),
      socket_(std::move(socket)),
      accepted_(std::move(accepted)),
      tls_(std::move(tls)) {
  Watch();
}

SocketListener::~SocketListener() {
  loop_->AssertHeld();
  if (pause_timer_ != 0) loop_->Cancel(pause_timer_);
  if (watched_) loop_->Unwatch(socket_.fd());
  if (address_.is_file()) {
    unlink(address_.path.c_str());
    unlink((address_.path + ".lock").c_str());
  }
}

void SocketListener::Watch() {
  loop_->AssertHeld();
  watched_ = true;
  loop_->Watch(socket_.fd(), EPOLLIN, [this](uint32_t) { OnReady(); });
}

// Gives the connection a higher descriptor than the lock has: see net/predecessor.h.
int SocketListener::Accept() {
  const int peer = accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  const int floor = std::max(lock_.fd(), socket_.fd());
  if (peer < 0 || peer > floor || base::Planted(base::PlantedFault::kSuccessorTooEarly)) return peer;
  const int moved = fcntl(peer, F_DUPFD_CLOEXEC, floor + 1);
  const int error = errno;
  close(peer);
  errno = error;
  return moved;
}

void SocketListener::OnReady() {
  loop_->AssertHeld();
  for (int i = 0; i < accepted_at_once_max; ++i) {  // epoll reports again if connections are left
    base::Descriptor peer([this] { return Accept(); });
    if (peer.valid()) {
      accepted_(std::make_unique<AcceptedSocket>(std::move(peer), tls_));
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return;
    // Out of descriptors or memory. Pause, because epoll would report the waiting connection again at once.
    loop_->Unwatch(socket_.fd());
    watched_ = false;
    pause_timer_ = loop_->At(loop_->Now() + accept_pause, [this] {
      pause_timer_ = 0;
      Watch();
    });
    return;
  }
}

}  // namespace remote_dram::net
