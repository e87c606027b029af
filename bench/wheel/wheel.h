// The stock TensorStore wheel as contenders, in a Python process that runs one lap on command.
//
// Memory: contenders share the Python process. Threads: one. Failure: Fail.
// Limits: values are multiples of wheel_part_bytes.
#ifndef REMOTE_DRAM_BENCH_WHEEL_WHEEL_H_
#define REMOTE_DRAM_BENCH_WHEEL_WHEEL_H_

#include <cstddef>
#include <cstdint>

namespace remote_dram::bench {

inline constexpr size_t wheel_part_bytes = 1 << 20;

// Byte `at` of a part; all parts of the values that the wheel moves are equal.
inline uint8_t WheelByte(size_t at) { return static_cast<uint8_t>(at % 251); }

// Run in the child: our gateway as a client of our server at `address`, and a gateway in the server's own process.
void ServeGateway(const char* address);
void ServeWithGateway();

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_WHEEL_WHEEL_H_
