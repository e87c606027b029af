// CopyValue: memcpy.
#include "client/copy.h"

#include <cstring>

namespace remote_dram::client {

void CopyValue(char* to, std::string_view from) {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

}  // namespace remote_dram::client
