// Keys: how much memory of a server's process a small key takes.
#include "bench/fail.h"
#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/targets.h"

namespace remote_dram::bench {
namespace {

constexpr size_t kValueBytes = 100;

}  // namespace

void Keys(const Flags& flags, Report& report) {
  const OurServer server;
  Client client = server.Connect(Path::kShm);
  const std::string value = Pattern(kValueBytes, kSourceSeed);
  KeyText key;
  Require(client.Put(key.Of(0), value).status(), "the first put");  // allocates what the server needs only once
  const uint64_t resident = ResidentBytes(server.pid());
  const uint64_t counted = Require(client.StatServer(), "stat").memory_bytes;
  for (uint64_t i = 1; i <= flags.keys; ++i) Require(client.Put(key.Of(i), value).status(), "a put");
  const ServerStat stat = Require(client.StatServer(), "stat");
  Require(stat.keys == flags.keys + 1, "the server counts another number of keys");
  const auto keys = static_cast<double>(flags.keys);
  const double resident_each = static_cast<double>(ResidentBytes(server.pid()) - resident) / keys;
  const double counted_each = static_cast<double>(stat.memory_bytes - counted) / keys;
  const double overhead = resident_each - static_cast<double>(kValueBytes);
  const bool met = report.Judge(kKeyOverheadBytes.IsMet(overhead));

  const Table table("Keys: memory of the server's process for each key",
                    {"keys", "bytes of a key", "bytes of a value", "resident bytes each", "counted bytes each",
                     "resident overhead", "target", ""});
  table.Row({std::to_string(flags.keys), std::to_string(key.Of(0).size()), std::to_string(kValueBytes),
             Digits(resident_each), Digits(counted_each), Digits(overhead), kKeyOverheadBytes.Text(),
             met ? "met" : "missed"});
  report["keys"] = {{"keys", flags.keys}, {"key_bytes", key.Of(0).size()}, {"value_bytes", kValueBytes},
                    {"resident_bytes_each", resident_each}, {"counted_bytes_each", counted_each},
                    {"target", kKeyOverheadBytes.Text()}, {"target_met", met}};
}

}  // namespace remote_dram::bench
