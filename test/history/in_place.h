// IsInPlace: whether a read as a view returned the server's own memory, which means that no message carried the value.
//
// Memory and threads: a plain function. Failure: false, also if the value was replaced meanwhile.
#ifndef REMOTE_DRAM_TEST_HISTORY_IN_PLACE_H_
#define REMOTE_DRAM_TEST_HISTORY_IN_PLACE_H_

#include <string_view>

#include "remote_dram/client.h"

namespace remote_dram::history {

// Reads the key once more: two copies that exist at the same time have different addresses, two views the same.
inline bool IsInPlace(const GetResult& got, std::string_view key, const GetOptions& options, Client* client) {
  const Result<GetResult> again = client->Get(key, options);
  return again.ok() && again->generation == got.generation && !got.value.empty() && again->value.data() == got.value.data();
}

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_IN_PLACE_H_
