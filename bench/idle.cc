// Idle: the processor time of a server and its connected client while nobody calls.
#include <unistd.h>

#include <thread>

#include "bench/modes.h"
#include "bench/ours.h"
#include "bench/process.h"

namespace remote_dram::bench {

void Idle(const Flags& flags, Report& report) {
  const Table table("Idle: processor time over " + Digits(flags.idle_time.count() / 1e3) + " s, one connected client",
                    {"path", "server %", "client %"});
  nlohmann::json& rows = report["idle"] = nlohmann::json::array();
  for (const Path path : flags.paths) {
    const OurServer server;
    const Client client = server.Connect(path);
    const pid_t processes[] = {server.pid(), getpid()};
    double percent[2];
    std::this_thread::sleep_for(flags.idle_time / 10);  // the connection settles
    const std::chrono::nanoseconds before[] = {CpuTime(processes[0]), CpuTime(processes[1])};
    std::this_thread::sleep_for(flags.idle_time);
    for (int i = 0; i < 2; ++i) percent[i] = 100.0 * (CpuTime(processes[i]) - before[i]) / flags.idle_time;
    table.Row({NameOf(path), Digits(percent[0]), Digits(percent[1])});
    rows.push_back({{"path", NameOf(path)}, {"server_percent", percent[0]}, {"client_percent", percent[1]},
                    {"seconds", flags.idle_time.count() / 1e3}});
  }
}

}  // namespace remote_dram::bench
