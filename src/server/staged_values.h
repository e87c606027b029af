// StagedValues: values that a session's client has sent ahead of their transactions.
//
// Memory: the values lie in the store, which outlives this, and count against its limit. A transaction's values are
// released together: when the transaction takes them, when one of them was refused, when none has come for
// staged_value_lifetime, or when the session ends.
// Threads: the loop's role. Failure: none.
// Limits: staged_value_lifetime; refused_transactions_max.
#ifndef REMOTE_DRAM_SERVER_STAGED_VALUES_H_
#define REMOTE_DRAM_SERVER_STAGED_VALUES_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <set>

#include "net/loop.h"
#include "remote_dram/limits.h"
#include "store/store.h"

namespace remote_dram::server {

inline constexpr std::chrono::seconds staged_value_lifetime{30};

class StagedValues {
 public:
  explicit StagedValues(net::Loop* loop) : loop_(loop) {}
  StagedValues(const StagedValues&) = delete;
  StagedValues& operator=(const StagedValues&) = delete;
  ~StagedValues() { Clear(); }

  // Replaces an earlier value for the same key. The value is dropped if another one of its transaction was refused.
  void Add(uint64_t transaction, store::Reservation value);
  // Takes all values that came for the transaction.
  store::Ahead Take(uint64_t transaction);
  // One value was refused, so the transaction will fail: drops its values, and those that are still to come.
  void Refuse(uint64_t transaction);
  void Clear();

 private:
  // A client learns of a refusal at the latest when all its requests are answered, so only the last refusals matter.
  static constexpr size_t refused_transactions_max = requests_in_flight_max;

  struct Group {
    store::Ahead values;
    uint64_t timer = 0;
  };

  net::Loop* const loop_;
  std::map<uint64_t, Group> groups_;  // by transaction
  std::set<uint64_t> refused_;
};

}  // namespace remote_dram::server

#endif  // REMOTE_DRAM_SERVER_STAGED_VALUES_H_
