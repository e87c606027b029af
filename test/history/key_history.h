// KeyHistory: all versions of one key in one incarnation, in the order of their numbers, and what else may
// have happened to it at numbers that nobody knows.
//
//   numbers   ──1───────4──────────9────────────►     versions: value, nothing, value
//   windows        (2,     6]   (8,       11]         at one of these numbers: maybe a delete, maybe a write
//
// A question is about a moment: right after the mutation with that number, before the next.
// Memory: its own; no_number is the end of a window that never closed.
// Threads: filled and settled by one; const access from any.
// Failure: WhyNot... say in words what contradicts; null is "nothing does".
#ifndef REMOTE_DRAM_TEST_HISTORY_KEY_HISTORY_H_
#define REMOTE_DRAM_TEST_HISTORY_KEY_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "history/record.h"

namespace remote_dram::history {

struct Version {
  uint64_t number = 0;
  uint64_t value = 0;
  What what = What::kNothing;  // or a value or a version
};

// The numbers of (after, until].
struct Window {
  uint64_t after = 0;
  uint64_t until = 0;
};

class Windows {
 public:
  void Add(Window window) { windows_.push_back(window); }
  void Settle();

  // Does one of them hold one of these numbers?
  bool Meet(Window numbers) const;
  // The end of the one that ends first, of those that begin at `after` or later; no_number if there is none.
  uint64_t FirstEnd(uint64_t after) const;
  // Calls `visit` for the places, in the order of Add, of those that hold the number, until it returns true.
  template <typename Visit>
  bool Any(uint64_t number, Visit visit) const;

 private:
  size_t Before(uint64_t after) const;  // how many begin before it

  std::vector<Window> windows_;
  std::vector<size_t> places_;        // of the windows, as they were added
  std::vector<uint64_t> latest_end_;  // of this window and those before it
  std::vector<uint64_t> first_end_;   // of this window and those behind it
};

class KeyHistory {
 public:
  Windows maybe_deleted, maybe_written;      // what may have happened there
  Windows surely_deleted, surely_written;    // what did happen at one number of each

  void Add(const Version& version) { versions_.push_back(version); }
  void SettleVersions();
  void SettleWindows();
  const std::vector<Version>& versions() const { return versions_; }

  // The version with this number, if it is known.
  const Version* Find(uint64_t number) const;
  // The last known one up to this number; without one, nothing, since 0.
  Version At(uint64_t number) const;

  const char* WhyNotVersion(uint64_t number, uint64_t moment) const;
  const char* WhyNotNothing(uint64_t moment) const;
  bool SurelyVersion(uint64_t number, uint64_t moment) const;
  bool SurelyNothing(uint64_t moment) const;

  // At every moment from `first` to `last`.
  bool SurelyThere(uint64_t first, uint64_t last) const;
  bool SurelyNotThere(uint64_t first, uint64_t last) const;
  // At some moment from `first` to `last`: may the key have had a value of this size?
  bool MayHaveBytes(uint64_t bytes, uint64_t first, uint64_t last) const;

 private:
  using Iterator = std::vector<Version>::const_iterator;
  Iterator Behind(uint64_t number) const;

  std::vector<Version> versions_;
};

template <typename Visit>
bool Windows::Any(uint64_t number, Visit visit) const {
  for (size_t i = Before(number); i > 0 && latest_end_[i - 1] >= number; --i) {
    if (windows_[i - 1].until >= number && visit(places_[i - 1])) return true;
  }
  return false;
}

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_KEY_HISTORY_H_
