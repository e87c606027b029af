// MappedReader on a store, without a server between them: which reads it answers itself, and when it has to ask the server.
#include "client/mapped_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "store/mapped_testing.h"

namespace remote_dram {
namespace {

using client::Attachment;
using client::Mapped;
using client::MappedRead;

class MappedReaderTest : public testing::Test {
 protected:
  MappedReaderTest() {
    store_.emplace(store::TestOptions());
    store::Put(*store_, "key", "value");
    base::Descriptor memory;
    attachment_->hold->pins = *client::PinPage::Make(&memory);
    page_ = *store_->arena().pins().Add(memory);
    attachment_->index_memory = Servers(store_->index()->memory(), store_->index()->bytes());
    EXPECT_EQ(wire::MappedIndex::Open(attachment_->index_memory->bytes(), &attachment_->index), nullptr);
    Mapped::Segments segments;
    for (const uint32_t number : store_->arena().SharedSegments()) {
      const auto shared = store_->arena().Share(number);
      segments.emplace_back(number, Servers(shared->memory, shared->bytes));
    }
    reader_.Publish(std::make_shared<const Mapped>(attachment_, segments));
  }
  static std::shared_ptr<const base::SealedMemory> Servers(const base::Descriptor& memory, uint64_t bytes) {
    return *base::SealedMemory::Map(memory, 0, bytes);
  }

  // Tries each way to read; returns how many were answered without the server.
  int Answered() {
    GetOptions view;
    view.view = true;
    GetResult got;
    StatResult stat;
    BatchReadResult batch;
    ReadOperation one;
    one.key = "key";
    const MappedRead ways[] = {reader_.Get("key", {}, &got), reader_.Get("key", view, &got), reader_.Get("none", {}, &got),
                               reader_.Stat("key", {}, &stat), reader_.BatchRead({one}, {}, &batch)};
    return static_cast<int>(std::count(std::begin(ways), std::end(ways), MappedRead::kAnswered));
  }

  // Two views of one version have the same address; two copies do not.
  bool IsView(const GetOptions& options) {
    GetResult one, other;
    for (GetResult* const result : {&one, &other}) EXPECT_EQ(reader_.Get("key", options, result), MappedRead::kAnswered);
    return one.value.bytes() == "value" && one.value.data() == other.value.data();
  }

  static constexpr int kWays = 5;
  std::optional<store::Store> store_;
  uint64_t page_ = 0;
  const std::shared_ptr<Attachment> attachment_ = std::make_shared<Attachment>();
  client::MappedReader reader_{[](uint32_t) {}};
};

TEST_F(MappedReaderTest, AnswersWhileTheServerLivesAndKeepsItsPins) { EXPECT_EQ(Answered(), kWays); }

TEST_F(MappedReaderTest, AsksOnceTheServerLooksAtItsPinsNoMore) {
  store_->arena().pins().Remove(page_);
  EXPECT_EQ(Answered(), 0);
}

TEST_F(MappedReaderTest, AsksForAKeyWhoseHashBelongsToAnother) {
  const std::string_view value = store_->Lookup("key", {})->bytes();
  const_cast<char*>(value.data())[value.size()] = 'x';  // the block's key, behind the value, is "xey" now
  EXPECT_EQ(Answered(), 1);                             // "none" is still missing
}

TEST_F(MappedReaderTest, AsksOnceTheServerHasGone) {
  store_.reset();
  EXPECT_EQ(Answered(), 0);
}

TEST_F(MappedReaderTest, CopiesWhatWouldPinMoreThanPinnedBytesMaxWhateverTheCallerAllows) {
  client::PinPage& pins = attachment_->pins();
  GetOptions options;
  options.view = true;
  options.view_bytes_max = UINT64_MAX;
  uint64_t* const large = pins.TakeView();
  const uint64_t beside_two_views = pinned_bytes_max - 2 * std::string_view("value").size();
  ASSERT_TRUE(pins.Charge(beside_two_views, UINT64_MAX));
  EXPECT_TRUE(IsView(options));
  ASSERT_TRUE(pins.Charge(1, UINT64_MAX));
  EXPECT_FALSE(IsView(options));
  pins.GiveView(large, beside_two_views + 1);
  EXPECT_TRUE(IsView(options));
}

}  // namespace
}  // namespace remote_dram
