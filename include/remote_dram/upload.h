// Upload: a value that is put in parts, for example because its size becomes known only with the last of them.
//
//   store.StartUpload(key) ─► Append ─► Append ─► … ─► Commit: the value is written, at one instant
//
// Memory: the store must outlive it. A store in this process copies each part as it comes, into memory that counts against its
// limit (the first one with the second); others keep the parts until the value is written.
// Threads: one at a time.
// Failure: only Commit reports one, as a Put. An Upload that is destroyed without Commit writes nothing.
// Limits: as a Put. While it is received, a value of several parts takes up to three times its size, or 16 times that of its
// first part if so much is expected.
#ifndef REMOTE_DRAM_UPLOAD_H_
#define REMOTE_DRAM_UPLOAD_H_

#include <memory>

#include "remote_dram/done.h"
#include "remote_dram/value.h"
#include "remote_dram/verbs.h"

namespace remote_dram {

class Upload {
 public:
  virtual ~Upload() = default;

  // Adds bytes to the end of the value. `owner` keeps them alive; it is released when they are no longer needed.
  virtual void Append(const Pieces& part, std::shared_ptr<const void> owner) = 0;

  // Writes the value; an Upload without a part writes an empty one. To be called at most once, as the last call; the Upload
  // may be destroyed before `done` has run, or in it.
  virtual void Commit(const PutOptions& options, Done<WriteResult> done) = 0;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_UPLOAD_H_
