// Socket: a blocking stream socket, with a buffer for what arrives in small pieces.
//
// Memory: owns its descriptor. Bulk data is received straight into the caller's memory.
// Threads: one. Failure: Fail. Limits: line_bytes_max.
#ifndef REMOTE_DRAM_BENCH_SOCKET_H_
#define REMOTE_DRAM_BENCH_SOCKET_H_

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace remote_dram::bench {

class Socket {
 public:
  static constexpr size_t line_bytes_max = 64 << 10;

  explicit Socket(int descriptor) : descriptor_(descriptor), buffer_(line_bytes_max, 0) {}
  Socket(Socket&& other) noexcept;
  ~Socket();

  // The address is unix:PATH, or a port of 127.0.0.1.
  static Socket Connect(const std::string& address);

  void Send(const std::vector<std::string_view>& pieces);
  std::string_view ReceiveLine();  // without its LF or CR LF; valid until the next call
  void Receive(char* to, size_t bytes);
  void TakeArrived();  // into the buffer, as far as it has room, without waiting: so the other end can send on
  // From now on, a receiver polls for this time before it sleeps.
  void SpinFor(std::chrono::microseconds time) { spin_ = time; }
  bool IsAtEnd();  // waits until bytes arrive or the stream ends

 private:
  size_t Fill();  // returns the number of bytes that arrived; 0 at the end of the stream
  ssize_t ReceiveSome(char* to, size_t bytes);

  int descriptor_;
  std::string buffer_;
  size_t begin_ = 0, end_ = 0;  // of the unread bytes in the buffer
  std::chrono::microseconds spin_{0};
};

// For servers. FreePort returns a port of 127.0.0.1 that is free at the time of the call.
int ListenUnix(const std::string& path);
int AcceptOne(int listening);  // closes `listening`
int FreePort();
bool CanConnect(const std::string& address);

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_SOCKET_H_
