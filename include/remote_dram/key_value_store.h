// KeyValueStore: the one interface to a store of bytes, whether it is in this process or on another machine.
//
// Memory: a call copies its keys and options. The bytes of values to be written, and the memory of GetOptions::into, are
// lent: they must stay valid until the completion runs (the waiting forms return after that).
// Threads: any; calls may overlap. Operations on one key are linearizable.
// Failure (codes are in status.h): INVALID_ARGUMENT: a key, range or option is invalid or over a limit, which the message
// names. OUT_OF_RANGE: a byte range is not inside the value, or the bytes do not fit into `into`. RESOURCE_EXHAUSTED: a
// limit of memory or of pending calls was reached; the message names it. UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED: there
// is no answer; if the call may have changed something, Status::outcome_unknown() is true. FAILED_PRECONDITION: the server
// was restarted, and this handle belongs to its predecessor. A failure never looks like a missing key.
#ifndef REMOTE_DRAM_KEY_VALUE_STORE_H_
#define REMOTE_DRAM_KEY_VALUE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "remote_dram/done.h"
#include "remote_dram/latch.h"
#include "remote_dram/status.h"
#include "remote_dram/upload.h"
#include "remote_dram/verbs.h"

namespace remote_dram {

class KeyValueStore {
 public:
  virtual ~KeyValueStore() = default;

  // The asynchronous forms. `done` runs once, with the result; done.h says when and where.

  // Reads a value, or a byte range of it.
  virtual void Get(std::string_view key, const GetOptions& options, Done<GetResult> done) = 0;
  // Writes a value, which is the concatenation of the pieces.
  virtual void Put(std::string_view key, const Pieces& value, const PutOptions& options,
                   Done<WriteResult> done) = 0;
  // Begins a Put whose value is appended part by part. `expected_bytes`: a guess of the value's size, or 0; a good one saves
  // copies.
  virtual std::unique_ptr<Upload> StartUpload(std::string_view key, uint64_t expected_bytes = 0);
  // Deletes a key. Deleting a key that does not exist succeeds.
  virtual void Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) = 0;
  // Deletes every key of the range; each at its own instant.
  virtual void DeleteRange(const KeyRange& range, const DeleteRangeOptions& options,
                           Done<DeleteRangeResult> done) = 0;
  // Returns one page of the keys of the range, in order, and the sizes of their values.
  virtual void List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) = 0;
  // Tells whether a key exists, its generation and the size of its value.
  virtual void Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) = 0;
  // Perform several operations with one message and one reply. Each operation has its own result in BatchReadResult or
  // BatchWriteResult; an error of the call itself means that there are no results.
  virtual void BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                         Done<BatchReadResult> done) = 0;
  virtual void BatchWrite(const std::vector<WriteOperation>& operations, const BatchWriteOptions& options,
                          Done<BatchWriteResult> done) = 0;
  // Applies all operations at one instant, or none of them if a condition does not hold. Readers, too, see either all of
  // the changes or none.
  virtual void Transact(const std::vector<WriteOperation>& operations, const TransactOptions& options,
                        Done<TransactResult> done) = 0;
  // Copies every key of `source` to a new name inside the server, where original and copy share the bytes; each key at
  // its own instant. Source and target must not overlap. The message of an error says how many keys were copied before.
  virtual void CopyRange(const KeyRange& source, const CopyTarget& target, const CopyRangeOptions& options,
                         Done<CopyRangeResult> done) = 0;
  // Waits until the key's version is not WaitOptions::while_generation; returns at once if it already is another one. It
  // does not poll: a waiting call causes no work until the key changes.
  virtual void Wait(std::string_view key, const WaitOptions& options, Done<StatResult> done) = 0;
  // Returns information about the server and this connection to it.
  virtual void StatServer(const StatOptions& options, Done<ServerStat> done) = 0;

  // The waiting forms of the same verbs: they block the calling thread until the result is there.
  Result<GetResult> Get(std::string_view key, const GetOptions& options = {});
  Result<WriteResult> Put(std::string_view key, std::string_view value, const PutOptions& options = {});
  Result<WriteResult> Put(std::string_view key, const Pieces& value, const PutOptions& options = {});
  Result<WriteResult> Delete(std::string_view key, const DeleteOptions& options = {});
  Result<DeleteRangeResult> DeleteRange(const KeyRange& range, const DeleteRangeOptions& options = {});
  Result<ListPage> List(const KeyRange& range, const ListOptions& options = {});
  Result<StatResult> Stat(std::string_view key, const StatOptions& options = {});
  Result<BatchReadResult> BatchRead(const std::vector<ReadOperation>& operations,
                                    const BatchReadOptions& options = {});
  Result<BatchWriteResult> BatchWrite(const std::vector<WriteOperation>& operations,
                                      const BatchWriteOptions& options = {});
  Result<TransactResult> Transact(const std::vector<WriteOperation>& operations,
                                  const TransactOptions& options = {});
  Result<CopyRangeResult> CopyRange(const KeyRange& source, const CopyTarget& target,
                                    const CopyRangeOptions& options = {});
  Result<StatResult> Wait(std::string_view key, const WaitOptions& options = {});
  Result<ServerStat> StatServer(const StatOptions& options = {});

 protected:
  // Return the result if the calling thread can obtain it without waiting, else nothing. The waiting forms try these
  // first.
  virtual std::optional<GetResult> GetAtOnce(std::string_view, const GetOptions&) { return {}; }
  virtual std::optional<StatResult> StatAtOnce(std::string_view, const StatOptions&) { return {}; }
  virtual std::optional<BatchReadResult> BatchReadAtOnce(const std::vector<ReadOperation>&, const BatchReadOptions&) {
    return {};
  }

  // Runs `start`, which makes the call whose completion sets the latch, and blocks until the latch is set. A store whose
  // answers come through a network may let the waiting thread drive its event loop.
  virtual void Await(const std::function<void()>& start, Latch& latch) {
    start();
    latch.Wait();
  }

 private:
  template <typename T, typename Start>
  Result<T> Block(Start start);
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_KEY_VALUE_STORE_H_
