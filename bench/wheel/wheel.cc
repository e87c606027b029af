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

constexpr char kInServer[] = "ours_in_server", kApart[] = "ours_apart";
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

// The scores without one contender: a row shows only one of our two gateways.
std::vector<Score> Without(const std::string& name, std::vector<Score> scores) {
  std::erase_if(scores, [&name](const Score& score) { return score.name == name; });
  return scores;
}

bool HasTensorStore(const std::string& python) {
  return std::system(("'" + python + "' -c 'import tensorstore' 2>/dev/null").c_str()) == 0;
}

}  // namespace

void Wheel(const Flags& flags, Report& report) {
  const std::string title = "Wheel: the stock TensorStore wheel over a static gateway (the bound), over ours, and over "
                            "its own drivers";
  if (!HasTensorStore(flags.python)) {
    const std::string why = flags.python + " has no tensorstore (tools/setup.sh venv)";
    Require(!flags.complete, why);
    std::cout << "\n" << title << ": skipped, for " << why << "\n";
    return;
  }
  const Rows rows("wheel", title, {"file", "memory"}, report);
  const OurServer server;
  const Child gateway({"--role", "our-gateway " + server.address()});
  const Child with_gateway({"--role", "our-server-with-gateway"});
  const Child bound({"--role", "static-gateway"});
  const auto wheel = std::make_shared<Child>(
      std::vector<std::string>{REMOTE_DRAM_BENCH_DIR "/wheel.py", "static=" + bound.line(), kInServer + ("=" + with_gateway.line()),
                               kApart + ("=" + gateway.line())},
      flags.python);
  Contest contest;
  contest.Add(Score::Role::kBound, std::make_unique<WheelContender>(wheel, "static"));
  for (const char* const ours : {kInServer, kApart}) {
    contest.Add(Score::Role::kOurs, std::make_unique<WheelContender>(wheel, ours));
  }
  for (const char* const driver : {"file", "memory"}) {
    contest.Add(Score::Role::kRival, std::make_unique<WheelContender>(wheel, driver));
  }
  Buffers none(load_bytes_min);
  for (const int in_flight : flags.in_flight) {
    for (const Verb verb : {Verb::kGet, Verb::kPut}) {
      for (const size_t bytes : kSizes) {
        const Load load{.verb = verb, .bytes = bytes, .in_flight = in_flight};
        const std::vector<Score> scores = contest.Measure(load, flags, none);
        rows.Add("gateway", load, Without(kApart, scores));
        rows.Add("gateway apart", load, Without(kInServer, scores));
      }
    }
  }
}

}  // namespace remote_dram::bench
