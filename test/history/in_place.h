// IsInPlace: whether a read by a view brought the server's own memory, and so came without a message.
//
// Memory and threads: a plain function. Failure: false, also if the value was replaced meanwhile.
#ifndef REMOTE_DRAM_TEST_HISTORY_IN_PLACE_H_
#define REMOTE_DRAM_TEST_HISTORY_IN_PLACE_H_

#include <string_view>

#include "remote_dram/client.h"

namespace remote_dram::history {

// Reads it once more: two copies that are there at the same time lie in two places.
inline bool IsInPlace(const GetResult& got, std::string_view key, const GetOptions& options, Client* client) {
  const Result<GetResult> again = client->Get(key, options);
  return again.ok() && again->generation == got.generation && !got.value.empty() && again->value.data() == got.value.data();
}

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_IN_PLACE_H_
