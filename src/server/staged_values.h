// StagedValues: the values of a session that came ahead of their transactions, and wait for them.
//
// Memory: they lie in the store, which outlives this, and count there. A transaction's values are let go of
// together: taken by it, when one of them was refused, when none has come for staged_value_lifetime, or with
// the session.
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

  // One that came for this key before is replaced. Dropped if another one of the transaction was refused.
  void Add(uint64_t transaction, store::Reservation value);
  // All that came for the transaction.
  store::Ahead Take(uint64_t transaction);
  // One of them was refused, and so will be the transaction: gives back what came and what is still to come.
  void Refuse(uint64_t transaction);
  void Clear();

 private:
  // A client knows of a refusal when all that it sent was answered: only its latest ones matter.
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
