// Mixture: requests of every kind in a random order, on a bounded set of keys, to see whether memory grows.
//
// Memory: the client must outlive it; it holds a few views. Threads: Run by one; the requests run on the client's own
// thread, where each completion begins the next request. Failure: Fail.
#ifndef REMOTE_DRAM_BENCH_MIXTURE_H_
#define REMOTE_DRAM_BENCH_MIXTURE_H_

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "remote_dram/client.h"

namespace remote_dram::bench {

class Mixture {
 public:
  explicit Mixture(Client* client);

  // Makes so many requests and waits for the last.
  void Run(uint64_t requests);
  // Fails unless every kind was among the requests so far.
  void RequireAll() const;

  static std::string Text();  // "30 % get, ..."

 private:
  struct Kind {
    const char* name;
    uint32_t percent;
    void (Mixture::*begin)();
  };
  static const std::vector<Kind>& Kinds();

  void Next();
  template <typename T>
  Done<T> Ended();  // the completion of every kind that has none of its own

  void Get();
  void View();
  void Put();
  void Delete();
  void Stat();
  void List();
  void BatchRead();
  void BatchWrite();
  void Transact();
  void Copy();
  void DeleteRange();
  void Wait();

  std::string RandomKey(const char* prefix);
  std::string RandomCopied(const char* prefix);
  Pieces RandomValue(uint32_t bits);

  Client* const client_;
  const std::string value_;
  std::mt19937 random_{1};
  std::vector<uint64_t> counts_;  // requests of each kind
  std::array<Value, 16> views_;   // replaced at random, while other requests overwrite their keys
  uint64_t left_ = 0;
  int running_ = 0;
  Latch* over_ = nullptr;
};

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_MIXTURE_H_
