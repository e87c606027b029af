// Incarnation: judges the part of a history that one run of a server answered.
//
// It first gathers the versions of each key (gather.cc): acknowledged writes; then unanswered writes and copies, as far
// as reads reveal them; then the windows in which a mutation may have happened that no read saw. Then it judges each
// operation on its own (judge.cc).
// Memory: views of the history and of the tables that are passed in.
// Threads: one. Failure: violations are added to the Verdict.
#ifndef REMOTE_DRAM_TEST_HISTORY_INCARNATION_H_
#define REMOTE_DRAM_TEST_HISTORY_INCARNATION_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "history/checker.h"
#include "history/key_history.h"
#include "history/timeline.h"
#include "history/writers.h"

namespace remote_dram::history {

class Incarnation {
 public:
  // `operations`: those that the incarnation answered, and the writes of unknown outcome that may have changed it.
  Incarnation(uint64_t id, std::span<const Operation* const> operations, const Writers& writers,
              Adoptions* adoptions, Verdict* verdict);

  void Judge();

 private:
  // A version that a read found under a number that no acknowledged write of its key has.
  struct Found {
    const Operation* read;
    const Item* item;
  };
  struct Copy {
    const Operation* operation;
    uint32_t source;
    Window window;
  };
  // The mutation that was given a number: an operation, or (null) a copy to this key.
  struct Given {
    uint64_t number;
    const Operation* operation;
    uint32_t key;
  };

  // gather.cc
  void Gather();
  void AddWrite(const Operation& write, uint64_t number);
  std::vector<Found> FindUnplaced() const;
  void Place(const Found& found);
  void Adopt(const Operation& write, const Found& found);
  void AddWindows();
  void AddCopy(const Operation& copy, Window window);
  void AddSureCopies();
  void CheckCopies() const;
  void CheckUnread() const;
  void CheckNumbers();

  // judge.cc
  void JudgeOne(const Operation& operation) const;
  void JudgeRead(const Operation& read) const;
  void JudgeWrite(const Operation& write, uint64_t number) const;
  void JudgeRefusal(const Operation& write) const;
  void JudgeList(const Operation& list) const;
  const char* WhyNot(const Item& item, uint64_t moment) const;

  // Whether the operation is known to have happened in this incarnation; its sequence is then known, too.
  bool Settled(const Operation& operation) const {
    return operation.end == End::kDone && operation.incarnation == id_;
  }
  void Tell(const std::string& what, const Operation& operation) const { verdict_->Add(what, &operation); }

  const uint64_t id_;
  const std::span<const Operation* const> operations_;
  const Writers& writers_;
  Adoptions* const adoptions_;
  Verdict* const verdict_;
  const Timeline timeline_;
  std::vector<KeyHistory> keys_;
  std::vector<std::vector<Copy>> copies_;  // by target key
  std::vector<Windows> copy_windows_;      // the windows of copies_, in the same order
  std::vector<std::pair<uint32_t, Version>> copied_;  // keys, with versions that only a copy can have made
  std::vector<Found> unread_;                          // versions of which only number and size are known
  std::vector<Given> given_;
};

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_INCARNATION_H_
