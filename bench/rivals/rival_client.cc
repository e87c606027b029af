// One loop for all loads, except cold gets of one key (Blocking): sends as many requests as may be in flight, then
// receives the replies one by one.
#include "bench/rivals/rival_client.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "bench/child.h"
#include "bench/fail.h"
#include "bench/rivals/protocol.h"
#include "bench/rivals/rival_server.h"
#include "bench/socket.h"

namespace remote_dram::bench {
namespace {

constexpr size_t kStoresUnderWay = 64;
// memcached stops receiving while nobody takes its replies, and some 280 small ones fill a Unix socket.
constexpr size_t kPiecesPerSend = 3 * kStoresUnderWay;

class RivalClient final : public Contender {
 public:
  RivalClient(const std::string& rival, bool tcp)
      : rival_(rival), server_({"--role", "rival " + rival + (tcp ? " tcp" : " unix")}),
        protocol_(ProtocolOf(rival)) {}

  std::string name() const override { return rival_; }
  bool Takes(const Load& load) const override { return load.moves() && (load.verb == Verb::kGet || load.keys == load.batch); }
  void Prepare(const Load& load, Buffers& buffers) override;
  Figures Run(const Load& load, const Pace& pace, Buffers& buffers) override;

 private:
  Lap Blocking(const Load& load, const Pace& pace, Buffers& buffers);
  template <typename Send, typename Receive>
  Lap Pipelined(const Load& load, const Pace& pace, Send send, Receive receive);
  void Read(size_t key, const Load& load, char* to);

  const std::string rival_;
  Child server_;
  const std::unique_ptr<Protocol> protocol_;
  std::vector<Socket> sockets_;
  std::pair<size_t, size_t> held_;  // keys, bytes
};

void RivalClient::Prepare(const Load& load, Buffers& buffers) {
  while (sockets_.size() < static_cast<size_t>(load.clients)) sockets_.push_back(Socket::Connect(server_.line()));
  if (load.verb == Verb::kPut || held_ == std::pair(load.keys, load.bytes)) return;
  Socket& socket = sockets_[0];
  socket.Send({protocol_->Clear()});
  protocol_->ReceiveClear(socket);
  KeyText key;
  for (size_t sent = 0; sent < load.keys;) {
    const size_t step = std::min(kStoresUnderWay, load.keys - sent);
    for (size_t i = 0; i < step; ++i, ++sent) {
      const std::string head = protocol_->SetHead(key.Of(sent), load.bytes);
      socket.Send({head, buffers.Stored(sent, load.bytes), protocol_->SetTail()});
    }
    for (size_t i = 0; i < step; ++i) protocol_->ReceiveSet(socket);
  }
  held_ = {load.keys, load.bytes};
}

void RivalClient::Read(size_t key, const Load& load, char* to) {
  KeyText text;
  sockets_[0].Send({protocol_->Get({std::string(text.Of(key))})});
  protocol_->ReceiveValues(sockets_[0], 1, to, load.bytes);
}

Lap RivalClient::Blocking(const Load& load, const Pace& pace, Buffers& buffers) {
  Walk walk(load.keys, load.round);
  size_t last = 0;
  Lap lap = OneByOne(pace, [this, &load, &buffers, &walk, &last] {
    last = walk.Next();
    Read(last, load, buffers.target.data());
    Require(buffers.Arrived(last), "a rival brought other bytes");
  });
  buffers.RequireArrived(last, load.bytes, rival_);
  return lap;
}

// `send` sends a number of equal requests at once, `receive` receives one reply.
template <typename Send, typename Receive>
Lap RivalClient::Pipelined(const Load& load, const Pace& pace, Send send, Receive receive) {
  const auto clients = static_cast<size_t>(load.clients);
  const auto depth = static_cast<size_t>(load.in_flight);
  std::vector<std::vector<TimePoint>> begun(clients, std::vector<TimePoint>(depth));
  Lap lap(pace, Clock::now());
  bool open = true;
  // A single client sends one request for each reply. Several clients take turns: each receives all its replies, then
  // refills its whole pipeline at once, which needs the fewest system calls.
  const size_t step = clients == 1 ? 1 : depth;
  std::vector<size_t> under_way(clients, depth);
  for (size_t i = 0; i < clients; ++i) {
    begun[i].assign(depth, Clock::now());
    send(sockets_[i], depth);
  }
  for (size_t round = 0; open; ++round) {
    for (size_t i = 0; i < clients; ++i) {
      for (size_t k = 0; k < step; ++k) {
        receive(sockets_[i]);
        const TimePoint now = Clock::now();
        TimePoint& started = begun[i][(round * step + k) % depth];
        open = lap.Record(started, now) && open;
        started = now;
      }
      open ? send(sockets_[i], step) : void(under_way[i] -= step);
    }
  }
  for (size_t i = 0; i < clients; ++i) {
    for (; under_way[i] > 0; --under_way[i]) receive(sockets_[i]);
  }
  return lap;
}

Figures RivalClient::Run(const Load& load, const Pace& pace, Buffers& buffers) {
  char* const target = buffers.target.data();
  std::memset(target, 0, load.items() * load.bytes);
  if (load.verb == Verb::kGet && load.keys > 1 && load.batch == 1) return Blocking(load, pace, buffers).Sum(load.bytes);

  const bool puts = load.verb == Verb::kPut;
  std::vector<std::string> keys;
  KeyText text;
  for (size_t i = 0; i < load.batch; ++i) keys.push_back(puts ? "put" + std::to_string(i) : std::string(text.Of(i)));
  buffers.Restamp();
  const std::string_view value(buffers.source.data(), load.bytes);
  std::vector<std::string> heads;  // puts: the head of a set for each key; gets: one request for all keys
  if (puts) {
    for (const std::string& key : keys) heads.push_back(protocol_->SetHead(key, load.bytes));
  } else {
    heads.push_back(protocol_->Get(keys));
  }
  const auto send = [this, puts, &heads, value](Socket& socket, size_t times) {
    std::vector<std::string_view> pieces;
    for (size_t i = 0; i < times; ++i) {
      for (const std::string& head : heads) {
        pieces.push_back(head);
        if (puts) pieces.insert(pieces.end(), {value, protocol_->SetTail()});
        if (pieces.size() < kPiecesPerSend) continue;
        socket.Send(pieces);
        socket.TakeArrived();
        pieces.clear();
      }
    }
    socket.Send(pieces);
  };
  const auto receive = [this, puts, &load, target](Socket& socket) {
    if (!puts) return protocol_->ReceiveValues(socket, load.batch, target, load.bytes);
    for (size_t i = 0; i < load.batch; ++i) protocol_->ReceiveSet(socket);
  };
  Lap lap = Pipelined(load, pace, send, receive);
  if (puts) {
    sockets_[0].Send({protocol_->Get(keys)});
    protocol_->ReceiveValues(sockets_[0], load.batch, target, load.bytes);
  }
  for (size_t i = 0; i < load.batch; ++i) {
    const std::string_view expected = puts ? value : buffers.Stored(i, load.bytes);
    Require(std::memcmp(target + i * load.bytes, expected.data(), load.bytes) == 0, rival_ + " has other bytes");
  }
  return lap.Sum(load.bytes, load.items());
}

}  // namespace

Contenders MakeRivals(bool tcp) {
  Contenders rivals;
  for (const std::string& rival : kRivals) {
    if (IsInstalled(rival)) rivals.push_back(std::make_unique<RivalClient>(rival, tcp));
  }
  return rivals;
}

}  // namespace remote_dram::bench
