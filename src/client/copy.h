// CopyValue: the fastest copy of a value out of a mapping, by its size.
//
// Memory: `to` has room for all bytes, and does not overlap them. Threads: a pure function. Failure: none.
#ifndef REMOTE_DRAM_CLIENT_COPY_H_
#define REMOTE_DRAM_CLIENT_COPY_H_

#include <string_view>

namespace remote_dram::client {

void CopyValue(char* to, std::string_view from);

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_COPY_H_
