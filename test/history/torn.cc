// ReadTorn: a writer and readers, each with its own client. At the end, the versions that were read are compared with
// those that were written.
#include "history/torn.h"

#include <atomic>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "history/in_place.h"
#include "history/value.h"

namespace remote_dram::history {
namespace {

constexpr char kKey[] = "rewritten";
constexpr size_t kSize = std::size(value_sizes) - 1;
constexpr uint64_t kBytes = value_sizes[kSize];
constexpr uint64_t kRangeBytesMax = 256 << 10;
constexpr int kWholeShare = 8;

using Versions = std::map<uint64_t, uint64_t>;  // ids by number

// The last view that a reader got. Its bytes must not change while the reader holds it, whatever is written.
struct View {
  Value value;
  uint64_t begin = 0, id = 0;
  bool IsAsItWas() const { return value.empty() || IdOf(value.bytes(), begin, kBytes) == id; }
};

struct Torn {
  explicit Torn(const TornOptions& all) : options(all) {}

  const TornOptions& options;
  std::atomic<uint64_t> reads{0}, bytes{0}, in_place{0};
  std::atomic<bool> ended{false};
  std::mutex mutex;
  Status first_failure;
  Versions written, seen;

  void Fail(const Status& why) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (first_failure.ok()) first_failure = why;
    ended = true;
  }
};

Result<Client> Connect(const TornOptions& options) {
  ClientOptions wanted;
  wanted.path = options.path;
  return Client::Connect(options.server, wanted);
}

Status WriteOne(Torn* torn, Client* client, uint32_t count, std::string* value) {
  const uint64_t id = MakeId(0, count, kSize);
  FillValue(id, value->data());
  const Result<WriteResult> put = client->Put(kKey, *value);
  if (!put.ok()) return put.status();
  const std::lock_guard<std::mutex> lock(torn->mutex);
  torn->written[put->generation.sequence()] = id;
  return Status();
}

void Rewrite(Torn* torn, Client client) {
  std::string value(kBytes, '\0');
  for (uint32_t count = 2; !torn->ended; ++count) {
    const auto next = std::chrono::steady_clock::now() + torn->options.pause;
    if (const Status wrote = WriteOne(torn, &client, count, &value); !wrote.ok()) return torn->Fail(wrote);
    std::this_thread::sleep_until(next);
  }
}

ByteRange PickRange(std::mt19937_64* random) {
  if ((*random)() % kWholeShare == 0) return {};
  const uint64_t longest = kRangeBytesMax >> ((*random)() % 8);
  const uint64_t size = range_bytes_min + (*random)() % (longest - range_bytes_min);
  const uint64_t begin = (*random)() % (kBytes - size);
  return {static_cast<int64_t>(begin), static_cast<int64_t>(begin + size)};
}

void Read(Torn* torn, Client client, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string into(kBytes, '\0');
  Versions seen;
  View held;
  uint64_t newest = 0;
  while (!torn->ended && torn->reads.fetch_add(1) < torn->options.reads) {
    GetOptions options;
    options.range = PickRange(&random);
    const uint64_t how = random() % 3;
    if (how == 0) options.into = {into.data(), into.size()};
    options.view = how == 1;
    const Result<GetResult> got = client.Get(kKey, options);
    if (!got.ok()) return torn->Fail(got.status());
    const std::optional<uint64_t> id = IdOf(got->value.bytes(), static_cast<uint64_t>(options.range.min), got->value_bytes);
    const uint64_t number = got->generation.sequence();
    const bool one_value = id && seen.emplace(number, *id).first->second == *id;
    if (!one_value) return torn->Fail(Status(StatusCode::kDataLoss, "a read brought bytes of two versions"));
    if (number < newest) return torn->Fail(Status(StatusCode::kDataLoss, "a read brought an older version than one before"));
    newest = number;
    torn->bytes += got->value.size();
    if (!options.view) continue;
    if (!held.IsAsItWas()) return torn->Fail(Status(StatusCode::kDataLoss, "a view changed while it was held"));
    torn->in_place += IsInPlace(*got, kKey, options, &client);
    held = {got->value, static_cast<uint64_t>(options.range.min), *id};
  }
  torn->ended = true;
  const std::lock_guard<std::mutex> lock(torn->mutex);
  torn->seen.insert(seen.begin(), seen.end());
}

}  // namespace

Result<TornReport> ReadTorn(const TornOptions& options) {
  Torn torn(options);
  std::vector<Client> clients;
  for (uint32_t i = 0; i <= options.readers; ++i) {
    Result<Client> client = Connect(options);
    if (!client.ok()) return client.status();
    clients.push_back(*std::move(client));
  }
  std::string value(kBytes, '\0');
  if (const Status first = WriteOne(&torn, &clients.back(), 1, &value); !first.ok()) return first;
  std::vector<std::thread> threads;
  threads.emplace_back(Rewrite, &torn, std::move(clients.back()));
  for (uint32_t i = 0; i < options.readers; ++i) threads.emplace_back(Read, &torn, std::move(clients[i]), i);
  for (std::thread& thread : threads) thread.join();
  if (!torn.first_failure.ok()) return torn.first_failure;
  for (const auto& [number, id] : torn.seen) {
    const auto wrote = torn.written.find(number);
    if (wrote != torn.written.end() && wrote->second == id) continue;
    return Status(StatusCode::kDataLoss, "a read brought a value under a generation that is not its own");
  }
  return TornReport{std::min(torn.reads.load(), options.reads), torn.bytes, torn.seen.size(), torn.in_place};
}

}  // namespace remote_dram::history
