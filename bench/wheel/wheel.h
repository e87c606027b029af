// The stock TensorStore wheel as contenders, in a Python process that does one lap when it is told to.
//
// Memory: contenders share the Python process. Threads: one. Failure: Fail.
// Limits: values are multiples of wheel_part_bytes.
#ifndef REMOTE_DRAM_BENCH_WHEEL_WHEEL_H_
#define REMOTE_DRAM_BENCH_WHEEL_WHEEL_H_

#include <cstddef>
#include <cstdint>

namespace remote_dram::bench {

inline constexpr size_t wheel_part_bytes = 1 << 20;

// Of what the wheel reads: each part of a value is the same.
inline uint8_t WheelByte(size_t at) { return static_cast<uint8_t>(at % 251); }

// The child's parts: our gateway, which is a client of our server at `address`, and one in the server's process.
void ServeGateway(const char* address);
void ServeWithGateway();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_WHEEL_WHEEL_H_
