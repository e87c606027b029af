// Url: parsing and formatting, and which texts are refused.
#include "driver/core/url.h"

#include <gtest/gtest.h>

namespace remote_dram::driver {
namespace {

TEST(Url, HasAnAddressAndAPath) {
  const Result<Place> place = ParseUrl("remote-dram://host-a:12345/volume/a b");
  ASSERT_TRUE(place.ok()) << place.status().ToString();
  EXPECT_EQ(place->address, "host-a:12345");
  EXPECT_EQ(place->path, "volume/a b");
}

TEST(Url, MayEndAfterTheAddress) {
  for (const char* url : {"remote-dram://h:1", "remote-dram://h:1/"}) {
    const Result<Place> place = ParseUrl(url);
    ASSERT_TRUE(place.ok()) << place.status().ToString();
    EXPECT_EQ(place->address, "h:1");
    EXPECT_EQ(place->path, "");
  }
}

TEST(Url, KeepsEveryByteOfAPathOnTheWayThereAndBack) {
  std::string every_byte = "//";
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const Result<Place> place = ParseUrl(FormatUrl("h:1", every_byte));
  ASSERT_TRUE(place.ok()) << place.status().ToString();
  EXPECT_EQ(place->path, every_byte);
}

TEST(Url, HidesTheSlashesOfAUnixSocket) {
  const std::string url = FormatUrl("unix:/run/mine.sock", "a/b");
  EXPECT_EQ(url, "remote-dram://unix:%2Frun%2Fmine.sock/a/b");
  EXPECT_EQ(ParseUrl(url)->address, "unix:/run/mine.sock");
}

TEST(Url, EscapesWhatSeparatesThePartsOfTensorStoresUrls) {
  EXPECT_EQ(FormatUrl("h:1", "a@b|c?d#e%"), "remote-dram://h:1/a%40b%7Cc%3Fd%23e%25");
}

TEST(Url, IsRefusedWithTheReason) {
  const struct {
    const char* url;
    const char* why;
  } refused[] = {{"remote_dram://h:1/", "it begins otherwise"}, {"h:1/path", "it begins otherwise"},
                 {"remote-dram:///path", "the address is empty"}, {"remote-dram://h:1/a?b", "query"},
                 {"remote-dram://h:1/a#b", "fragment"},           {"remote-dram://h:1/%4", "two hexadecimal digits"},
                 {"remote-dram://h:1/%g0", "two hexadecimal digits"}};
  for (const auto& [url, why] : refused) {
    const Result<Place> place = ParseUrl(url);
    ASSERT_FALSE(place.ok()) << url;
    EXPECT_EQ(place.status().code(), StatusCode::kInvalidArgument);
    EXPECT_NE(place.status().message().find(url), std::string::npos) << place.status().message();
    EXPECT_NE(place.status().message().find(why), std::string::npos) << place.status().message();
  }
}

}  // namespace
}  // namespace remote_dram::driver
