// Memory for whole values: values that a client reads without memory lent by its caller, and values whose pieces are
// joined to be sent as one.
//
// Memory: shared. When the last reference is released, memory from kept_result_bytes_min to kept_results_bytes_max is kept
// for a later value; any other is freed. It starts at a multiple of kValueAlignment; its content is undefined.
// Threads: any; also at the end of the process, and in a forked child, which keeps only what it allocated itself.
// Failure: null if the system has no memory left.
// Limits: the process keeps at most kept_results_max and kept_results_bytes_max. What stayed unused for longer than
// kept_results_time_max is freed when other memory is kept next, so that no timer is needed. From huge_page_bytes_min on,
// huge pages are requested.
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
