// The rows of the gateway: the wheel over our gateway, over a static one, and with its own drivers.
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "bench/contest.h"
#include "bench/fail.h"
#include "bench/rows.h"
#include "bench/wheel/wheel.h"

namespace remote_dram::bench {
namespace {

// Our gateways: the path of a row, and the name of its contender.
constexpr std::pair<const char*, const char*> kGateways[] = {
    {"gateway", "ours_in_server"}, {"gateway apart", "ours_apart"}, {"gateway in Python", "ours_in_python"}};
constexpr size_t kSizes[] = {1 << 20, 4 << 20, 16 << 20};

class WheelContender final : public Contender {
 public:
  WheelContender(std::shared_ptr<Child> wheel, std::string name) : wheel_(std::move(wheel)), name_(std::move(name)) {}

  std::string name() const override { return name_; }
  bool Takes(const Load& load) const override { return load.moves(); }

  Figures Run(const Load& load, const Pace& pace, Buffers&) override {
    std::ostringstream order;
    order << name_ << " " << NameOf(load.verb) << " " << load.bytes << " " << load.in_flight << " "
          << pace.warm_up.count() << " " << pace.window.count() << " " << pace.operations_min;
    wheel_->Tell(order.str());
    return FiguresOf(wheel_->Hear());
  }

 private:
  const std::shared_ptr<Child> wheel_;
  const std::string name_;
};

// The scores without those of our other gateways: a row shows only one.
std::vector<Score> WithOnly(const std::string& ours, std::vector<Score> scores) {
  std::erase_if(scores, [&ours](const Score& score) { return score.role == Score::Role::kOurs && score.name != ours; });
  return scores;
}

bool Runs(const std::string& python, const std::string& code) {
  return std::system(("'" + python + "' -c '" + code + "' 2>/dev/null").c_str()) == 0;
}

}  // namespace

void Wheel(const Flags& flags, Report& report) {
  const std::string title = "Wheel: the stock TensorStore wheel over a static gateway (the bound), over ours, and over "
                            "its own drivers";
  if (!Runs(flags.python, "import tensorstore")) {
    const std::string why = flags.python + " has no tensorstore (tools/setup.sh venv)";
    Require(!flags.complete, why);
    std::cout << "\n" << title << ": skipped, for " << why << "\n";
    return;
  }
  const OurServer server;
  const Child gateway({"--role", "our-gateway " + server.address()});
  const Child with_gateway({"--role", "our-server-with-gateway"});
  const Child bound({"--role", "static-gateway"});
  const std::string socket = "unix:" + server.address().substr(server.address().find(' ') + 1);
  std::vector<std::string> targets{with_gateway.line(), gateway.line(), socket};
  if (!Runs(flags.python, "import remote_dram; remote_dram.connect(\"" + socket + "\")")) {
    std::cout << "\nWheel: without a gateway in Python, for " << flags.python
              << " has no remote_dram, or another version (tools/setup.sh python)\n";
    targets.pop_back();
  }
  std::vector<std::string> arguments{REMOTE_DRAM_BENCH_DIR "/wheel.py", "static=" + bound.line()};
  for (size_t i = 0; i < targets.size(); ++i) arguments.push_back(kGateways[i].second + ("=" + targets[i]));
  const auto wheel = std::make_shared<Child>(arguments, flags.python);
  Contest contest;
  contest.Add(Score::Role::kBound, std::make_unique<WheelContender>(wheel, "static"));
  for (size_t i = 0; i < targets.size(); ++i) {
    contest.Add(Score::Role::kOurs, std::make_unique<WheelContender>(wheel, kGateways[i].second));
  }
  for (const char* const driver : {"file", "memory"}) {
    contest.Add(Score::Role::kRival, std::make_unique<WheelContender>(wheel, driver));
  }
  const Rows rows("wheel", title, {"file", "memory"}, report);
  Buffers none(load_bytes_min);
  for (const int in_flight : flags.in_flight) {
    for (const Verb verb : {Verb::kGet, Verb::kPut}) {
      for (const size_t bytes : kSizes) {
        const Load load{.verb = verb, .bytes = bytes, .in_flight = in_flight};
        const std::vector<Score> scores = contest.Measure(load, flags, none);
        for (size_t i = 0; i < targets.size(); ++i) {
          const auto& [path, ours] = kGateways[i];
          rows.Add(path, load, WithOnly(ours, scores));
        }
      }
    }
  }
}

}  // namespace remote_dram::bench
