// Clients: finds, holds, releases and forgets clients.
#include "server/clients.h"

namespace remote_dram::server {
namespace {

// Takes the same time wherever the secrets differ, so that its duration reveals nothing.
bool SameSecret(const wire::ClientId& a, const wire::ClientId& b) {
  return ((a.secret_high ^ b.secret_high) | (a.secret_low ^ b.secret_low)) == 0;
}

}  // namespace

std::shared_ptr<Client> Clients::Find(const wire::ClientId& id) {
  const base::MutexLock lock(mutex_);
  const auto found = records_.find({id.id_high, id.id_low});
  if (found != records_.end() && SameSecret(found->second.client->id, id)) return found->second.client;
  auto made = std::make_shared<Client>();
  made->id = {random_(), random_(), random_(), random_()};
  return made;
}

bool Clients::Hold(const std::shared_ptr<Client>& client, EndSession end, base::Task ended) {
  const base::MutexLock lock(mutex_);
  Record& record = records_[IdOf(*client)];
  if (record.end) {
    record.end(std::move(ended));  // under the lock, which the session's station needs to end its sessions: so it still exists
    return false;
  }
  left_.remove(IdOf(*client));
  record.client = client;
  record.end = std::move(end);
  return true;
}

void Clients::Release(const std::shared_ptr<Client>& client, bool for_good, net::TimePoint now) {
  const base::MutexLock lock(mutex_);
  const auto found = records_.find(IdOf(*client));
  if (found == records_.end()) return;
  if (for_good) {
    records_.erase(found);
  } else {
    found->second.end = nullptr;
    found->second.rings = {};
    found->second.rings_left = rings_untaken_max;
    found->second.left = now;
    left_.push_back(found->first);
  }
  ForgetSome(now);
}

void Clients::ForgetSome(net::TimePoint now) {
  while (!left_.empty()) {
    const auto oldest = records_.find(left_.front());
    if (left_.size() <= clients_left_max && now - oldest->second.left < client_memory) return;
    records_.erase(oldest);
    left_.pop_front();
  }
}

wire::ClientId Clients::Held(uint64_t id_high, uint64_t id_low) const {
  const base::MutexLock lock(mutex_);
  const auto found = records_.find({id_high, id_low});
  return found != records_.end() && found->second.end ? found->second.client->id : wire::ClientId();
}

bool Clients::WantsRings(const wire::ClientId& id, uint64_t order) const {
  const base::MutexLock lock(mutex_);
  const auto found = records_.find(IdOf(id));
  return found != records_.end() && Wants(found->second, order);
}

bool Clients::SetRings(const wire::ClientId& id, uint64_t order, base::Descriptor rings) {
  const base::MutexLock lock(mutex_);
  const auto found = records_.find(IdOf(id));
  if (found == records_.end() || !Wants(found->second, order)) return false;
  Record& record = found->second;
  --record.rings_left;
  record.rings = std::move(rings);
  record.rings_order = order;
  return true;
}

base::Descriptor Clients::TakeRings(const wire::ClientId& id) {
  const base::MutexLock lock(mutex_);
  const auto found = records_.find(IdOf(id));
  if (found == records_.end()) return {};
  found->second.rings_left = 0;
  return std::exchange(found->second.rings, {});
}

size_t Clients::size() const {
  const base::MutexLock lock(mutex_);
  return records_.size();
}

}  // namespace remote_dram::server
