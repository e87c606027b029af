// Bundles: messages survive packing and unpacking, and malformed bundles are refused.
#include "wire/bundle.h"

#include <gtest/gtest.h>

namespace remote_dram::wire {
namespace {

std::string Message(Verb verb, uint64_t request, std::string_view rest) {
  std::string message;
  Append(&message, MessageHeader{.token = 5, .request = request, .verb = static_cast<uint16_t>(verb)});
  return message.append(rest);
}

std::string Entry(std::string_view header, std::string_view payload) {
  std::string entry;
  Append(&entry, BundleEntry{static_cast<uint32_t>(header.size()), static_cast<uint32_t>(payload.size())});
  return entry.append(header).append(payload);
}

const char* FaultOf(std::string_view rest) {
  MessageHeader header;
  std::string_view header_rest, payload;
  return TakeFromBundle(&rest, 5, &header, &header_rest, &payload);
}

TEST(Bundle, BringsItsMessagesInOrder) {
  Bundle bundle;
  const std::string_view pieces[] = {"va", "", "lue"};
  EXPECT_TRUE(bundle.Add(Message(Verb::kPut, 1, "put"), pieces));
  EXPECT_TRUE(bundle.Add(Message(Verb::kStat, 2, "stat"), {}));
  EXPECT_EQ(bundle.count(), 2u);
  std::string_view rest = bundle.Seal(5);
  MessageHeader header;
  ASSERT_EQ(Take(&rest, &header), nullptr);
  EXPECT_EQ(header.Fault(), nullptr);
  EXPECT_EQ(header.token, 5u);
  EXPECT_EQ(static_cast<Verb>(header.verb), Verb::kBundle);
  std::string_view header_rest, payload;
  ASSERT_EQ(TakeFromBundle(&rest, 5, &header, &header_rest, &payload), nullptr);
  EXPECT_EQ(header.request, 1u);
  EXPECT_EQ(header_rest, "put");
  EXPECT_EQ(payload, "value");
  ASSERT_EQ(TakeFromBundle(&rest, 5, &header, &header_rest, &payload), nullptr);
  EXPECT_EQ(header.request, 2u);
  EXPECT_EQ(header_rest, "stat");
  EXPECT_EQ(payload, "");
  EXPECT_TRUE(rest.empty());
}

TEST(Bundle, TakesWhatFitsAndNoLargePayload) {
  Bundle bundle;
  const std::string large(bundled_payload_bytes_max + 1, 'v');
  const std::string_view whole = large, most = whole.substr(1);
  EXPECT_FALSE(bundle.Add(Message(Verb::kPut, 1, ""), std::span(&whole, 1)));
  EXPECT_EQ(bundle.count(), 0u);
  uint32_t count = 0;
  while (bundle.Add(Message(Verb::kPut, 1, ""), std::span(&most, 1))) ++count;
  EXPECT_EQ(count, (bundle_bytes_max - sizeof(MessageHeader)) / (sizeof(BundleEntry) + sizeof(MessageHeader) + most.size()));
  EXPECT_EQ(bundle.count(), count);
  EXPECT_LE(bundle.Seal(1).size(), bundle_bytes_max);
  bundle.Clear();
  EXPECT_EQ(bundle.count(), 0u);
  EXPECT_TRUE(bundle.Add(Message(Verb::kPut, 1, ""), std::span(&most, 1)));
}

TEST(Bundle, WhatNoCorrectPeerSendsIsRefused) {
  const std::string good = Entry(Message(Verb::kStat, 2, "key"), "value");
  EXPECT_EQ(FaultOf(good), nullptr);
  constexpr const char* kBeyond = "a message of a bundle reaches beyond it";
  EXPECT_STREQ(FaultOf(std::string_view(good).substr(0, good.size() - 1)), kBeyond);
  EXPECT_STREQ(FaultOf(std::string_view(good).substr(0, sizeof(BundleEntry) + 1)), kBeyond);
  EXPECT_STREQ(FaultOf(std::string_view(good).substr(0, 3)), "the message is shorter than its header");
  EXPECT_STREQ(FaultOf(Entry("short", "")), "the message is shorter than its header");
  EXPECT_STREQ(FaultOf(Entry(std::string(sizeof(MessageHeader), '\0'), "")), "the token is zero");
  for (const Verb verb : {Verb::kBundle, Verb::kJoin}) {
    EXPECT_STREQ(FaultOf(Entry(Message(verb, 1, ""), "")), "a message that cannot be in a bundle");
  }
  MessageHeader header;
  std::string_view rest = good, header_rest, payload;
  EXPECT_STREQ(TakeFromBundle(&rest, 6, &header, &header_rest, &payload), "a bundle with another session's message");
  std::string huge;
  Append(&huge, BundleEntry{UINT32_MAX, UINT32_MAX});
  EXPECT_STREQ(FaultOf(huge + good), kBeyond);
}

}  // namespace
}  // namespace remote_dram::wire
