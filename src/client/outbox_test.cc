// Outbox: which requests are sent alone and which together, and that none is forgotten.
#include "client/outbox.h"

#include <gtest/gtest.h>

#include "client/testing.h"
#include "client/verbs.h"

namespace remote_dram::client {
namespace {

class Recorder final : public net::Endpoint {
 public:
  net::TransferEnded* Send(std::string_view header, std::span<const std::string_view> payload) override {
    headers.emplace_back(header);
    std::string all;
    for (const std::string_view piece : payload) all += piece;
    payloads.push_back(all);
    return nullptr;
  }
  void SendIntroduction(std::string_view) override {}
  std::string Lanes() const override { return ""; }

  std::vector<std::string> headers, payloads;
};

class OutboxTest : public testing::Test {
 protected:
  ~OutboxTest() override {
    for (const std::shared_ptr<Call>& call : calls_) call->Fail(Status(StatusCode::kCancelled, "the test is over"));
    loop_.RunAll();
  }
  Call& Put(std::string_view value, uint64_t request) {
    calls_.push_back(PutCall("key", {value}, {}, [](Result<WriteResult>) {}));
    Call& call = Call::Hold(calls_.back());
    call.Begin(&loop_, &lifeline_);
    call.Send({.token = 5, .request = request, .verb = static_cast<uint16_t>(wire::Verb::kPut)});
    return call;
  }
  // The request numbers in the message: one, or several if it is a bundle.
  std::vector<uint64_t> Requests(size_t message) const {
    std::string_view rest = sent_.headers.at(message);
    wire::MessageHeader header;
    EXPECT_EQ(wire::Take(&rest, &header), nullptr);
    if (static_cast<wire::Verb>(header.verb) != wire::Verb::kBundle) return {header.request};
    std::vector<uint64_t> requests;
    std::string_view header_rest, payload;
    while (!rest.empty()) {
      EXPECT_EQ(wire::TakeFromBundle(&rest, 5, &header, &header_rest, &payload), nullptr);
      requests.push_back(header.request);
    }
    return requests;
  }
  using Numbers = std::vector<uint64_t>;

  Recorder sent_;
  PlainLoop loop_;
  MadeUpLifeline lifeline_;
  Outbox outbox_;

 private:
  std::vector<std::shared_ptr<Call>> calls_;
};

TEST_F(OutboxTest, OneGoesAloneWithItsPayloadWhereItLies) {
  outbox_.Open(&sent_, 5, Outbox::Company::kAll);
  outbox_.Send(Put("value", 1));
  EXPECT_FALSE(outbox_.empty());
  EXPECT_TRUE(sent_.headers.empty());
  outbox_.Flush();
  ASSERT_EQ(sent_.headers.size(), 1u);
  EXPECT_EQ(Requests(0), Numbers{1});
  EXPECT_EQ(sent_.payloads[0], "value");
  outbox_.Flush();
  EXPECT_EQ(sent_.headers.size(), 1u);
}

TEST_F(OutboxTest, SeveralGoTogether) {
  outbox_.Open(&sent_, 5, Outbox::Company::kAll);
  for (const uint64_t request : {1, 2, 3}) outbox_.Send(Put("value", request));
  outbox_.Flush();
  ASSERT_EQ(sent_.headers.size(), 1u);
  EXPECT_EQ(Requests(0), (Numbers{1, 2, 3}));
}

TEST_F(OutboxTest, WhereAMessageCostsLittleTheyGoInHalves) {
  outbox_.Open(&sent_, 5, Outbox::Company::kHalves);
  uint64_t request = 0;
  const auto sizes = [this, &request](size_t count) {
    sent_.headers.clear();
    for (size_t i = 0; i < count; ++i) outbox_.Send(Put("value", ++request));
    outbox_.Flush();
    std::vector<size_t> of_each;
    for (size_t i = 0; i < sent_.headers.size(); ++i) of_each.push_back(Requests(i).size());
    return of_each;
  };
  using Sizes = std::vector<size_t>;
  EXPECT_EQ(sizes(1), Sizes{1});
  EXPECT_EQ(sizes(3), Sizes{3});
  EXPECT_EQ(sizes(8), (Sizes{4, 4}));
  EXPECT_EQ(sizes(20), (Sizes{10, 10}));
  EXPECT_EQ(sizes(50), (Sizes{16, 16, 16, 2}));
  sent_.headers.clear();
  for (const uint64_t number : {1, 2, 3, 4, 5, 6, 7, 8}) outbox_.Send(Put("value", number));
  outbox_.Flush(true);
  EXPECT_EQ(sent_.headers.size(), 1u);
}

TEST_F(OutboxTest, WhatIsLargeGoesAloneAndHoldsUpNobody) {
  const std::string large(wire::bundled_payload_bytes_max + 1, 'v');
  outbox_.Open(&sent_, 5, Outbox::Company::kAll);
  for (const uint64_t request : {1, 2, 3}) outbox_.Send(Put(large, request));
  outbox_.Send(Put("small", 4));
  outbox_.Flush();
  ASSERT_EQ(sent_.headers.size(), 4u);
  for (const size_t i : {0, 1, 2}) {
    EXPECT_EQ(Requests(i), Numbers{i + 1});
    EXPECT_EQ(sent_.payloads[i], large);
  }
  EXPECT_EQ(Requests(3), Numbers{4});
}

TEST_F(OutboxTest, MoreThanFitsGoesInSeveral) {
  const std::string value(1000, 'v');
  outbox_.Open(&sent_, 5, Outbox::Company::kAll);
  for (uint64_t request = 1; request <= 20; ++request) outbox_.Send(Put(value, request));
  outbox_.Flush();
  Numbers all;
  for (size_t i = 0; i < sent_.headers.size(); ++i) {
    for (const uint64_t request : Requests(i)) all.push_back(request);
  }
  EXPECT_GT(sent_.headers.size(), 2u);
  EXPECT_LT(sent_.headers.size(), 6u);
  ASSERT_EQ(all.size(), 20u);
  for (uint64_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i + 1);
}

TEST_F(OutboxTest, ACallThatIsDecidedBeforeTheTurnEndsHasBeenSent) {
  outbox_.Open(&sent_, 5, Outbox::Company::kAll);
  Call& call = Put("value", 1);
  outbox_.Send(call);
  outbox_.Forget(call);
  EXPECT_EQ(sent_.headers.size(), 1u);
  outbox_.Flush();
  EXPECT_EQ(sent_.headers.size(), 1u);
}

TEST_F(OutboxTest, AServerThatTakesNoBundlesGetsEachAtOnce) {
  outbox_.Open(&sent_, 5, Outbox::Company::kNone);
  outbox_.Send(Put("value", 1));
  outbox_.Send(Put("value", 2));
  EXPECT_TRUE(outbox_.empty());
  EXPECT_EQ(sent_.headers.size(), 2u);
}

TEST_F(OutboxTest, NothingIsSentOnceItIsClosed) {
  outbox_.Open(&sent_, 5, Outbox::Company::kAll);
  Call& first = Put("value", 1);
  outbox_.Send(first);
  outbox_.Send(Put("value", 2));
  outbox_.Close();
  outbox_.Forget(first);
  outbox_.Flush();
  EXPECT_TRUE(sent_.headers.empty());
}

}  // namespace
}  // namespace remote_dram::client
