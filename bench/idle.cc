// Idle: the processor time of a server and its connected clients while no client makes a call.
#include <unistd.h>

#include <deque>
#include <thread>

#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/process.h"
#include "bench/targets.h"

namespace remote_dram::bench {

void Idle(const Flags& flags, Report& report) {
  const Table table("Idle: processor time over " + Digits(flags.idle_time.count() / 1e3) + " s",
                    {"path", "clients", "server %", "clients' %", "target of both", ""});
  nlohmann::json& rows = report["idle"] = nlohmann::json::array();
  for (const Path path : flags.paths) {
    for (const int count : {1, flags.idle_clients}) {
      const OurServer server;
      std::deque<Client> clients;  // each with a context, and so a thread, of its own
      while (clients.size() < static_cast<size_t>(count)) clients.push_back(server.Connect(path));
      const pid_t processes[] = {server.pid(), getpid()};
      double percent[2];
      std::this_thread::sleep_for(flags.idle_time / 10);  // until the connections have settled
      const std::chrono::nanoseconds before[] = {CpuTime(processes[0]), CpuTime(processes[1])};
      std::this_thread::sleep_for(flags.idle_time);
      for (int i = 0; i < 2; ++i) percent[i] = 100.0 * (CpuTime(processes[i]) - before[i]) / flags.idle_time;
      const bool met = report.Judge(kIdlePercent.IsMet(percent[0] + percent[1]));
      table.Row({NameOfPath(path), std::to_string(count), Digits(percent[0]), Digits(percent[1]), kIdlePercent.Text(),
                 met ? "met" : "missed"});
      rows.push_back({{"path", NameOfPath(path)}, {"clients", count}, {"server_percent", percent[0]},
                      {"clients_percent", percent[1]}, {"seconds", flags.idle_time.count() / 1e3},
                      {"target", kIdlePercent.Text()}, {"target_met", met}});
    }
  }
}

}  // namespace remote_dram::bench
