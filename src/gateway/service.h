// Service: passes each rpc of KvStoreService to the op_*.cc file that implements it.
//
// Memory: refers to the store, which must outlive it.
// Threads: gRPC's.
// Failure: see the op_*.h of each rpc.
// Limits: value_bytes_max.
#ifndef REMOTE_DRAM_GATEWAY_SERVICE_H_
#define REMOTE_DRAM_GATEWAY_SERVICE_H_

#include <cstdint>

#include "gateway/kvstore.grpc.pb.h"
#include "gateway/op_delete.h"
#include "gateway/op_list.h"
#include "gateway/op_read.h"
#include "gateway/op_write.h"

namespace remote_dram::gateway {

// Read and Write use gRPC's raw methods, which pass encoded messages: a Read sends values without copying them, and a
// Write has to distinguish a malformed message from the end of the stream.
using Rpcs = tensorstore_grpc::kvstore::KvStoreService;
using RawRead = Rpcs::WithRawCallbackMethod_Read<Rpcs::Service>;
using RawReadWrite = Rpcs::WithRawCallbackMethod_Write<RawRead>;
using ServiceBase = Rpcs::WithCallbackMethod_Delete<Rpcs::WithCallbackMethod_List<RawReadWrite>>;

class Service final : public ServiceBase {
 public:
  Service(KeyValueStore& store, uint64_t value_bytes_max)
      : store_(store), value_bytes_max_(value_bytes_max) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* Read(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request) override {
    return StartRead(store_, context, request);
  }
  grpc::ServerReadReactor<grpc::ByteBuffer>* Write(grpc::CallbackServerContext* context,
                                                   grpc::ByteBuffer* response) override {
    return StartWrite(store_, sizes_, value_bytes_max_, context, response);
  }
  grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context,
                                   const tensorstore_grpc::kvstore::DeleteRequest* request,
                                   tensorstore_grpc::kvstore::DeleteResponse* response) override {
    return StartDelete(store_, context, *request, response);
  }
  grpc::ServerWriteReactor<tensorstore_grpc::kvstore::ListResponse>* List(
      grpc::CallbackServerContext* context,
      const tensorstore_grpc::kvstore::ListRequest* request) override {
    return StartList(store_, context, *request);
  }

 private:
  KeyValueStore& store_;
  const uint64_t value_bytes_max_;
  ValueSizes sizes_;
};

}  // namespace remote_dram::gateway

#endif  // REMOTE_DRAM_GATEWAY_SERVICE_H_
