// A stream of bytes into a SocketLink over a real socket: frames come out as they went in, and the first one that is too
// long ends the link.
#include <sys/socket.h>

#include <memory>

#include "base/check.h"
#include "base/fuzzing.h"
#include "net/socket_link.h"

namespace remote_dram::fuzz {
namespace {

using net::control_frame_bytes_max;

std::string Framed(std::string_view bytes) {
  return Script().Number(static_cast<uint32_t>(bytes.size())).bytes() + std::string(bytes);
}

class Frames final : public net::ControlEvents {
 public:
  Frames(net::EpollLoop* loop, Latch* closed) : loop_(loop), closed_(closed) {}
  void OnFrame(std::string_view frame) override {
    RD_CHECK(frame.size() <= control_frame_bytes_max);
    together += Framed(frame);
  }
  void OnClosed(net::LinkEnd, const Status& why) override {
    RD_CHECK(!why.ok());
    loop_->AssertHeld();
    loop_->Complete([this] { closed_->Set(); });
  }
  std::string together;

 private:
  net::EpollLoop* const loop_;
  Latch* const closed_;
};

// The complete frames at the front of a stream.
std::string_view WholeFrames(std::string_view stream) {
  Choices choices(stream);
  size_t whole = 0;
  while (!choices.empty()) {
    const auto length = choices.Number<uint32_t>();
    whole += sizeof length + length;
    if (length > control_frame_bytes_max || whole > stream.size())
      return stream.substr(0, whole - sizeof length - length);
    choices.Take(length);
  }
  return stream;
}

}  // namespace

void Run(std::string_view input) {
  static net::EpollLoop& loop = *new net::EpollLoop;  // shared by all runs, because it is expensive to make
  Latch closed;
  Frames frames(&loop, &closed);
  std::unique_ptr<net::SocketLink> link;
  int ends[2];
  RD_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  {
    const base::Descriptor peer([&ends] { return ends[1]; });
    RD_CHECK(send(ends[1], input.data(), input.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(input.size()));
  }
  const auto start = [&] {
    loop.Post([&] {
      loop.AssertHeld();
      link = std::make_unique<net::SocketLink>(&loop, base::Descriptor([&ends] { return ends[0]; }),
                                               &frames);
    });
  };
  loop.RunAndAwait(start, closed);
  loop.RunLast([&link] { link.reset(); });
  RD_CHECK(frames.together == WholeFrames(input));
}

std::vector<std::string> Seeds() {
  const std::string longest(control_frame_bytes_max, 'x');
  return {
      Framed("hello"),
      Framed("a") + Framed("") + Framed("b"),
      Framed(longest) + Framed("behind it"),
      Framed("good") + Framed(longest + "x"),
      Framed("whole") + Framed("cut off").substr(0, 6),
      "HTTP/1.1 400 Bad Request\r\n\r\n",
  };
}

}  // namespace remote_dram::fuzz
