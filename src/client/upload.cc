// Upload: sends the parts ahead, one message after the other, while more of them are still to come, and commits them like a
// transaction of one Put.
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/validate.h"
#include "client/transact_calls.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

// Parts that wait travel together, up to about this. The server may refuse them, for example for lack of memory, but on some
// paths they are sent all the same.
constexpr uint64_t stage_bytes_max = uint64_t{64} << 20;

// The parts stay here until the value is written: whenever the server does not have those that were sent, the whole value is put.
// A value of one part is put, too: there is nothing to come while it travels.
class StagedPut final : public std::enable_shared_from_this<StagedPut> {
 public:
  StagedPut(std::string_view key, uint64_t expected_bytes, uint64_t transaction, Submit stage)
      : key_(key),
        name_("put " + base::Quoted(key)),
        expected_bytes_(expected_bytes),
        transaction_(transaction),
        stage_(std::move(stage)),
        put_whole_(!base::CheckKey("put", key).ok()) {}

  // Whatever the server still has of the value, it drops with the answer to this: a transaction whose condition never holds.
  ~StagedPut() {
    if (pieces_staged_ == 0 || taken_) return;
    WriteOperation never;
    never.kind = WriteOperation::Kind::kCheck;
    never.key = key_;
    never.if_generation = Generation::Foreign();
    stage_(CommitCall("forget", transaction_, {never}, {false}, [kept = stage_](const Result<TransactResult>&) {}));
  }

  const std::string& key() const { return key_; }
  uint64_t value_bytes() const { return base::BytesOf(value_); }

  void Append(const Pieces& part, std::shared_ptr<const void> owner) {
    if (part.empty()) return;
    std::unique_lock lock(mutex_);
    owners_.push_back(std::move(owner));
    value_.insert(value_.end(), part.begin(), part.end());
    if (owners_.size() > 1) StageMore(std::move(lock));
  }

  // `submit`: with the terms of this call. No Append may follow.
  void Commit(const Generation& if_generation, Done<WriteResult>&& done, Submit submit) {
    std::unique_lock lock(mutex_);
    if_generation_ = if_generation;
    done_ = std::move(done);
    submit_ = std::move(submit);
    if (!under_way_) Finish(std::move(lock));
  }

 private:
  // Sends what was not sent yet, if nothing is under way. Calls are submitted without the lock.
  void StageMore(std::unique_lock<std::mutex> lock) {
    if (under_way_ || put_whole_ || pieces_staged_ == value_.size()) return;
    const Part part{.offset = bytes_staged_, .expected_bytes = expected_bytes_};
    Pieces pieces;
    while (pieces_staged_ < value_.size() && bytes_staged_ - part.offset < stage_bytes_max) {
      pieces.push_back(value_[pieces_staged_++]);
      bytes_staged_ += pieces.back().size();
    }
    under_way_ = true;
    lock.unlock();
    stage_(StageCall("put", transaction_, key_, pieces, part,
                     [self = shared_from_this()](Result<bool> staged) { self->OnStaged(staged.ok()); }));
  }

  void OnStaged(bool ok) {
    std::unique_lock lock(mutex_);
    under_way_ = false;
    put_whole_ = put_whole_ || !ok;
    if (submit_ && (put_whole_ || pieces_staged_ == value_.size())) return Finish(std::move(lock));
    StageMore(std::move(lock));
  }

  void Finish(std::unique_lock<std::mutex> lock) {
    const bool whole = put_whole_ || pieces_staged_ == 0;
    lock.unlock();
    if (whole) return PutWhole();
    const WriteOperation put{.kind = WriteOperation::Kind::kPut, .key = key_, .end = "", .value = value_, .if_generation = if_generation_};
    submit_(CommitCall(name_.c_str(), transaction_, {put}, {true},
                       [self = shared_from_this()](Result<TransactResult> result) { self->OnCommitted(std::move(result)); }));
  }

  void OnCommitted(Result<TransactResult> result) {
    taken_ = result.ok() || result.status().code() == StatusCode::kAborted;
    if (result.status().code() == StatusCode::kAborted) return PutWhole();
    if (!result.ok()) return std::move(done_)(result.status());
    const bool applied = result->state == WriteState::kApplied;
    std::move(done_)(WriteResult{result->state, applied ? result->outcomes[0].generation : Generation::Unknown(), result->sequence});
  }

  void PutWhole() {
    submit_(PutCall(key_, value_, {.if_generation = if_generation_},
                    [self = shared_from_this()](Result<WriteResult> result) { std::move(self->done_)(std::move(result)); }));
  }

  const std::string key_;
  const std::string name_;
  const uint64_t expected_bytes_;
  const uint64_t transaction_;
  const Submit stage_;
  std::mutex mutex_;  // until Finish
  Pieces value_;
  std::vector<std::shared_ptr<const void>> owners_;  // one for each part
  size_t pieces_staged_ = 0;  // and sent, or under way
  uint64_t bytes_staged_ = 0;
  bool under_way_ = false;
  bool put_whole_;
  bool taken_ = false;  // the server has used, or dropped, what was sent
  Generation if_generation_;
  Done<WriteResult> done_;
  Submit submit_;  // set by Commit
};

class ClientUpload final : public Upload {
 public:
  ClientUpload(std::shared_ptr<StagedPut> put, BeginPut begin) : put_(std::move(put)), begin_(std::move(begin)) {}

  void Append(const Pieces& part, std::shared_ptr<const void> owner) override { put_->Append(part, std::move(owner)); }
  void Commit(const PutOptions& options, Done<WriteResult> done) override {
    begin_(put_->key(), put_->value_bytes(), options, std::move(done),
           [put = put_, if_generation = options.if_generation](Done<WriteResult>&& kept, Submit submit) {
             put->Commit(if_generation, std::move(kept), std::move(submit));
           });
  }

 private:
  const std::shared_ptr<StagedPut> put_;
  const BeginPut begin_;
};

}  // namespace

std::unique_ptr<Upload> StartUpload(std::string_view key, uint64_t expected_bytes, uint64_t transaction, Submit stage, BeginPut begin) {
  return std::make_unique<ClientUpload>(std::make_shared<StagedPut>(key, expected_bytes, transaction, std::move(stage)),
                                        std::move(begin));
}

}  // namespace remote_dram::client
