// LogFunction: receives the library's log messages. Without one, the library logs nothing.
//
// Memory: `message` is valid only during the call. Threads: the function may be called from any thread, also from
// several at once, under no lock of the library; it must not block for long.
// Failure: it must not throw.
#ifndef REMOTE_DRAM_LOG_H_
#define REMOTE_DRAM_LOG_H_

#include <functional>
#include <string_view>

namespace remote_dram {

enum class LogLevel : int { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

using LogFunction = std::function<void(LogLevel level, std::string_view message)>;

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LOG_H_
