// LoopContext: starts and ends the loop's thread.
#include "client/loop_context.h"

namespace remote_dram {

std::shared_ptr<Context> Context::Create(const ContextOptions& options) {
  return std::make_shared<client::LoopContext>(options);
}

namespace client {

LoopContext::LoopContext(const ContextOptions& options)
    : parts_(std::make_shared<Parts>(options.log)), thread_([parts = parts_] { parts->network.loop().Run(); }) {}

LoopContext::~LoopContext() {
  if (!home_.Here()) {
    base::Abandon(std::move(parts_));
    base::Abandon(std::move(thread_));
    return;
  }
  parts_->network.loop().Stop();
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

}  // namespace client
}  // namespace remote_dram
