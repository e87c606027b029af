// A stream of bytes into a RingChannel: messages come out as they went in, and the first malformed one ends the channel.
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/fuzzing.h"
#include "net/ring_channel.h"

namespace remote_dram::fuzz {
namespace {

using net::message_header_bytes_max;
using net::MessageReader;

constexpr uint64_t kFetchedBytesMax = net::ring_bytes / 2;  // a hostile peer may announce any size; larger payloads are skipped

struct Message {
  std::string header, payload;
  friend bool operator==(const Message&, const Message&) = default;
};

bool IsFetched(uint64_t payload_bytes) {
  return payload_bytes > MessageReader::payload_along_bytes_max && payload_bytes <= kFetchedBytesMax;
}

class Inbox final : public net::MessageSink {
 public:
  void OnMessage(net::Arrival& arrival) override {
    Message& next = messages.emplace_back(Message{std::string(arrival.header()), ""});
    if (arrival.came_along()) {
      next.payload = arrival.payload();
    } else if (IsFetched(arrival.payload_bytes())) {
      next.payload.assign(arrival.payload_bytes(), '\0');
      arrival.Fetch(next.payload.data(), [&next](const Status& fetched) {
        if (!fetched.ok()) next.payload = "broken off";
      });
    }
  }
  std::deque<Message> messages;  // a deque, because the target of a fetch must not move
};

// The messages of a stream, parsed independently of the code under test.
std::deque<Message> MessagesOf(std::string_view stream) {
  constexpr size_t prefix_bytes = 16;
  std::deque<Message> messages;
  while (stream.size() >= prefix_bytes) {
    Choices prefix(stream);
    const auto header_bytes = prefix.Number<uint32_t>(), reserved = prefix.Number<uint32_t>();
    const auto payload_bytes = prefix.Number<uint64_t>();
    stream.remove_prefix(prefix_bytes);
    if (header_bytes == 0 || header_bytes > message_header_bytes_max || reserved != 0 || stream.size() < header_bytes) break;
    Message& next = messages.emplace_back(Message{std::string(stream.substr(0, header_bytes)), ""});
    stream.remove_prefix(header_bytes);
    const std::string_view payload = stream.substr(0, payload_bytes);
    const bool along = payload_bytes <= MessageReader::payload_along_bytes_max, whole = payload.size() == payload_bytes;
    if (along && !whole) {
      messages.pop_back();
      break;
    }
    if (along || IsFetched(payload_bytes)) next.payload = whole ? payload : "broken off";
    stream.remove_prefix(payload.size());
  }
  return messages;
}

std::string Framed(const std::string& header, const std::string& payload) {
  const auto header_bytes = static_cast<uint32_t>(header.size());
  return Script().Number(header_bytes).Number(uint32_t{0}).Number(uint64_t{payload.size()}).bytes() + header + payload;
}

}  // namespace

void Run(std::string_view input) {
  static net::EpollLoop& loop = *new net::EpollLoop;  // shared by all runs, because it is expensive to make
  Latch broken;
  Inbox inbox;
  std::unique_ptr<net::Endpoint> endpoint;
  Result<net::RingPair> pair = net::RingPair::Make();
  RD_CHECK(pair.ok());
  {
    Result<net::PairEnd> stranger = net::PairEnd::Receive(pair->peers);
    RD_CHECK(stranger.ok());
    input = input.substr(0, stranger->out.Room(net::ring_bytes));
    stranger->out.Put(input);
    RD_CHECK(!stranger->out.Publish());
  }
  pair->peers.Close();
  const auto start = [&] {
    loop.Post([&] {
      loop.AssertHeld();
      endpoint = *net::MakeRingEndpoint(&loop, &inbox, std::move(pair->own), [&](const Status& why) {
        RD_CHECK(!why.ok());
        loop.AssertHeld();
        loop.Complete([&broken] { broken.Set(); });
      });
    });
  };
  loop.RunAndAwait(start, broken);
  loop.RunLast([&endpoint] { endpoint.reset(); });
  RD_CHECK(inbox.messages == MessagesOf(input));
}

std::vector<std::string> Seeds() {
  const std::string longest(message_header_bytes_max, 'h'), large(MessageReader::payload_along_bytes_max + 1, 'p');
  return {
      Framed("header", "payload"),
      Framed("a", "") + Framed(longest, std::string(MessageReader::payload_along_bytes_max, 'p')) + Framed("b", ""),
      Framed("fetched", large) + Framed("behind it", ""),
      Framed("cut off", large).substr(0, 100),
      Framed("too large to be fetched", std::string(kFetchedBytesMax + 1, 'p')) + Framed("behind it", "."),
      Framed("good", "") + Framed(longest + "h", ""),
      Framed("good", "") + Script().Number(uint32_t{1}).Number(uint32_t{1}).Number(uint64_t{0}).bytes() + "?",
      "HTTP/1.1 400 Bad Request\r\n\r\n",
  };
}

}  // namespace remote_dram::fuzz
