// RemoteDramDriver: TensorStore's key-value store driver for an open store, of this process or of another one.
//
//   op_read.cc         Read                          op_write.cc   Write, Delete, DeleteRange
//   op_read_batch.cc   reads of one Batch            op_list.cc    List
//   transaction.cc     atomic transactions           op_copy.cc    ExperimentalCopyRangeFrom
//
// Memory: keeps the server or the connection alive. Every operation keeps the driver alive until it is answered, so a user
// who drops the last reference cancels and leaks nothing.
// Threads: any. Promises are completed on the executor of data_copy_concurrency, under no lock.
// Failure: the store's codes; the message names the key and the server. A failure never looks like a missing key.
// Time stamps come from this process's clock and are taken before the request is sent.
#ifndef REMOTE_DRAM_DRIVER_DRIVER_H_
#define REMOTE_DRAM_DRIVER_DRIVER_H_

#include <optional>
#include <string>
#include <string_view>

#include "driver/core/stores.h"
#include "driver/spec.h"
#include "tensorstore/kvstore/driver.h"
#include "tensorstore/kvstore/registry.h"
#include "tensorstore/util/executor.h"
#include "tensorstore/util/garbage_collection/fwd.h"

namespace remote_dram::driver {

class RemoteDramDriver : public tensorstore::internal_kvstore::RegisteredDriver<RemoteDramDriver, RemoteDramSpec> {
 public:
  RemoteDramDriver(SpecMembers spec, OpenStore store)
      : spec_(std::move(spec)), settings_(SettingsOf(*spec_.settings)), store_(std::move(store)) {}

  tensorstore::Future<ReadResult> Read(Key key, ReadOptions options) override;
  tensorstore::Future<tensorstore::TimestampedStorageGeneration> Write(Key key, std::optional<Value> value,
                                                                       WriteOptions options) override;
  tensorstore::Future<const void> DeleteRange(tensorstore::KeyRange range) override;
  void ListImpl(ListOptions options, ListReceiver receiver) override;
  tensorstore::Future<const void> ExperimentalCopyRangeFrom(
      const tensorstore::internal::OpenTransactionPtr& transaction, const tensorstore::KvStore& source,
      Key target_prefix, tensorstore::kvstore::CopyRangeOptions options) override;

  absl::Status ReadModifyWrite(tensorstore::internal::OpenTransactionPtr& transaction, size_t& phase, Key key,
                               ReadModifyWriteSource& source) override;
  absl::Status TransactionalDeleteRange(const tensorstore::internal::OpenTransactionPtr& transaction,
                                        tensorstore::KeyRange range) override;
  tensorstore::Future<ReadResult> TransactionalRead(const tensorstore::internal::OpenTransactionPtr& transaction,
                                                    Key key, ReadOptions options) override;
  void TransactionalListImpl(const tensorstore::internal::OpenTransactionPtr& transaction, ListOptions options,
                             ListReceiver receiver) override;

  tensorstore::kvstore::SupportedFeatures GetSupportedFeatures(const tensorstore::KeyRange& range) const override;
  std::string DescribeKey(std::string_view key) override;
  absl::Status GetBoundSpecData(SpecMembers& spec) const;
  void EncodeCacheKey(std::string* out) const override;

  // For the implementations of the operations.
  KeyValueStore& store() { return *store_.store; }
  const OpenStore& open_store() const { return store_; }
  const tensorstore::Executor& executor() const { return spec_.data_copy_concurrency->executor; }
  // The TensorStore error for a failed call. `action` is "reading", "writing" and so on. If the server was restarted, also
  // marks the handle as dead (Stores::GiveUp).
  absl::Status Failure(std::string_view key, std::string_view action, const Status& status);
  // Reads with a call of its own.
  tensorstore::Future<ReadResult> ReadAlone(Key key, ReadOptions options);
  // Adds the read to options.batch, which must be set. The byte range must have a start and an end.
  tensorstore::Future<ReadResult> ReadInBatch(Key key, ReadOptions options);

 private:
  const SpecMembers spec_;
  const Settings settings_;
  const OpenStore store_;
};

}  // namespace remote_dram::driver

TENSORSTORE_DECLARE_GARBAGE_COLLECTION_NOT_REQUIRED(remote_dram::driver::RemoteDramDriver)

#endif  // REMOTE_DRAM_DRIVER_DRIVER_H_
