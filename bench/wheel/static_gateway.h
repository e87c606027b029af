// ServeStatic: the bound of the gateway: TensorStore's gRPC service over one static buffer.
//
// A read is answered with as many bytes as the key says ("1048576/anything"), the same mebibyte again and again; a
// write is received to its end and discarded.
// Memory: one mebibyte, which all answers share. Threads: gRPC's. Failure: as the status of the RPC.
#ifndef REMOTE_DRAM_BENCH_WHEEL_STATIC_GATEWAY_H_
#define REMOTE_DRAM_BENCH_WHEEL_STATIC_GATEWAY_H_

namespace remote_dram::bench {

void ServeStatic();  // runs in the child

}  // namespace remote_dram::bench

#endif  // REMOTE_DRAM_BENCH_WHEEL_STATIC_GATEWAY_H_
