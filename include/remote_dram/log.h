// Where the library tells what a person may want to know; nothing is written anywhere unless asked for.
//
// Threads: the function is called from any thread, under no lock, and must not block for long.
#ifndef REMOTE_DRAM_LOG_H_
#define REMOTE_DRAM_LOG_H_

#include <functional>
#include <string_view>

namespace remote_dram {

enum class LogLevel : int { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

using LogFunction = std::function<void(LogLevel level, std::string_view message)>;

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LOG_H_
