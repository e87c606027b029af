// Lists through the service.
#include "gateway/op_list.h"

#include "gateway/gateway_fixture.h"

namespace remote_dram::gateway {
namespace {

class ListTest : public GatewayFixture {
 protected:
  ListTest() {
    for (const std::string& key : {std::string(), std::string("\0\xff", 2), std::string("a"),
                                   std::string("ab"), std::string("abc"), std::string("b")}) {
      EXPECT_TRUE(store_.KeyValueStore::Put(key, key).ok());
    }
  }

  grpc::Status List(const std::string& begin, const std::string& end, uint64_t strip = 0) {
    proto::ListRequest request;
    request.mutable_range()->set_inclusive_min(begin);
    request.mutable_range()->set_exclusive_max(end);
    request.set_strip_prefix_length(strip);
    grpc::ClientContext context;
    auto reader = stub_->List(&context, request);
    keys_.clear();
    page_sizes_.clear();
    for (proto::ListResponse page; reader->Read(&page);) {
      page_sizes_.push_back(page.entry_size());
      for (const auto& entry : page.entry()) {
        keys_.push_back(entry.key());
        if (strip == 0) {
          EXPECT_EQ(entry.size(), static_cast<int64_t>(entry.key().size()));
        }
      }
    }
    return reader->Finish();
  }

  std::vector<std::string> keys_;
  std::vector<int> page_sizes_;
};

TEST_F(ListTest, HasEveryKeyOfTheRange) {
  ASSERT_TRUE(List("", "").ok());
  EXPECT_EQ(keys_, (std::vector<std::string>{"", std::string("\0\xff", 2), "a", "ab", "abc", "b"}));
  ASSERT_TRUE(List("a", "b").ok());
  EXPECT_EQ(keys_, (std::vector<std::string>{"a", "ab", "abc"}));
  ASSERT_TRUE(List("b", "a").ok());
  EXPECT_TRUE(keys_.empty());
}

TEST_F(ListTest, StripsPrefixes) {
  ASSERT_TRUE(List("a", "b", 2).ok());
  EXPECT_EQ(keys_, (std::vector<std::string>{"", "", "c"}));
}

TEST_F(ListTest, SendsThePagesOfTheStoreOneByOne) {
  for (const size_t page : {1, 2, 3, 4, 6, 7}) {
    store_.page_entries_max = page;
    ASSERT_TRUE(List("", "").ok());
    EXPECT_EQ(keys_.size(), 6u) << page;
    EXPECT_EQ(page_sizes_.size(), (6 + page - 1) / page);
  }
}

TEST_F(ListTest, TellsTheStoresFailure) {
  store_.FailWith(Status(StatusCode::kUnavailable, "gone"));
  EXPECT_EQ(List("", "").error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(keys_.empty());
}

TEST_F(ListTest, RefusesAStoreThatWouldNeverEnd) {
  store_.page_entries_max = 0;  // the store returns an empty page and says that there are more
  EXPECT_EQ(List("", "").error_code(), grpc::StatusCode::INTERNAL);
}

TEST_F(ListTest, RefusesABoundThatIsNoTime) {
  proto::ListRequest request;
  request.mutable_staleness_bound()->set_nanos(-1);
  grpc::ClientContext context;
  EXPECT_EQ(stub_->List(&context, request)->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ListTest, AsksForNoMorePagesWhenTheClientHasLeft) {
  store_.page_entries_max = 1;
  store_.KeepAnswers();
  grpc::ClientContext context;
  auto reader = stub_->List(&context, proto::ListRequest());
  store_.AwaitKept(1);
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  gateway_->Stop();
  store_.ReleaseAnswers();
  ASSERT_TRUE(store_.KeyValueStore::Get("a").ok());  // returns only after the page that was held back was answered
  EXPECT_EQ(store_.lists, 1u);
}

}  // namespace
}  // namespace remote_dram::gateway
