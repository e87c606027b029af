// RunLoad: one thread for each client, while the calling thread watches them.
#include "history/load.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "history/load_client.h"

namespace remote_dram::history {
namespace {

constexpr std::chrono::milliseconds kLook{50};  // how often Watch checks the clients

struct Load {
  const LoadOptions& options;
  Progress progress{};
  std::atomic<uint32_t> running{0};
  std::atomic<bool> ended{false};
};

[[noreturn]] void Hang(size_t client) {
  std::fprintf(stderr, "remote_dram_history: a call of client %zu hangs: hang_max after its deadline\n", client);
  std::_Exit(1);  // without destructors, because they would wait for the call
}

// Sets `ended` when both minima (operations and time) are reached; returns when no client is running any more.
void Watch(Load* load, const std::vector<std::unique_ptr<LoadClient>>& clients) {
  const uint64_t began_ns = NowNs(), time_ns = std::chrono::nanoseconds(load->options.time).count();
  while (load->running > 0) {
    const uint64_t now_ns = NowNs();
    if (load->progress.operations >= load->options.operations && now_ns - began_ns >= time_ns) load->ended = true;
    for (size_t i = 0; i < clients.size(); ++i) {
      const uint64_t deadline_ns = clients[i]->deadline_ns.load();
      const bool hangs = deadline_ns != 0 && now_ns > deadline_ns + std::chrono::nanoseconds(hang_max).count();
      if (hangs) Hang(i);
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

std::string FileOf(const LoadOptions& options, uint32_t writer) {
  return options.directory + "/" + std::to_string(writer) + ".history";
}

Result<LoadReport> RunLoad(const LoadOptions& options) {
  std::vector<std::unique_ptr<LoadClient>> clients;
  for (uint32_t writer = options.writer; writer < options.writer + options.clients; ++writer) {
    Result<Recorder> recorder = Recorder::Create(FileOf(options, writer));
    if (!recorder.ok()) return recorder.status();
    clients.push_back(std::make_unique<LoadClient>(options, writer, *std::move(recorder)));
  }
  Load load{options};
  load.running = options.clients;
  std::vector<Status> ends(clients.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < clients.size(); ++i) {
    threads.emplace_back([&load, client = clients[i].get(), end = &ends[i]] {
      *end = client->Run(&load.progress, [&load] { return load.ended.load(); });
      --load.running;
    });
  }
  Watch(&load, clients);
  for (std::thread& thread : threads) thread.join();
  LoadReport report{load.progress.operations, load.progress.opened_again, {}};
  for (size_t i = 0; i < clients.size(); ++i) {
    if (!ends[i].ok()) return ends[i].WithContext("a client stopped");
    report.in_place += clients[i]->in_place();
    report.incarnations_in_place.insert(clients[i]->incarnations_in_place().begin(), clients[i]->incarnations_in_place().end());
    const std::vector<std::string>& more = clients[i]->complaints();
    report.complaints.insert(report.complaints.end(), more.begin(), more.end());
  }
  return report;
}

}  // namespace remote_dram::history
