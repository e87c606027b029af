// Path: how a client's data travels, and its name in flags, specs and ServerStat::path.
//
// Memory and threads: plain values. Failure: a name that is none has no path.
#ifndef REMOTE_DRAM_PATH_H_
#define REMOTE_DRAM_PATH_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace remote_dram {

// kMapped: reads come out of the server's memory, which this process maps, without a message; everything else, and a
// read that cannot, takes the first of kSocket, kShm and kTcp that leads to the server. kAuto: the same, with kMapped or
// without. kShm, kTcp and kSocket: only that one. kSocket goes through rings in memory that comes by the server's Unix
// socket, for clients that came through it, of other users and from other namespaces too, or, with kAuto and kMapped, that
// came through TCP and map the server by that socket. kShm is UCX's shared memory.
enum class Path { kAuto, kShm, kTcp, kMapped, kSocket };

inline constexpr std::array<std::pair<std::string_view, Path>, 5> path_names{{
    {"auto", Path::kAuto}, {"mapped", Path::kMapped}, {"shm", Path::kShm}, {"socket", Path::kSocket}, {"tcp", Path::kTcp},
}};

inline std::string NameOfPath(Path path) {
  for (const auto& [name, each] : path_names) {
    if (each == path) return std::string(name);
  }
  return "";
}

constexpr std::optional<Path> PathNamed(std::string_view name) {
  for (const auto& [each, path] : path_names) {
    if (each == name) return path;
  }
  return std::nullopt;
}

}  // namespace remote_dram

#endif  // REMOTE_DRAM_PATH_H_
