// CollectedUpload: the Upload of a store that takes values only as a whole: it keeps the parts, and puts them together.
//
// Memory: holds every part's owner until the Put has answered. The store must outlive it.
// Threads: one at a time. Failure: the Put's.
#ifndef REMOTE_DRAM_BASE_COLLECTED_UPLOAD_H_
#define REMOTE_DRAM_BASE_COLLECTED_UPLOAD_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remote_dram/key_value_store.h"

namespace remote_dram::base {

class CollectedUpload final : public Upload {
 public:
  CollectedUpload(KeyValueStore& store, std::string_view key) : store_(store), key_(key) {}

  void Append(const Pieces& part, std::shared_ptr<const void> owner) override {
    if (part.empty()) return;
    parts_->pieces.insert(parts_->pieces.end(), part.begin(), part.end());
    parts_->owners.push_back(std::move(owner));
  }

  void Commit(const PutOptions& options, Done<WriteResult> done) override {
    store_.Put(key_, parts_->pieces, options,
               [parts = parts_, done = std::move(done)](Result<WriteResult> result) mutable {
                 std::move(done)(std::move(result));
               });
  }

 private:
  struct Parts {
    Pieces pieces;
    std::vector<std::shared_ptr<const void>> owners;
  };

  KeyValueStore& store_;
  const std::string key_;
  const std::shared_ptr<Parts> parts_ = std::make_shared<Parts>();
};

}  // namespace remote_dram::base

#endif  // REMOTE_DRAM_BASE_COLLECTED_UPLOAD_H_
