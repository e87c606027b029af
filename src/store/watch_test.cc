// Waiting for a key: any change of it ends the wait, once, and reports the key's new state; nothing else does.
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "store/testing.h"

namespace remote_dram::store {
namespace {

class Watching : public testing::Test {
 protected:
  uint64_t Watch(std::string_view key, const Generation& known) {
    const Result<uint64_t> id = store_.Watch(key, known, [this](const StatResult& now) { told_.push_back(now); });
    EXPECT_TRUE(id.ok());
    return *id;
  }
  Generation Now(std::string_view key) { return store_.Stat(key)->generation; }

  Store store_{TestOptions()};
  std::vector<StatResult> told_;
};

TEST_F(Watching, IsOverAtOnceIfTheVersionIsAnotherOneAlready) {
  Put(store_, "k", "123");
  for (const Generation& known : {Generation::Missing(), Generation::Unknown(), Generation::Value(1, 2), Generation::Foreign()}) {
    told_.clear();
    EXPECT_EQ(Watch("k", known), 0u);
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_TRUE(told_[0].exists);
    EXPECT_EQ(told_[0].generation, Now("k"));
    EXPECT_EQ(told_[0].value_bytes, 3u);
    EXPECT_EQ(told_[0].sequence, 1u);
  }
  EXPECT_EQ(Watch("missing", Generation::Value(1, 2)), 0u);
  EXPECT_FALSE(told_.back().exists);
}

// Everything that can change a key, and whether the key exists afterwards.
struct Change {
  const char* name;
  std::function<void(Store&)> make;
  bool exists;
};

const std::vector<Change>& Changes() {
  using Kind = WriteOperation::Kind;
  const auto transact = [](Store& store, Kind kind, const char* key, const char* end) {
    WriteOperation operation;
    operation.kind = kind;
    operation.key = key;
    operation.end = end;
    EXPECT_TRUE(store.Transact({operation}).ok());
  };
  static const std::vector<Change> changes = {
      {"put", [](Store& store) { Put(store, "k", "new"); }, true},
      {"delete", [](Store& store) { EXPECT_TRUE(store.Delete("k", {}).ok()); }, false},
      {"delete range", [](Store& store) { EXPECT_TRUE(store.DeleteRange(KeyRange::Prefix("k")).ok()); }, false},
      {"put in a transaction", [transact](Store& store) { transact(store, Kind::kPut, "k", ""); }, true},
      {"delete in a transaction", [transact](Store& store) { transact(store, Kind::kDelete, "k", ""); }, false},
      {"range in a transaction", [transact](Store& store) { transact(store, Kind::kDeleteRange, "a", "z"); }, false},
      {"copy",
       [](Store& store) { EXPECT_TRUE(store.CopyRange(KeyRange::Single("other"), {.strip_bytes = 5, .prefix = "k"}).ok()); },
       true},
      {"batch",
       [](Store& store) {
         const WriteOperation deletion{.kind = Kind::kDelete, .key = "k", .end = "", .value = {}, .if_generation = {}};
         EXPECT_TRUE(store.BatchWrite({deletion}).ok());
       },
       false},
  };
  return changes;
}

TEST_F(Watching, IsEndedOnceByWhateverChangesTheKey) {
  for (const Change& change : Changes()) {
    Put(store_, "k", "old");
    Put(store_, "other", "other");
    told_.clear();
    EXPECT_NE(Watch("k", Now("k")), 0u);
    EXPECT_NE(Watch("k", Now("k")), 0u);
    EXPECT_NE(Watch("kk", Generation::Missing()), 0u);
    EXPECT_TRUE(told_.empty()) << change.name;
    change.make(store_);
    ASSERT_EQ(told_.size(), 2u) << change.name;
    for (const StatResult& now : told_) {
      EXPECT_EQ(now.exists, change.exists) << change.name;
      EXPECT_EQ(now.generation, Now("k")) << change.name;
      EXPECT_GE(now.sequence, now.generation.sequence()) << change.name;
    }
    change.make(store_);
    EXPECT_EQ(told_.size(), 2u) << change.name;
  }
}

TEST_F(Watching, ForAKeyToExistIsNotEndedByItsDeletionOrByWhatFails) {
  EXPECT_NE(Watch("k", Generation::Missing()), 0u);
  ASSERT_TRUE(store_.Delete("k", {}).ok());
  ASSERT_TRUE(store_.DeleteRange({}).ok());
  Put(store_, "k", "v", Generation::Value(1, 1));  // refused
  EXPECT_TRUE(told_.empty());
  Put(store_, "k", "v");
  EXPECT_EQ(told_.size(), 1u);
}

TEST_F(Watching, SeesATransactionAsOneChange) {
  Put(store_, "k", "old");
  WriteOperation clear, put;
  clear.kind = WriteOperation::Kind::kDeleteRange;
  put.key = "k";
  EXPECT_NE(Watch("k", Now("k")), 0u);
  ASSERT_TRUE(store_.Transact({clear, put}).ok());
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_TRUE(told_[0].exists);
}

TEST_F(Watching, CanBeTakenBack) {
  const uint64_t id = Watch("k", Generation::Missing());
  const uint64_t other = Watch("k", Generation::Missing());
  EXPECT_TRUE(store_.Unwatch("k", id));
  EXPECT_FALSE(store_.Unwatch("k", id));
  EXPECT_FALSE(store_.Unwatch("another", other));
  Put(store_, "k", "v");
  EXPECT_EQ(told_.size(), 1u);
  EXPECT_FALSE(store_.Unwatch("k", other));
}

TEST_F(Watching, TellsUnderNoLock) {
  std::string read;
  const auto changed = [this, &read](const StatResult&) {
    read = Get(store_, "k").bytes();
    Watch("k", Now("k"));
  };
  ASSERT_TRUE(store_.Watch("k", Generation::Missing(), changed).ok());
  Put(store_, "k", "seen");
  EXPECT_EQ(read, "seen");
  Put(store_, "k", "again");
  EXPECT_EQ(told_.size(), 1u);
}

TEST_F(Watching, RefusesAKeyThatCannotBe) {
  const auto never = [](const StatResult&) { FAIL(); };
  EXPECT_EQ(store_.Watch(std::string(key_bytes_max + 1, 'k'), {}, never).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace remote_dram::store
