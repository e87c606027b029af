// ServeStatic: the bound of the gateway: TensorStore's gRPC service over one static buffer.
//
// A read is answered with as many bytes as the key says ("1048576/anything"), each mebibyte of them the same; a
// write is read to its end and forgotten.
// Memory: one mebibyte, which all answers share. Threads: gRPC's. Failure: as the status of the rpc.
#ifndef REMOTE_DRAM_BENCH_WHEEL_STATIC_GATEWAY_H_
#define REMOTE_DRAM_BENCH_WHEEL_STATIC_GATEWAY_H_

namespace remote_dram::bench {

void ServeStatic();  // the child's part

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_WHEEL_STATIC_GATEWAY_H_
