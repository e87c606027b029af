// Uploads: of a store in this process, which copies parts as they come, and the general one, which collects them.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "server/local_store.h"

namespace remote_dram::server {
namespace {

class UploadTest : public testing::TestWithParam<bool> {
 protected:
  std::unique_ptr<Upload> Start(std::string_view key, uint64_t expected_bytes = 0) {
    return GetParam() ? local_.StartUpload(key, expected_bytes) : local_.KeyValueStore::StartUpload(key, expected_bytes);
  }

  // Appends bytes that exist no longer than the upload needs them.
  static std::weak_ptr<const void> Append(Upload& upload, std::string bytes) {
    const auto owner = std::make_shared<const std::string>(std::move(bytes));
    const std::string_view all = *owner;
    upload.Append({all.substr(0, all.size() / 2), all.substr(all.size() / 2)}, owner);
    return owner;
  }

  // Commits, and destroys the upload before the answer has come.
  static Result<WriteResult> Commit(std::unique_ptr<Upload> upload, const PutOptions& options = {}) {
    Latch latch;
    std::optional<Result<WriteResult>> answer;
    upload->Commit(options, [&latch, &answer](Result<WriteResult> result) {
      answer = std::move(result);
      latch.Set();
    });
    upload.reset();
    latch.Wait();
    return *answer;
  }

  store::Store store_{store::StoreOptions()};
  LocalStore local_{store_, [] { return ServerStat(); }};
};

TEST_P(UploadTest, WritesTheConcatenationOfItsParts) {
  for (const size_t parts : {0, 1, 2, 3, 7}) {
    for (const size_t bytes : {0, 10, 40'000, 300'000}) {
      std::unique_ptr<Upload> upload = Start("k", 500'000);
      std::string value;
      for (size_t i = 0; i < parts; ++i) {
        const std::string part(bytes + i, static_cast<char>('a' + i));
        Append(*upload, part);
        value += part;
      }
      ASSERT_TRUE(Commit(std::move(upload)).ok());
      EXPECT_TRUE(local_.Get("k")->value.bytes() == value) << parts << " parts from " << bytes << " bytes on";
    }
  }
}

TEST_P(UploadTest, IsSeenByNobodyBeforeItIsCommitted) {
  std::unique_ptr<Upload> upload = Start("k");
  for (int i = 0; i < 3; ++i) Append(*upload, "part");
  EXPECT_FALSE(local_.Stat("k")->exists);
  ASSERT_TRUE(Commit(std::move(upload)).ok());
  EXPECT_TRUE(local_.Stat("k")->exists);
}

TEST_P(UploadTest, WritesNothingIfItIsDropped) {
  {
    const std::unique_ptr<Upload> upload = Start("k");
    for (int i = 0; i < 3; ++i) Append(*upload, std::string(100'000, 'x'));
  }
  EXPECT_FALSE(local_.Stat("k")->exists);
  EXPECT_EQ(store_.Usage().memory_bytes, 0u);
}

TEST_P(UploadTest, ObeysTheConditionOfItsCommit) {
  ASSERT_TRUE(local_.Put("k", "old").ok());
  PutOptions options;
  options.if_generation = Generation::Missing();
  for (const int parts : {1, 2}) {
    std::unique_ptr<Upload> upload = Start("k");
    for (int i = 0; i < parts; ++i) Append(*upload, "new");
    EXPECT_EQ(Commit(std::move(upload), options)->state, WriteState::kConditionFailed);
  }
  EXPECT_EQ(local_.Get("k")->value.bytes(), "old");
}

TEST_P(UploadTest, ReportsEveryFailureInItsCommit) {
  for (const int parts : {1, 2}) {
    std::unique_ptr<Upload> upload = Start(std::string(key_bytes_max + 1, 'k'));
    for (int i = 0; i < parts; ++i) Append(*upload, "part");
    EXPECT_EQ(Commit(std::move(upload)).status().code(), StatusCode::kInvalidArgument);
  }
  std::unique_ptr<Upload> late = Start("k");
  for (int i = 0; i < 2; ++i) Append(*late, "part");
  local_.Stop();
  EXPECT_EQ(Commit(std::move(late)).status().ToString(), "UNAVAILABLE: the server was stopped");
}

TEST_P(UploadTest, MayBeDestroyedByItsCompletion) {
  for (int i = 0; i < 100; ++i) {
    std::unique_ptr<Upload> upload = Start("k");
    for (int parts = 0; parts <= i % 3; ++parts) Append(*upload, "part");
    Latch latch;
    Upload* const started = upload.get();
    started->Commit({}, [&latch, &upload](Result<WriteResult>) {
      upload.reset();
      latch.Set();
    });
    latch.Wait();
  }
}

TEST_P(UploadTest, ReleasesEveryPart) {
  std::unique_ptr<Upload> upload = Start("k");
  const std::weak_ptr<const void> first = Append(*upload, "first"), second = Append(*upload, "second");
  EXPECT_EQ(first.expired(), GetParam()) << "only a store in this process needs no part any more";
  EXPECT_EQ(second.expired(), GetParam());
  std::unique_ptr<Upload> single = Start("k");
  const std::weak_ptr<const void> only = Append(*single, "only");
  EXPECT_FALSE(only.expired());
  ASSERT_TRUE(Commit(std::move(upload)).ok());
  ASSERT_TRUE(Commit(std::move(single)).ok());
  local_.Stop();
  // The completion's captures go after it has run.
  while (!first.expired() || !second.expired() || !only.expired()) std::this_thread::yield();
}

INSTANTIATE_TEST_SUITE_P(Stores, UploadTest, testing::Bool(),
                         [](const auto& store) { return store.param ? "InThisProcess" : "Any"; });

}  // namespace
}  // namespace remote_dram::server
