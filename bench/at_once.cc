// RequireAtOnce: asks for what a lap has read in a way that cannot send a message.
#include "bench/fail.h"
#include "bench/ours.h"

namespace remote_dram::bench {
namespace {

// What the waiting calls try first. It is protected, because callers need not know how an answer came; the bench does.
struct AtOnce : KeyValueStore {
  static bool Get(KeyValueStore& store, std::string_view key, const GetOptions& options) {
    return (store.*&AtOnce::GetAtOnce)(key, options).has_value();
  }
  static bool Stat(KeyValueStore& store, std::string_view key) { return (store.*&AtOnce::StatAtOnce)(key, {}).has_value(); }
  static bool Batch(KeyValueStore& store, const std::vector<ReadOperation>& operations) {
    return (store.*&AtOnce::BatchReadAtOnce)(operations, {}).has_value();
  }
};

bool IsAtOnce(Client& client, const Load& load, Buffers& buffers) {
  if (load.batch > 1) return AtOnce::Batch(client, BatchOf(load));
  KeyText text;
  const std::string_view key = text.Of(Walk(load.keys, load.round).Next());
  if (load.verb == Verb::kStat) return AtOnce::Stat(client, key);
  GetOptions options;
  options.view = load.verb == Verb::kView;
  if (load.verb == Verb::kGet) options.into = {buffers.target.data(), load.bytes};
  return AtOnce::Get(client, key, options);
}

}  // namespace

void RequireAtOnce(Client& client, const Load& load, Buffers& buffers) {
  Require(IsAtOnce(client, load, buffers), "a " + NameOf(load.verb) + " over a mapping needs a message");
}

}  // namespace remote_dram::bench
