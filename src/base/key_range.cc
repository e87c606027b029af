// KeyRange: the range of a prefix, and of a single key.
#include "remote_dram/verbs.h"

namespace remote_dram {

KeyRange KeyRange::Prefix(std::string_view prefix) {
  // The end is the first key after all keys with the prefix: drop trailing ff bytes, then increment the last byte.
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) ++end.back();
  return {std::string(prefix), std::move(end)};
}

KeyRange KeyRange::Single(std::string_view key) {
  std::string next(key);
  next.push_back('\0');
  return {std::string(key), std::move(next)};
}

}  // namespace remote_dram
