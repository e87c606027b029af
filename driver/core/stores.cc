// Stores: opening and sharing servers and connections.
#include "driver/core/stores.h"

#include <algorithm>
#include <utility>

namespace remote_dram::driver {

Stores::Lent* Stores::Find(const std::string& listen_addr) {
  const auto found = std::find_if(lent_.begin(), lent_.end(), [&listen_addr](const Lent& lent) {
    return lent.listen_addr == listen_addr || lent.address == listen_addr;
  });
  return found != lent_.end() ? &*found : nullptr;
}

void Stores::Forget(const Lent* lent) {
  const std::lock_guard<std::mutex> lock(mutex_);
  lent_.remove_if([lent](const Lent& other) { return &other == lent; });
  changed_.notify_all();
}

bool Stores::Lends(const std::string& listen_addr) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return Find(listen_addr) != nullptr;
}

Result<OpenStore> Stores::Lend(const std::string& listen_addr, ServerOptions options) {
  options.log = log_;
  std::unique_lock<std::mutex> lock(mutex_);
  while (Lent* lent = Find(listen_addr)) {
    const std::shared_ptr<Server> server = lent->server.lock();
    if (server == nullptr) {
      changed_.wait(lock);
      continue;
    }
    if (lent->options.credentials_file != options.credentials_file) {
      return Status(StatusCode::kFailedPrecondition, "this process lends " + lent->address + " already, with other credentials");
    }
    if (lent->options.memory_limit_bytes != options.memory_limit_bytes || lent->options.threads != options.threads) {
      return Status(StatusCode::kFailedPrecondition,
                    "this process lends " + lent->address + " already, with " +
                        std::to_string(lent->options.memory_limit_bytes) + " bytes of memory and " +
                        std::to_string(lent->options.threads) + " threads");
    }
    return OpenStore{std::shared_ptr<KeyValueStore>(server, &server->local()), lent->address, 0};
  }
  Lent& lent = lent_.emplace_back();
  lent.listen_addr = listen_addr;
  lent.options = std::move(options);
  lock.unlock();
  return Start(lent);
}

Result<OpenStore> Stores::Start(Lent& lent) {
  Result<Server> started = Server::Start(lent.options);
  if (!started.ok()) {
    Forget(&lent);
    return started.status();
  }
  // The server is forgotten only after its socket is closed. Until then another Lend waits, so it never finds the address
  // in use by a server that is ending.
  const std::shared_ptr<Server> server(new Server(std::move(*started)), [this, lent = &lent](Server* ended) {
    delete ended;
    Forget(lent);
  });
  const std::lock_guard<std::mutex> lock(mutex_);
  lent.address = server->listen_addr().empty() ? "unix:" + server->socket_path() : server->listen_addr();
  lent.server = server;
  changed_.notify_all();
  return OpenStore{std::shared_ptr<KeyValueStore>(server, &server->local()), lent.address, 0};
}

Result<OpenStore> Stores::Use(const std::string& remote_addr, ClientOptions options) {
  uint64_t age = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    age = ages_[remote_addr];
    options.context = context_.lock();
    if (options.context == nullptr) {
      ContextOptions context_options;
      context_options.log = log_;
      context_ = options.context = Context::Create(context_options);
    }
  }
  Result<Client> client = Client::Connect(remote_addr, options);
  if (!client.ok()) return client.status();
  return OpenStore{std::make_shared<Client>(std::move(*client)), remote_addr, age};
}

uint64_t Stores::Age(const std::string& address) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = ages_.find(address);
  return found != ages_.end() ? found->second : 0;
}

void Stores::GiveUp(const OpenStore& dead) {
  const std::lock_guard<std::mutex> lock(mutex_);
  uint64_t& age = ages_[dead.address];
  if (age == dead.age) ++age;
}

}  // namespace remote_dram::driver
