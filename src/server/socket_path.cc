// Default socket paths, and the private directory below /tmp.
#include "server/socket_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "remote_dram/server.h"

namespace remote_dram {
namespace {

std::string PrivateDirectory() { return "/tmp/remote_dram-" + std::to_string(geteuid()); }

bool IsInPrivateDirectory(const std::string& socket_path) { return socket_path.starts_with(PrivateDirectory() + "/"); }

Status PreparePrivateDirectory(const std::string& socket_path) {
  if (!IsInPrivateDirectory(socket_path)) return Status();
  const std::string directory = PrivateDirectory();
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Status(StatusCode::kPermissionDenied, "cannot make the directory " + directory);
  }
  return CheckDefaultSocketPath(socket_path);
}

}  // namespace

std::string DefaultSocketPath(const char* xdg_runtime_dir, std::string_view listen_addr) {
  const bool has_runtime_dir = xdg_runtime_dir != nullptr && *xdg_runtime_dir != '\0';
  std::string path = has_runtime_dir ? xdg_runtime_dir : PrivateDirectory();
  path += "/remote_dram";
  if (!listen_addr.empty()) path.append("-").append(listen_addr);
  return path + ".sock";
}

Status CheckDefaultSocketPath(const std::string& socket_path) {
  if (!IsInPrivateDirectory(socket_path)) return Status();
  const std::string directory = PrivateDirectory();
  struct stat found {};
  if (lstat(directory.c_str(), &found) != 0 && errno == ENOENT) return Status();
  if (S_ISDIR(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 077) == 0) return Status();
  return Status(StatusCode::kPermissionDenied,
                "the directory " + directory + " is not this user's alone (mode 0700); remove it or name another socket path");
}

namespace server {

std::string ShowMode(unsigned mode) {
  char text[16];
  std::snprintf(text, sizeof text, "%04o", mode);
  return text;
}

Status PrepareDirectory(const std::string& socket_path, unsigned socket_mode) {
  if (Status made = PreparePrivateDirectory(socket_path); !made.ok()) return made;
  const std::string directory = std::filesystem::absolute(socket_path).parent_path().string();
  struct stat found;
  const bool opened = (socket_mode & 077) != 0;
  if (!opened || stat(directory.c_str(), &found) != 0 || (found.st_mode & 011) != 0) return Status();
  return Status(StatusCode::kInvalidArgument, "socket_mode " + ShowMode(socket_mode) + " opens " + socket_path +
                                                  " to others, but they cannot enter its directory (mode " +
                                                  ShowMode(found.st_mode & 07777) + "); put the socket elsewhere");
}

}  // namespace server
}  // namespace remote_dram
