// Simulate: one World with a server that restarts, the visits of the clients, and a visit that injects faults.
#include "history/simulation.h"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "client/client_context.h"
#include "history/checker.h"
#include "history/load_client.h"
#include "server/host_testing.h"

namespace remote_dram::history {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

const net::Address kAddress{.host = "", .port = 0, .path = "/socket"};
constexpr uint64_t kValueBytesMax = 4096;  // some values travel with their message, larger ones separately
constexpr milliseconds kTimeout{2000};

// A simulated client process.
class SimulatedContext final : public client::ClientContext {
 public:
  explicit SimulatedContext(net::sim::World* world)
      : network_(world), hub_(&network_, nullptr, static_cast<uint32_t>(world->Random())) {}
  const base::Home& home() const override { return home_; }
  client::Hub& hub() override { return hub_; }
  net::sim::SimNetwork& network() { return network_; }

 private:
  const base::Home home_;
  net::sim::SimNetwork network_;
  client::Hub hub_;
};

class Simulation {
 public:
  Simulation(uint64_t seed, const SimulationOptions& options) : world_(seed) {
    load_.server = kAddress.ToString();
    load_.directory = options.directory;
    load_.clients = options.clients;
    load_.keys = options.keys;
    load_.value_bytes_max = kValueBytesMax;
    load_.timeout = kTimeout;
    load_.path = world_.Random() % 2 == 0 ? Path::kMapped : Path::kShm;
    load_.operations = options.operations;
  }

  Status AddClients() {
    for (uint32_t number = 0; number < load_.clients; ++number) {
      Result<Recorder> recorder = Recorder::Create(FileOf(load_, number));
      if (!recorder.ok()) return recorder.status();
      contexts_.push_back(std::make_shared<SimulatedContext>(&world_));
      const auto now_ns = [this] { return static_cast<uint64_t>(world_.now().time_since_epoch().count()); };
      const auto pause = [this](milliseconds time) { world_.Pause(time); };
      const Surroundings surroundings{contexts_.back(), now_ns, pause, world_.Random()};
      clients_.push_back(std::make_unique<LoadClient>(load_, number, *std::move(recorder), surroundings));
    }
    return Status();
  }

  Result<LoadReport> Run() {
    StartServer();
    for (const auto& client : clients_) world_.Invite([this, client = client.get()] { Use(client); });
    world_.Invite([this] {
      while (gone_ < clients_.size()) MakeTrouble();
    });
    world_.RunVisits();
    if (!failed_.ok()) return failed_;
    LoadReport report{progress_.operations, progress_.opened_again, {}};
    for (const auto& client : clients_) {
      report.complaints.insert(report.complaints.end(), client->complaints().begin(), client->complaints().end());
    }
    return report;
  }

 private:
  void Use(LoadClient* client) {
    const Status opened = client->Run(&progress_, [this] { return progress_.operations >= load_.operations; });
    if (!opened.ok()) failed_ = opened;
    ++gone_;
  }

  void MakeTrouble() {
    world_.Pause(microseconds(world_.Random() % 2000));
    switch (world_.Random() % 16) {
      case 0: case 1: case 2: case 3:
        return host_->network.BreakLinks();
      case 4: case 5: case 6: case 7: case 8: case 9:
        return SomeClient().BreakLinks();
      case 10: case 11:
        return StandStill(host_->network);
      case 12: case 13:
        return StandStill(SomeClient());
      case 14:
        return RestartServer();
      default:
        world_.Pause(milliseconds(50));
    }
  }

  net::sim::SimNetwork& SomeClient() { return contexts_[world_.Random() % contexts_.size()]->network(); }

  void StandStill(net::sim::SimNetwork& network) {
    network.Freeze();
    world_.Pause(milliseconds(world_.Random() % 200));
    network.Thaw();
  }

  void RestartServer() {
    host_->network.Kill();
    world_.Pause(milliseconds(world_.Random() % 50));
    host_.reset();
    world_.Pause(milliseconds(world_.Random() % 50));
    StartServer();
  }

  void StartServer() { host_.emplace(&world_, world_.Random() | 1, kAddress); }

  net::sim::World world_;
  LoadOptions load_;
  Progress progress_;
  Status failed_;
  size_t gone_ = 0;
  std::optional<Host> host_;
  std::vector<std::shared_ptr<SimulatedContext>> contexts_;
  std::vector<std::unique_ptr<LoadClient>> clients_;
};

}  // namespace

std::string MemoryDirectory() {
  namespace fs = std::filesystem;
  const fs::path memory = "/dev/shm";
  const fs::path parent = fs::is_directory(memory) ? memory : fs::temp_directory_path();
  return (parent / ("remote_dram_simulation-" + std::to_string(getpid()))).string();
}

Simulated Simulate(uint64_t seed, const SimulationOptions& options) {
  SimulationOptions mine = options;
  mine.directory += "/seed-" + std::to_string(seed);
  std::filesystem::remove_all(mine.directory);  // the records of an earlier run
  std::filesystem::create_directories(mine.directory);
  Result<LoadReport> report = LoadReport();
  {
    Simulation simulation(seed, mine);
    const Status added = simulation.AddClients();
    report = added.ok() ? simulation.Run() : added;
  }
  const Result<History> history = OpenAll(mine.directory);
  if (!report.ok() || !history.ok()) return {.wrong = {report.status().ToString(), history.status().ToString()}};
  const Verdict verdict = Check(*history);
  Simulated simulated{report->complaints, verdict.done + verdict.refused, verdict.unknown, verdict.incarnations};
  for (const Violation& violation : verdict.violations) simulated.wrong.push_back(ToText(violation));
  if (simulated.wrong.empty()) std::filesystem::remove_all(mine.directory);
  return simulated;
}

}  // namespace remote_dram::history
