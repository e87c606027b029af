// RunOn: a round trip to a loop.
#include "net/loop.h"

namespace remote_dram::net {

void RunOn(Loop& loop, const std::function<void()>& function) {
  Latch ran;
  const auto start = [&loop, &function, &ran] {
    loop.Post([&function, &ran] {
      function();
      ran.Set();
    });
  };
  loop.RunAndAwait(start, ran);
  ran.Wait();
}

}  // namespace remote_dram::net
