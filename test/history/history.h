// History: the operations of many clients, in any order, read from files or added one by one.
//
//   a file: FileHeader | Operation, its items | Operation, its items | ... | zeros
//
// Memory: owns the mappings of files and copies of added operations; pointers into both are valid as long as the History.
// Mapped files of ten million operations take 1 GiB, of which the kernel may reclaim any part.
// Threads: built by one; const access from any.
// Failure: Open returns what is wrong with a file.
#ifndef REMOTE_DRAM_TEST_HISTORY_HISTORY_H_
#define REMOTE_DRAM_TEST_HISTORY_HISTORY_H_

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "history/record.h"
#include "remote_dram/status.h"

namespace remote_dram::history {

struct FileHeader {
  char magic[8] = {'r', 'd', 'h', 'i', 's', 't', '0', '1'};
};

inline std::span<const Item> ItemsOf(const Operation& operation) {
  return {reinterpret_cast<const Item*>(&operation + 1), operation.items};
}

class History {
 public:
  History() = default;
  History(History&&) = default;
  History& operator=(History&&) = default;

  Status Open(const std::string& file);
  const Operation& Add(Operation operation, std::span<const Item> items);

  const std::vector<const Operation*>& operations() const { return operations_; }

 private:
  std::vector<std::shared_ptr<const void>> maps_;
  std::deque<std::vector<std::byte>> own_;
  std::vector<const Operation*> operations_;
};

// All histories of a folder, combined into one.
Result<History> OpenAll(const std::string& directory);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_HISTORY_H_
