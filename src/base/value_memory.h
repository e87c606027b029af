// Memory for whole values: those that a client reads into none of its caller's, and those whose pieces are sent as one.
//
// Memory: shared. When the last reference goes, it is kept for the next value, if it has kept_result_bytes_min
// or more, else freed. Starts at a multiple of kValueAlignment; holds whatever was there before.
// Threads: any; also at the end of the process, and in a forked child, which keeps only what it allocated.
// Failure: null if there is none.
// Limits: the process keeps kept_results_max and kept_results_bytes_max. What was not used for kept_results_time_max
// goes when the next such value does, so that nothing wakes up for it. From huge_page_bytes_min on, huge pages are
// asked for.
#ifndef REMOTE_DRAM_BASE_VALUE_MEMORY_H_
#define REMOTE_DRAM_BASE_VALUE_MEMORY_H_

#include <chrono>
#include <cstddef>
#include <memory>

namespace remote_dram::base {

inline constexpr size_t huge_page_bytes = size_t{2} << 20;
inline constexpr size_t huge_page_bytes_min = 2 * huge_page_bytes;

inline constexpr size_t kept_result_bytes_min = size_t{64} << 10;
inline constexpr size_t kept_results_max = 512;
inline constexpr size_t kept_results_bytes_max = size_t{256} << 20;
inline constexpr std::chrono::seconds kept_results_time_max{10};

std::shared_ptr<char> AllocateValue(size_t bytes);

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_VALUE_MEMORY_H_
