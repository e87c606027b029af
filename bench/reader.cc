// Both sides of a reader: the parent's Reader and the child's BeReader.
#include "bench/reader.h"

#include <sstream>

#include "bench/bound/own_memory.h"
#include "bench/fail.h"
#include "bench/ours.h"

namespace remote_dram::bench {
namespace {

std::string RoleText(int cpu, const Load& load, const Pace& pace, const std::string& address) {
  std::ostringstream text;
  text << "reader " << cpu << " " << load.bytes << " " << load.keys << " " << pace.warm_up.count() << " "
       << pace.window.count() << " " << pace.operations_min << " " << address;
  return text.str();
}

}  // namespace

Reader::Reader(int cpu, const Load& load, const Pace& pace, const std::string& address)
    : child_({"--role", RoleText(cpu, load, pace, address)}) {
  std::istringstream words(child_.line());
  for (std::string way; words >> way;) ways_.push_back(way);
}

Figures Reader::End() { return FiguresOf(child_.Hear()); }

void BeReader(const std::vector<std::string>& arguments) {
  const auto number = [&arguments](size_t i) { return std::stoull(arguments.at(i)); };
  Load load{.verb = Verb::kGet, .bytes = number(1), .keys = number(2)};
  const Pace pace{std::chrono::microseconds(number(3)), std::chrono::microseconds(number(4)), number(5)};
  Buffers buffers(load.bytes);
  std::deque<Client> clients;
  clients.push_back(ConnectTo(arguments.at(6) + " " + arguments.at(7), Path::kMapped));
  const Contenders loops = MakeOwnMemory();
  loops[0]->Prepare(load, buffers);  // the loops share their memory, so once is enough
  ReadOnce(clients[0], load, buffers);
  std::string ways = "ours";
  for (const std::unique_ptr<Contender>& loop : loops) ways += " " + loop->name();
  TellParent(ways);
  std::string way;
  while (std::istringstream(HearParent()) >> way >> load.round) {
    Figures figures;
    if (way == "ours") {
      figures = OurGets(clients, load, pace, buffers).Sum(load.bytes);
      RequireAtOnce(clients[0], load, buffers);
    }
    for (const std::unique_ptr<Contender>& loop : loops) {
      if (loop->name() == way) figures = loop->Run(load, pace, buffers);
    }
    TellParent(TextOf(figures));
  }
}

}  // namespace remote_dram::bench
