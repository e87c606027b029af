// PrivateDirectory: its name, and whose it is.
#include "base/private_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace remote_dram::base {

std::string PrivateDirectory() { return "/tmp/remote_dram-" + std::to_string(geteuid()); }

bool IsInPrivateDirectory(const std::string& socket_path) { return socket_path.starts_with(PrivateDirectory() + "/"); }

Status CheckPrivateDirectory(const std::string& socket_path) {
  if (!IsInPrivateDirectory(socket_path)) return Status();
  const std::string directory = PrivateDirectory();
  struct stat found {};
  if (lstat(directory.c_str(), &found) != 0 && errno == ENOENT) return Status();
  if (S_ISDIR(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 077) == 0) return Status();
  return Status(StatusCode::kPermissionDenied,
                "the directory " + directory + " is not this user's alone (mode 0700); remove it or name another socket path");
}

}  // namespace remote_dram::base
