// KeyHistory: all known versions of one key in one incarnation, in the order of their numbers, and the windows of numbers
// in which other mutations may have changed it.
//
//   numbers   ──1───────4──────────9────────────►     versions: value, nothing, value
//   windows        (2,     6]   (8,       11]         at one of these numbers: maybe a delete, maybe a write
//
// A moment is a number: it means right after the mutation with that number, before the next one.
// Memory: its own; no_number is the end of a window that never closed.
// Threads: filled and settled by one; const access from any.
// Failure: the WhyNot functions return the contradiction in words; null if there is none.
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
  What what = What::kNothing;  // or kValue or kVersion
};

// The numbers after < number <= until.
struct Window {
  uint64_t after = 0;
  uint64_t until = 0;
};

class Windows {
 public:
  void Add(Window window) { windows_.push_back(window); }
  void Settle();

  // Whether some window overlaps with these numbers.
  bool Meet(Window numbers) const;
  // The earliest end of the windows that begin at `after` or later; no_number if there are none.
  uint64_t FirstEnd(uint64_t after) const;
  // Calls `visit` with the index, in the order of Add, of each window that holds the number, until a call returns true.
  // Returns whether one did.
  template <typename Visit>
  bool Any(uint64_t number, Visit visit) const;

 private:
  size_t Before(uint64_t after) const;  // the number of windows that begin before `after`

  std::vector<Window> windows_;       // after Settle, sorted by `after`
  std::vector<size_t> places_;        // each window's index in the order of Add
  std::vector<uint64_t> latest_end_;  // the latest end of this window and those before it
  std::vector<uint64_t> first_end_;   // the earliest end of this window and those behind it
};

class KeyHistory {
 public:
  Windows maybe_deleted, maybe_written;      // windows in which this may have happened
  Windows surely_deleted, surely_written;    // windows in which this did happen, at some number of each

  void Add(const Version& version) { versions_.push_back(version); }
  void SettleVersions();
  void SettleWindows();
  const std::vector<Version>& versions() const { return versions_; }

  // The version with this number; null if it is not known.
  const Version* Find(uint64_t number) const;
  // The last known version up to this number; if there is none, kNothing with number 0.
  Version At(uint64_t number) const;

  const char* WhyNotVersion(uint64_t number, uint64_t moment) const;
  const char* WhyNotNothing(uint64_t moment) const;
  bool SurelyVersion(uint64_t number, uint64_t moment) const;
  bool SurelyNothing(uint64_t moment) const;

  // Whether the key surely existed, or surely did not exist, at every moment from `first` to `last`.
  bool SurelyThere(uint64_t first, uint64_t last) const;
  bool SurelyNotThere(uint64_t first, uint64_t last) const;
  // Whether the key may have had a value of this size at some moment from `first` to `last`.
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
