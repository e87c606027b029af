// KeyHistory: answers questions by binary search in sorted versions and windows.
#include "history/key_history.h"

#include <algorithm>
#include <numeric>

#include "history/timeline.h"
#include "history/value.h"

namespace remote_dram::history {

void Windows::Settle() {
  places_.resize(windows_.size());
  std::iota(places_.begin(), places_.end(), 0);
  std::sort(places_.begin(), places_.end(), [this](size_t a, size_t b) { return windows_[a].after < windows_[b].after; });
  std::vector<Window> sorted;
  for (const size_t place : places_) sorted.push_back(windows_[place]);
  windows_ = std::move(sorted);
  latest_end_.resize(windows_.size());
  first_end_.resize(windows_.size());
  for (uint64_t i = 0, latest = 0; i < windows_.size(); ++i) latest_end_[i] = latest = std::max(latest, windows_[i].until);
  uint64_t first = no_number;
  for (size_t i = windows_.size(); i > 0; --i) first_end_[i - 1] = first = std::min(first, windows_[i - 1].until);
}

size_t Windows::Before(uint64_t after) const {
  const auto at = std::lower_bound(windows_.begin(), windows_.end(), after,
                                   [](const Window& window, uint64_t number) { return window.after < number; });
  return static_cast<size_t>(at - windows_.begin());
}

bool Windows::Meet(Window numbers) const {
  const size_t before = Before(numbers.until);
  return before > 0 && latest_end_[before - 1] > numbers.after;
}

uint64_t Windows::FirstEnd(uint64_t after) const {
  const size_t at = Before(after);
  return at == windows_.size() ? no_number : first_end_[at];
}

void KeyHistory::SettleVersions() {
  std::sort(versions_.begin(), versions_.end(), [](const Version& a, const Version& b) { return a.number < b.number; });
}

void KeyHistory::SettleWindows() {
  for (Windows* each : {&maybe_deleted, &maybe_written, &surely_deleted, &surely_written}) each->Settle();
}

KeyHistory::Iterator KeyHistory::Behind(uint64_t number) const {
  return std::upper_bound(versions_.begin(), versions_.end(), number,
                          [](uint64_t wanted, const Version& version) { return wanted < version.number; });
}

const Version* KeyHistory::Find(uint64_t number) const {
  const Iterator behind = Behind(number);
  return behind != versions_.begin() && std::prev(behind)->number == number ? &*std::prev(behind) : nullptr;
}

Version KeyHistory::At(uint64_t number) const {
  const Iterator behind = Behind(number);
  return behind == versions_.begin() ? Version() : *std::prev(behind);
}

const char* KeyHistory::WhyNotVersion(uint64_t number, uint64_t moment) const {
  if (number > moment) return "a version was seen before it was made";
  const Version now = At(moment);
  if (now.number != number) return "an old version was seen after a newer one";
  if (now.what == What::kNothing) return "a version was seen under the number of its deletion";
  if (surely_deleted.FirstEnd(number) <= moment) return "a version was seen after a range that held it was deleted";
  if (surely_written.FirstEnd(number) <= moment) return "an old version was seen after a copy replaced it";
  return nullptr;
}

const char* KeyHistory::WhyNotNothing(uint64_t moment) const {
  const Version now = At(moment);
  const bool maybe_gone = maybe_deleted.Meet({now.number, moment});
  if (now.what != What::kNothing && !maybe_gone) return "missing, though it was written and not deleted";
  if (surely_written.FirstEnd(now.number) <= moment && !maybe_gone) return "missing, though it was copied there";
  return nullptr;
}

bool KeyHistory::SurelyVersion(uint64_t number, uint64_t moment) const {
  const Version now = At(moment);
  const Window since{number, moment};
  return now.number == number && now.what != What::kNothing && !maybe_deleted.Meet(since) && !maybe_written.Meet(since);
}

bool KeyHistory::SurelyNothing(uint64_t moment) const {
  const Version now = At(moment);
  return now.what == What::kNothing && !maybe_written.Meet({now.number, moment});
}

bool KeyHistory::SurelyThere(uint64_t first, uint64_t last) const {
  const Version then = At(first);
  return then.what != What::kNothing && !maybe_deleted.Meet({then.number, last}) &&
         std::none_of(Behind(first), Behind(last), [](const Version& each) { return each.what == What::kNothing; });
}

bool KeyHistory::SurelyNotThere(uint64_t first, uint64_t last) const {
  const Version then = At(first);
  return then.what == What::kNothing && !maybe_written.Meet({then.number, last}) &&
         std::all_of(Behind(first), Behind(last), [](const Version& each) { return each.what == What::kNothing; });
}

bool KeyHistory::MayHaveBytes(uint64_t bytes, uint64_t first, uint64_t last) const {
  const auto has_them = [bytes](const Version& each) {
    if (each.what == What::kValue) return ValueBytes(each.value) == bytes;
    return each.what == What::kVersion && (each.value == bytes || each.value == 0);
  };
  const Version then = At(first);
  return has_them(then) || maybe_written.Meet({then.number, last}) || std::any_of(Behind(first), Behind(last), has_them);
}

}  // namespace remote_dram::history
