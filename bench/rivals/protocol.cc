// memcached's text protocol, and RESP, the protocol of Redis.
#include "bench/rivals/protocol.h"

#include "bench/fail.h"

namespace remote_dram::bench {
namespace {

void Expect(Socket& socket, std::string_view expected) {
  const std::string_view line = socket.ReceiveLine();
  if (line != expected) Fail("a rival answered \"" + std::string(line) + "\" and not " + std::string(expected));
}

class Memcached final : public Protocol {
  std::string Get(const std::vector<std::string>& keys) const override {
    std::string request = "get";
    for (const std::string& key : keys) request += " " + key;
    return request + "\r\n";
  }
  std::string SetHead(std::string_view key, size_t bytes) const override {
    return "set " + std::string(key) + " 0 0 " + std::to_string(bytes) + "\r\n";
  }
  std::string Clear() const override { return "flush_all\r\n"; }

  void ReceiveValues(Socket& socket, size_t keys, char* to, size_t bytes) const override {
    const std::string size = " " + std::to_string(bytes);
    for (size_t i = 0; i < keys; ++i, to += bytes) {
      const std::string_view line = socket.ReceiveLine();  // VALUE key flags bytes
      Require(line.substr(0, 6) == "VALUE " && line.ends_with(size), "memcached sent another value");
      socket.Receive(to, bytes);
      Expect(socket, "");
    }
    Expect(socket, "END");
  }
  void ReceiveSet(Socket& socket) const override { Expect(socket, "STORED"); }
  void ReceiveClear(Socket& socket) const override { Expect(socket, "OK"); }
};

std::string Bulk(std::string_view bytes) {
  return "$" + std::to_string(bytes.size()) + "\r\n" + std::string(bytes) + "\r\n";
}

class Redis final : public Protocol {
  std::string Get(const std::vector<std::string>& keys) const override {
    std::string request = "*" + std::to_string(keys.size() + 1) + "\r\n" + Bulk(keys.size() == 1 ? "GET" : "MGET");
    for (const std::string& key : keys) request += Bulk(key);
    return request;
  }
  std::string SetHead(std::string_view key, size_t bytes) const override {
    return "*3\r\n" + Bulk("SET") + Bulk(key) + "$" + std::to_string(bytes) + "\r\n";
  }
  std::string Clear() const override { return "*1\r\n" + Bulk("FLUSHALL"); }

  void ReceiveValues(Socket& socket, size_t keys, char* to, size_t bytes) const override {
    if (keys > 1) Expect(socket, "*" + std::to_string(keys));
    const std::string size = "$" + std::to_string(bytes);
    for (size_t i = 0; i < keys; ++i, to += bytes) {
      Expect(socket, size);
      socket.Receive(to, bytes);
      Expect(socket, "");
    }
  }
  void ReceiveSet(Socket& socket) const override { Expect(socket, "+OK"); }
  void ReceiveClear(Socket& socket) const override { Expect(socket, "+OK"); }
};

}  // namespace

std::unique_ptr<Protocol> ProtocolOf(const std::string& rival) {
  if (rival == "redis") return std::make_unique<Redis>();
  Require(rival == "memcached", "there is no rival " + rival);
  return std::make_unique<Memcached>();
}

}  // namespace remote_dram::bench
