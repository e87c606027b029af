// Default socket paths, and the private directory below /tmp.
#include "server/socket_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "remote_dram/server.h"

namespace remote_dram {
namespace {

std::string PrivateDirectory() { return "/tmp/remote_dram-" + std::to_string(geteuid()); }

}  // namespace

std::string DefaultSocketPath(const char* xdg_runtime_dir, std::string_view listen_addr) {
  const bool has_runtime_dir = xdg_runtime_dir != nullptr && *xdg_runtime_dir != '\0';
  std::string path = has_runtime_dir ? xdg_runtime_dir : PrivateDirectory();
  path += "/remote_dram";
  if (!listen_addr.empty()) path.append("-").append(listen_addr);
  return path + ".sock";
}

namespace server {

Status PrepareDirectory(const std::string& socket_path) {
  const std::string directory = PrivateDirectory();
  if (socket_path.compare(0, directory.size() + 1, directory + "/") != 0) return Status();
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Status(StatusCode::kPermissionDenied, "cannot make the directory " + directory);
  }
  struct stat found;
  if (lstat(directory.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid() ||
      (found.st_mode & 077) != 0) {
    return Status(StatusCode::kPermissionDenied,
                  "the directory " + directory + " is not this user's alone (mode 0700); remove it or name another socket path");
  }
  return Status();
}

}  // namespace server
}  // namespace remote_dram
