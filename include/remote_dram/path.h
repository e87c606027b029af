// Path: how a client's data travels, and the name of each path in flags, specs and ServerStat::path.
//
// Memory and threads: plain values. Failure: PathNamed returns nothing for an unknown name.
#ifndef REMOTE_DRAM_PATH_H_
#define REMOTE_DRAM_PATH_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace remote_dram {

// kMapped: this process maps the server's memory and reads from it without a message. Everything else, and a read that
//   cannot be done that way, uses the first of kSocket, kShm and kTcp that reaches the server. Connect fails if the
//   server's memory cannot be mapped.
// kAuto: as kMapped, but if the memory cannot be mapped, the client goes on without mapping.
// kSocket: only rings in shared memory, which the server hands over through its Unix socket. The client must connect to
//   that socket (unix:PATH); it may belong to another user or run in other namespaces. With kAuto and kMapped, a client
//   that connected through TCP also uses rings, if it maps the server's memory by means of that socket.
// kShm: only UCX over shared memory. kTcp: only UCX over TCP.
enum class Path { kAuto, kShm, kTcp, kMapped, kSocket };

inline constexpr std::array<std::pair<std::string_view, Path>, 5> path_names{{
    {"auto", Path::kAuto}, {"mapped", Path::kMapped}, {"shm", Path::kShm}, {"socket", Path::kSocket}, {"tcp", Path::kTcp},
}};

// "auto", "mapped" and so on.
inline std::string NameOfPath(Path path) {
  for (const auto& [name, each] : path_names) {
    if (each == path) return std::string(name);
  }
  return "";
}

// The path of that name; nothing if there is none.
constexpr std::optional<Path> PathNamed(std::string_view name) {
  for (const auto& [each, path] : path_names) {
    if (each == name) return path;
  }
  return std::nullopt;
}

}  // namespace remote_dram

#endif  // REMOTE_DRAM_PATH_H_
