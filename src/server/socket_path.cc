// Default socket paths, and the directories that they lie in.
#include "server/socket_path.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "base/private_directory.h"
#include "remote_dram/server.h"

namespace remote_dram {
namespace {

Status PreparePrivateDirectory(const std::string& socket_path) {
  if (!base::IsInPrivateDirectory(socket_path)) return Status();
  const std::string directory = base::PrivateDirectory();
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Status(StatusCode::kPermissionDenied, "cannot make the directory " + directory);
  }
  return base::CheckPrivateDirectory(socket_path);
}

}  // namespace

std::string DefaultSocketPath(const char* xdg_runtime_dir, std::string_view listen_addr) {
  const bool has_runtime_dir = xdg_runtime_dir != nullptr && *xdg_runtime_dir != '\0';
  std::string path = has_runtime_dir ? xdg_runtime_dir : base::PrivateDirectory();
  path += "/remote_dram";
  if (!listen_addr.empty()) path.append("-").append(listen_addr);
  return path + ".sock";
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
