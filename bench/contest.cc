// Which contenders take part in a contest, and in which order they run.
#include "bench/contest.h"

#include <algorithm>
#include <optional>
#include <random>
#include <set>

#include "bench/bound/bare_client.h"
#include "bench/bound/bare_socket.h"
#include "bench/bound/own_memory.h"
#include "bench/busy.h"
#include "bench/rivals/rival_client.h"
#include "bench/rivals/rival_server.h"
#include "bench/rows.h"

namespace remote_dram::bench {
namespace {

size_t BytesMax(const std::vector<Load>& loads) {  // of one operation
  size_t bytes = 0;
  for (const Load& load : loads) bytes = std::max(bytes, load.bytes * load.batch);
  return bytes;
}

// Splits a path's loads into contests: over a mapping, puts have another bound than the other verbs.
std::vector<std::vector<Load>> Contests(Path path, std::vector<Load> loads) {
  const bool mapped = path == Path::kMapped;
  const auto puts = std::stable_partition(loads.begin(), loads.end(),
                                          [mapped](const Load& load) { return !mapped || load.verb != Verb::kPut; });
  std::vector<std::vector<Load>> contests{{loads.begin(), puts}, {puts, loads.end()}};
  std::erase_if(contests, [](const std::vector<Load>& each) { return each.empty(); });
  return contests;
}

}  // namespace

Contest::Contest(Path path, OurServer& server, const std::vector<Load>& loads) {
  std::set<int> crowds;
  for (const Load& load : loads) crowds.insert(load.clients);
  const bool mapped_puts = path == Path::kMapped && loads.front().verb == Verb::kPut;
  const Path bare = mapped_puts ? Path::kShm : path;
  if (bare == Path::kMapped) {
    AddAll(Score::Role::kBound, MakeOwnMemory());
  } else if (bare != Path::kSocket) {
    for (const int crowd : crowds) AddAll(Score::Role::kBound, MakeBareUcx(bare, crowd, BytesMax(loads)));
  }
  if (bare == Path::kShm || bare == Path::kSocket) AddAll(Score::Role::kBound, MakeBareSockets());
  Add(Score::Role::kOurs, std::make_unique<OurClient>(server, path));
  AddAll(Score::Role::kRival, MakeRivals(path == Path::kTcp));
}

void Contest::AddAll(Score::Role role, Contenders contenders) {
  for (std::unique_ptr<Contender>& contender : contenders) Add(role, std::move(contender));
}

std::vector<Score> Contest::Measure(const Load& load, const Flags& flags, Buffers& buffers) const {
  std::vector<Score> scores;
  std::vector<size_t> order;
  for (size_t i = 0; i < entrants_.size(); ++i) {
    Contender& contender = *entrants_[i].contender;
    scores.push_back({entrants_[i].role, contender.name(), {}});
    if (!contender.Takes(load)) continue;
    contender.Prepare(load, buffers);
    // Not recorded: the first puts touch fresh memory, and a row does not measure those page faults.
    if (load.verb == Verb::kPut) contender.Run(load, flags.pace, buffers);
    order.push_back(i);
  }
  // Large values that are in flight together complete together, in bursts. A rate over few bursts depends on where the
  // window opened and closed, so the window must hold more operations when more are in flight.
  Pace pace = flags.pace;
  pace.operations_min *= static_cast<size_t>(load.in_flight * load.clients);
  std::optional<Busy> busy;
  if (load.busy > 0) busy.emplace(load.busy);
  std::mt19937 turns{1};  // a new order each round, so that no contender always runs after the same one, or after itself
  Load lap = load;
  for (; lap.round < flags.rounds; ++lap.round) {
    std::shuffle(order.begin(), order.end(), turns);
    for (const size_t i : order) scores[i].laps.push_back(entrants_[i].contender->Run(lap, pace, buffers));
  }
  return scores;
}

void MeasureAll(const std::string& mode, const std::string& title, const Flags& flags,
                std::vector<Load> (*loads_of)(Path, const Flags&), Report& report) {
  const Rows rows(mode, title, kRivals, report);
  OurServer server;
  for (const Path path : flags.paths) {
    for (const std::vector<Load>& loads : Contests(path, loads_of(path, flags))) {
      Buffers buffers(BytesMax(loads));
      const Contest contest(path, server, loads);
      for (const Load& load : loads) rows.Add(NameOfPath(path), load, contest.Measure(load, flags, buffers));
    }
  }
}

}  // namespace remote_dram::bench
