// Reading whole files, and writing files so that they are complete or absent.
#include "cli/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "cli/progress.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

constexpr uint64_t kFirstBlockBytes = 1 << 20;
constexpr size_t kReadBytes = 16 << 20;  // the most that is read at once, so that progress can be shown

struct Descriptor {
  explicit Descriptor(int open_fd) : fd(open_fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
  const int fd;
};

Status SystemFailure(std::string_view what, const std::string& name, int error) {
  const bool denied = error == EACCES || error == EPERM;
  return Status(denied ? StatusCode::kPermissionDenied : StatusCode::kFailedPrecondition,
                std::string(what) + " " + name + ": " + std::strerror(error));
}

// Reads until it has `size` bytes or the file ends. Returns the number of bytes, or -1 and sets errno.
ssize_t ReadUpTo(int fd, char* into, size_t size, Progress* progress) {
  size_t done = 0;
  while (done < size) {
    const ssize_t count = read(fd, into + done, std::min(size - done, kReadBytes));
    if (count == 0) break;
    if (count < 0 && errno != EINTR) return -1;
    if (count < 0) continue;
    done += static_cast<size_t>(count);
    progress->Add(static_cast<uint64_t>(count));
  }
  return static_cast<ssize_t>(done);
}

// `name` with all symbolic links resolved; `name` itself if that fails.
std::string Resolved(const std::string& name) {
  char resolved[PATH_MAX];
  return realpath(name.c_str(), resolved) != nullptr ? resolved : name;
}

// The permissions that open(2) would give a new file.
mode_t NewFileMode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<Input> Input::Read(const std::string& name, uint64_t bytes_max) {
  const bool standard = name.empty() || name == "-";
  const std::string shown = standard ? "standard input" : name;
  const Descriptor file(standard ? dup(STDIN_FILENO) : open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) return SystemFailure("cannot open", shown, errno);
  const Status too_large(StatusCode::kResourceExhausted, shown + " has more than " + ShowSize(bytes_max));

  // A file whose size is known is read into one block, with one more byte to detect its end. Anything else is read into
  // blocks of doubling size, also a file of size 0: files that the kernel generates have that size whatever they contain.
  struct stat status {};
  const bool sized = fstat(file.fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
  const auto size = sized ? std::optional<uint64_t>(status.st_size) : std::nullopt;
  if (size.value_or(0) > bytes_max) return too_large;
  uint64_t block_bytes = size ? *size + 1 : kFirstBlockBytes;
  Progress progress("reading " + shown, size);
  Input input;
  while (true) {
    // One byte more than the limit is enough to see that the file is too large. Not make_unique, which would first fill
    // the memory with zeros.
    block_bytes = std::min(block_bytes, bytes_max - input.bytes() + 1);
    Block block{std::unique_ptr<char[]>(new char[block_bytes]), 0};
    const ssize_t count = ReadUpTo(file.fd, block.bytes.get(), block_bytes, &progress);
    if (count < 0) return SystemFailure("cannot read", shown, errno);
    block.size = static_cast<size_t>(count);
    input.blocks_.push_back(std::move(block));
    if (input.bytes() > bytes_max) return too_large;
    if (static_cast<uint64_t>(count) < block_bytes) return input;
    block_bytes = std::max(kFirstBlockBytes, block_bytes * 2);
  }
}

uint64_t Input::bytes() const {
  uint64_t bytes = 0;
  for (const Block& block : blocks_) bytes += block.size;
  return bytes;
}

Pieces Input::pieces() const {
  Pieces pieces;
  for (const Block& block : blocks_) pieces.emplace_back(block.bytes.get(), block.size);
  return pieces;
}

Output Output::Standard() { return Output(STDOUT_FILENO, false, "standard output"); }

Result<Output> Output::Open(const std::string& name) {
  if (name.empty() || name == "-" || name == "/dev/stdout" || name == "/dev/fd/1") return Standard();

  struct stat file {};
  const bool exists = stat(name.c_str(), &file) == 0;
  if (exists && !S_ISREG(file.st_mode)) {  // a device or a pipe: it cannot be replaced, only written to
    const int fd = open(name.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return SystemFailure("cannot open", name, errno);
    return Output(fd, true, name);
  }
  const std::string target = Resolved(name);
  std::string temporary = target + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return SystemFailure("cannot write beside", name, errno);
  Output output(fd, true, name);
  output.temporary_ = std::move(temporary);
  output.target_ = target;
  if (fchmod(fd, exists ? file.st_mode & 0777 : NewFileMode()) != 0) {
    return SystemFailure("cannot set the permissions of", name, errno);
  }
  return output;
}

Output::Output(Output&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      owned_(other.owned_),
      reader_left_(other.reader_left_),
      name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, {})),
      target_(std::move(other.target_)) {}

Output::~Output() {
  if (owned_ && fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Status Output::Write(std::string_view bytes) {
  while (!bytes.empty() && !reader_left_) {
    const ssize_t count = write(fd_, bytes.data(), bytes.size());
    if (count >= 0) bytes.remove_prefix(static_cast<size_t>(count));
    if (count < 0 && errno == EPIPE) reader_left_ = true;
    if (count < 0 && errno != EPIPE && errno != EINTR) return SystemFailure("cannot write", name_, errno);
  }
  return Status();
}

Status Output::Finish() {
  if (!owned_) return Status();
  // Some file systems report only here that the disk is full.
  if (close(std::exchange(fd_, -1)) != 0) return SystemFailure("cannot write", name_, errno);
  if (temporary_.empty()) return Status();
  if (rename(temporary_.c_str(), target_.c_str()) != 0) {
    return SystemFailure("cannot write", name_, errno);
  }
  temporary_.clear();
  return Status();
}

Status Print(std::string_view text) {
  Output output = Output::Standard();
  return output.Write(text);
}

}  // namespace remote_dram::cli
