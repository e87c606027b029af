// ProgressSources: asks sources for progress, judges which are lively, and keeps them in the epoll set.
#include "net/progress_sources.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "net/spin_limit.h"

namespace remote_dram::net {

void ProgressSources::Add(ProgressSource* source, TimePoint now) {
  source_of_[source->fd()] = source;
  SetWatched(entries_.emplace_back(Entry{.source = source, .lively_since = now}), true);
}

void ProgressSources::Remove(ProgressSource* source) {
  source_of_.erase(source->fd());
  for (Entry& each : entries_) {
    if (each.source != source) continue;
    SetWatched(each, false);
    each.source = nullptr;  // Judge erases the entry later, because Ask may be using it right now
  }
}

bool ProgressSources::Ask(bool all) {
  bool happened = false;
  for (size_t i = 0; i < entries_.size(); ++i) {  // by index: Progress may add entries, and remove sources
    const bool asked = entries_[i].source != nullptr && (all || entries_[i].lively);
    if (!asked || !entries_[i].source->Progress()) continue;
    entries_[i].moved = true;
    happened = true;
  }
  return happened;
}

void ProgressSources::Judge(TimePoint now, bool sleeper) {
  std::erase_if(entries_, [](const Entry& each) { return each.source == nullptr; });
  for (Entry& each : entries_) {
    if (std::exchange(each.moved, false)) each.moved_at = now;
    const bool was_lively = std::exchange(each.lively, now - each.moved_at < SpinLimit::shortest);
    if (!was_lively) each.lively_since = now;
    if (!each.lively) {
      SetWatched(each, true);
    } else if (!sleeper && now - each.lively_since >= watched_lively_max) {
      SetWatched(each, false);
    }
  }
}

bool ProgressSources::Arm() {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const Entry& each) { return each.source == nullptr || each.source->Arm(); });
}

void ProgressSources::WatchAll(TimePoint now) {
  for (Entry& each : entries_) {
    SetWatched(each, true);
    each.lively_since = now;
  }
}

bool ProgressSources::OnReady(int fd) {
  const auto source = source_of_.find(fd);
  if (source == source_of_.end()) return false;
  source->second->OnReady();
  return true;
}

void ProgressSources::SetWatched(Entry& entry, bool watched) {
  if (entry.source == nullptr || entry.watched == watched) return;
  entry.watched = watched;
  const int fd = entry.source->fd();
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  RD_CHECK(epoll_ctl(epoll_fd_, watched ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, &event) == 0);
}

}  // namespace remote_dram::net
