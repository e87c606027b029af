// Asleep: calls that arrive while the event loops of both sides sleep, or are about to, and payloads whose ends may fall
// asleep on the way. A lost wake-up shows as a call that waits for the next timer, and so misses the target, or until its
// deadline, which ends the bench. A stalled machine makes calls late, too, so its stalls are measured as well (Watch) and
// are allowed for.
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "bench/fail.h"
#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/targets.h"

namespace remote_dram::bench {
namespace {

constexpr size_t kClients = 4;  // each with a context, and so a thread, of its own
constexpr std::chrono::seconds kDeadline{5};
constexpr std::chrono::milliseconds kLate{500};
constexpr int kPauseMax = 600;                   // microseconds; loops spin for 50 or 200 before they sleep
constexpr size_t kSmall = 64, kLarge = 256 << 10;
constexpr int kLargeEvery = 64;                  // one call in so many puts or gets kLarge, every other puts kSmall

// A get if `value` is empty, else a put. Either blocks and drives the client's loop itself, or leaves it to the context's
// thread.
void CallOnce(Client& client, const std::string& key, const std::string& value, bool blocks) {
  GetOptions get;
  PutOptions put;
  get.timeout = put.timeout = kDeadline;
  if (blocks) return Require(value.empty() ? client.Get(key, get).status() : client.Put(key, value, put).status(), "a call");
  Latch over;
  const auto done = [&over](const auto& result) {
    Require(result.status(), "a call");
    over.Set();
  };
  if (value.empty()) {
    client.Get(key, get, done);
  } else {
    client.Put(key, Pieces{value}, put, done);
  }
  over.Wait();
}

using Times = std::vector<Clock::duration>;

void CallNowAndThen(Client& client, uint64_t calls, uint32_t seed, Times* times) {
  prctl(PR_SET_TIMERSLACK, 1);  // by default, no pause is shorter than 50 microseconds
  std::mt19937 random(seed);
  const std::string key = "client " + std::to_string(seed), small(kSmall, 'v'), large(kLarge, 'v'), get;
  CallOnce(client, key + " large", large, true);
  times->reserve(calls);
  for (uint64_t i = 0; i < calls; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % kPauseMax));
    const bool is_large = random() % kLargeEvery == 0, blocks = random() % 2 == 0;
    const TimePoint started = Clock::now();
    if (is_large) {
      CallOnce(client, key + " large", random() % 2 == 0 ? get : large, blocks);
    } else {
      CallOnce(client, key, small, blocks);
    }
    times->push_back(Clock::now() - started);
  }
}

// Wakes every ten milliseconds on one processor and keeps the longest delay: a call may be late by that much without
// a fault of the library.
class Watch {
 public:
  explicit Watch(int cpu) : thread_([this, cpu] { Look(cpu); }) {}
  ~Watch() {
    ended_ = true;
    thread_.join();
  }
  Clock::duration longest() const { return longest_; }

 private:
  void Look(int cpu) {
    constexpr std::chrono::milliseconds pause{10};
    PinTo(cpu);
    for (TimePoint last = Clock::now(); !ended_;) {
      std::this_thread::sleep_for(pause);
      const TimePoint now = Clock::now();
      longest_ = std::max(longest_.load(), now - last - pause);
      last = now;
    }
  }

  std::atomic<bool> ended_{false};
  std::atomic<Clock::duration> longest_{};
  std::thread thread_;
};

Times CallFromManyThreads(const OurServer& server, Path path, uint64_t requests) {
  std::vector<Client> clients;
  while (clients.size() < kClients) clients.push_back(server.Connect(path));
  std::vector<Times> times(kClients);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kClients; ++i) {
    threads.emplace_back(CallNowAndThen, std::ref(clients[i]), requests / kClients, static_cast<uint32_t>(i), &times[i]);
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 1; i < kClients; ++i) times[0].insert(times[0].end(), times[i].begin(), times[i].end());
  return std::move(times[0]);
}

double Microseconds(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

}  // namespace

void Asleep(const Flags& flags, Report& report) {
  const Table table("Asleep: puts of 64 B, and of 256 KiB one put or get in " + std::to_string(kLargeEvery) + ", by " +
                        std::to_string(kClients) + " clients, with pauses of 0 to " + std::to_string(kPauseMax) +
                        " us between those of one",
                    {"path", "requests", "server slept", "p50 us", "p99 us", "latest ms", "over 500 ms", "longest pause ms",
                     "latest less pause", "target", ""});
  nlohmann::json& rows = report["asleep"] = nlohmann::json::array();
  for (const Path path : flags.paths) {
    const OurServer server;
    const uint64_t sleeps_before = Sleeps(server.pid());
    const Watch watches[] = {Watch(kServerCpu), Watch(kClientCpu)};
    Times times = CallFromManyThreads(server, path, flags.requests);
    const double pause_ms = Microseconds(std::max(watches[0].longest(), watches[1].longest())) / 1e3;
    const uint64_t sleeps = Sleeps(server.pid()) - sleeps_before;
    Require(sleeps > 0, "the server never slept");
    const double latest_ms = Microseconds(*std::max_element(times.begin(), times.end())) / 1e3;
    const auto late = std::count_if(times.begin(), times.end(), [](Clock::duration each) { return each > kLate; });
    const double p50_us = Microseconds(Quantile(times, 0.5)), p99_us = Microseconds(Quantile(times, 0.99));
    const bool met = report.Judge(kLatestMilliseconds.IsMet(latest_ms - pause_ms));
    table.Row({NameOfPath(path), std::to_string(times.size()), std::to_string(sleeps), Digits(p50_us), Digits(p99_us),
               Digits(latest_ms), std::to_string(late), Digits(pause_ms), Digits(latest_ms - pause_ms),
               kLatestMilliseconds.Text(), met ? "met" : "missed"});
    rows.push_back({{"path", NameOfPath(path)}, {"requests", times.size()}, {"server_sleeps", sleeps}, {"p50_us", p50_us},
                    {"p99_us", p99_us}, {"latest_ms", latest_ms}, {"over_500_ms", late}, {"longest_pause_ms", pause_ms},
                    {"target", kLatestMilliseconds.Text()}, {"target_met", met}});
  }
}

}  // namespace remote_dram::bench
