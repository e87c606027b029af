// A put sends a length and a value, and one byte comes back; a get sends kReadBack, and the value comes back.
#include "bench/bound/bare_socket.h"

#include <algorithm>
#include <cstring>

#include "bench/bound/bare_server.h"
#include "bench/child.h"
#include "bench/fail.h"
#include "bench/process.h"
#include "bench/socket.h"

namespace remote_dram::bench {
namespace {

constexpr uint64_t kReadBack = ~uint64_t{0};  // in the place of a length: send back the value received last

std::string_view BytesOf(const uint64_t& word) { return {reinterpret_cast<const char*>(&word), sizeof word}; }

class BareSocket final : public Contender {
 public:
  explicit BareSocket(bool spins)
      : spins_(spins), server_({"--role", std::string("bare-socket ") + (spins ? "spinning" : "sleeping")}),
        socket_(Socket::Connect(server_.line())) {
    if (spins) socket_.SpinFor(bare_linger);
  }

  std::string name() const override { return spins_ ? "spinning" : "socket"; }
  bool Takes(const Load& load) const override {
    return load.moves() && load.keys == 1 && load.batch == 1 && load.clients == 1;
  }

  Figures Run(const Load& load, const Pace& pace, Buffers& buffers) override {
    buffers.Restamp();
    const std::string_view value(buffers.source.data(), load.bytes);
    const bool gets = load.verb == Verb::kGet;
    if (gets) {
      Put(value);
      EndPut();
    }
    std::vector<TimePoint> begun(static_cast<size_t>(load.in_flight));
    size_t sent = 0, answered = 0;
    Lap lap(pace, Clock::now());
    for (bool open = true; open || answered < sent; ++answered) {
      for (; open && sent < answered + begun.size(); ++sent) {
        begun[sent % begun.size()] = Clock::now();
        gets ? Get() : Put(value);
      }
      gets ? EndGet(load.bytes, buffers) : EndPut();
      open = lap.Record(begun[answered % begun.size()], Clock::now()) && open;
    }
    Get();
    EndGet(load.bytes, buffers);
    Require(std::memcmp(buffers.target.data(), value.data(), load.bytes) == 0, "the bare socket moved other bytes");
    return lap.Sum(load.bytes);
  }

 private:
  void Put(std::string_view value) {
    const uint64_t bytes = value.size();
    socket_.Send({BytesOf(bytes), value});
  }
  void EndPut() {
    char answer;
    socket_.Receive(&answer, 1);
  }
  void Get() { socket_.Send({BytesOf(kReadBack)}); }
  void EndGet(size_t bytes, Buffers& buffers) { socket_.Receive(buffers.target.data(), bytes); }

  const bool spins_;
  Child server_;
  Socket socket_;
};

}  // namespace

Contenders MakeBareSockets() {
  Contenders modes;
  for (const bool spins : {false, true}) modes.push_back(std::make_unique<BareSocket>(spins));
  return modes;
}

void ServeBareSocket(bool spins) {
  const TemporaryFolder folder;
  std::string received, arriving;  // two, because a value must not be overwritten before the next one is complete
  const int listening = ListenUnix(folder / "socket");
  TellParent("unix:" + (folder / "socket"));
  Socket socket(AcceptOne(listening));
  if (spins) socket.SpinFor(bare_linger);
  for (uint64_t last = 0, bytes = 0; !socket.IsAtEnd();) {
    socket.Receive(reinterpret_cast<char*>(&bytes), sizeof bytes);
    if (bytes == kReadBack) {
      socket.Send({{received.data(), last}});
    } else {
      arriving.resize(std::max<size_t>(arriving.size(), bytes));
      socket.Receive(arriving.data(), bytes);
      received.swap(arriving);
      socket.Send({"a"});
      last = bytes;
    }
  }
}

}  // namespace remote_dram::bench
