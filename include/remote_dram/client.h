// Client: a handle on the store of another process or machine.
//
// Memory: a movable handle. The connection closes once the Client is destroyed and its last pending call has ended.
// Threads: any; calls may overlap and are answered in any order.
// Failure: Connect fails with the reason within connect_timeout. If a connection breaks, its pending calls are sent again
// on a new one until their deadlines; a mutation is applied only once all the same. If nobody listens at the address any
// more, calls fail at once with UNAVAILABLE. A Client belongs to one incarnation of the server: once the server was
// restarted, every call fails with FAILED_PRECONDITION, unless OnRestart::kAccept was chosen. In a forked child, every
// call of a Client of the parent fails with FAILED_PRECONDITION, too.
// Limits: requests_in_flight_max, requests_waiting_max.
#ifndef REMOTE_DRAM_CLIENT_H_
#define REMOTE_DRAM_CLIENT_H_

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "remote_dram/context.h"
#include "remote_dram/key_value_store.h"
#include "remote_dram/limits.h"
#include "remote_dram/path.h"

namespace remote_dram {

// What a Client does once its server was restarted and has therefore lost all data. kFail: every call fails, so that
// lost data cannot be mistaken for keys that never existed. kAccept, for caches: the Client goes on with the new server,
// where no generation of the old one matches.
enum class OnRestart { kFail, kAccept };

struct ClientOptions {
  std::shared_ptr<Context> context;  // null: the Client makes one for itself
  Path path = Path::kAuto;
  OnRestart on_restart = OnRestart::kFail;
  // A file by which client and server authenticate each other over TCP; its format is that of ServerOptions, and its
  // first line is this client's. Empty: no authentication. Not used over a Unix socket.
  std::string credentials_file;
  std::chrono::milliseconds connect_timeout = connect_timeout_default;
  std::chrono::milliseconds timeout = timeout_default;  // of calls whose options leave the timeout at 0
};

class Client final : public KeyValueStore {
 public:
  // Connects to the server at `address`, which is HOST:PORT (IPv4) or unix:PATH. Blocks for at most connect_timeout.
  // PERMISSION_DENIED: the socket is in this user's default directory below /tmp (DefaultSocketPath), and others own or may
  // enter that, so their servers could pose as this user's.
  static Result<Client> Connect(std::string_view address, const ClientOptions& options = {});

  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client() override;

  using KeyValueStore::BatchRead;
  using KeyValueStore::BatchWrite;
  using KeyValueStore::CopyRange;
  using KeyValueStore::Delete;
  using KeyValueStore::DeleteRange;
  using KeyValueStore::Get;
  using KeyValueStore::List;
  using KeyValueStore::Put;
  using KeyValueStore::Stat;
  using KeyValueStore::StatServer;
  using KeyValueStore::Transact;
  using KeyValueStore::Wait;
  void Get(std::string_view key, const GetOptions& options, Done<GetResult> done) override;
  void Put(std::string_view key, const Pieces& value, const PutOptions& options,
           Done<WriteResult> done) override;
  void Delete(std::string_view key, const DeleteOptions& options, Done<WriteResult> done) override;
  void DeleteRange(const KeyRange& range, const DeleteRangeOptions& options,
                   Done<DeleteRangeResult> done) override;
  void List(const KeyRange& range, const ListOptions& options, Done<ListPage> done) override;
  void Stat(std::string_view key, const StatOptions& options, Done<StatResult> done) override;
  void BatchRead(const std::vector<ReadOperation>& operations, const BatchReadOptions& options,
                 Done<BatchReadResult> done) override;
  void BatchWrite(const std::vector<WriteOperation>& operations, const BatchWriteOptions& options,
                  Done<BatchWriteResult> done) override;
  void Transact(const std::vector<WriteOperation>& operations, const TransactOptions& options,
                Done<TransactResult> done) override;
  void CopyRange(const KeyRange& source, const CopyTarget& target, const CopyRangeOptions& options,
                 Done<CopyRangeResult> done) override;
  void Wait(std::string_view key, const WaitOptions& options, Done<StatResult> done) override;
  void StatServer(const StatOptions& options, Done<ServerStat> done) override;

 protected:
  std::optional<GetResult> GetAtOnce(std::string_view key, const GetOptions& options) override;
  std::optional<StatResult> StatAtOnce(std::string_view key, const StatOptions& options) override;
  std::optional<BatchReadResult> BatchReadAtOnce(const std::vector<ReadOperation>& operations,
                                                 const BatchReadOptions& options) override;
  void Await(const std::function<void()>& start, Latch& latch) override;

 private:
  class Shared;
  explicit Client(std::shared_ptr<Shared> shared);
  std::shared_ptr<Shared> shared_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_CLIENT_H_
