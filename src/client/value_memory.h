// Memory for values that a client reads.
//
// Memory: shared; freed with the last reference. Starts at a multiple of kValueAlignment.
// Threads: any. Failure: null if there is none.
// Limits: from huge_page_bytes_min on, huge pages are asked for: fresh small pages cost five times the copy.
#ifndef REMOTE_DRAM_CLIENT_VALUE_MEMORY_H_
#define REMOTE_DRAM_CLIENT_VALUE_MEMORY_H_

#include <cstddef>
#include <memory>

namespace remote_dram::client {

inline constexpr size_t huge_page_bytes = size_t{2} << 20;
inline constexpr size_t huge_page_bytes_min = 2 * huge_page_bytes;

std::shared_ptr<char> AllocateValue(size_t bytes);

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_VALUE_MEMORY_H_
