// RunOn: posts a function to a loop, and waits until it has run.
#include "net/loop.h"

namespace remote_dram::net {

void RunOn(Loop& loop, const std::function<void()>& function) {
  Latch ran;
  const auto start = [&loop, &function, &ran] {
    loop.Post([&loop, &function, &ran] {
      function();
      loop.AssertHeld();
      loop.Complete([&ran] { ran.Set(); });
    });
  };
  loop.RunAndAwait(start, ran);
  ran.Wait();
}

}  // namespace remote_dram::net
