// Credentials: what a file may contain, and who may have access to it.
#include "net/credentials.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace remote_dram::net {
namespace {

const std::string k16 = "000102030405060708090a0b0c0d0e0f", k64 = k16 + k16 + k16 + "F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF";

TEST(Credentials, AreTheLinesThatAreNoComments) {
  const auto all = ParseCredentials("# who may come\n\n  new:" + k64 + " \r\n#old:00\nold.key_1-a:" + k16, "file");
  ASSERT_TRUE(all.ok()) << all.status().ToString();
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].name, "new");
  EXPECT_EQ((*all)[0].secret.size(), secret_bytes_max);
  EXPECT_EQ((*all)[0].secret.back(), '\xff');
  EXPECT_EQ((*all)[1].name, "old.key_1-a");
  EXPECT_EQ((*all)[1].secret, std::string("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f", 16));
}

TEST(Credentials, NameTheLineThatIsWrongAndDoNotQuoteIt) {
  const std::string good = "good:" + k16 + "\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", "there is no line NAME:HEX"},
      {"\n# nothing\n\n", "there is no line NAME:HEX"},
      {good + k16, "line 2: it is not NAME:HEX"},
      {"\n\n:" + k16, "line 3: it has no name"},
      {good + "two words:" + k16, "line 2: its name has other characters"},
      {good + std::string(65, 'n') + ":" + k16, "line 2: its name has more than credential_name_bytes_max (64) bytes"},
      {"a:" + k16.substr(1), "line 1: its secret has an odd number of digits"},
      {"a:", "line 1: its secret has less than secret_bytes_min (16) bytes"},
      {"a:" + k16.substr(2), "line 1: its secret has less than secret_bytes_min (16) bytes"},
      {"a:" + k64 + "00", "line 1: its secret has more than secret_bytes_max (64) bytes"},
      {good + "a:" + k16.substr(2) + "0g", "line 2: its secret is not hexadecimal"},
      {good + "a:" + k16.substr(2) + " 0", "line 2: its secret is not hexadecimal"},
      {good + "#\n" + good, "line 3: its name stands in a line before"},
  };
  for (const auto& [text, says] : cases) {
    const Status status = ParseCredentials(text, "/etc/the file").status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << text;
    EXPECT_NE(status.message().find("the credentials in /etc/the file cannot be used: " + says), std::string::npos) << status.message();
    EXPECT_EQ(status.message().find(k16.substr(4, 8)), std::string::npos) << status.message();
  }
}

class CredentialsFile : public testing::Test {
 protected:
  CredentialsFile() {
    std::ofstream(path_) << "name:" << k16 << "\n";
    chmod(path_.c_str(), 0600);
  }
  ~CredentialsFile() override { unlink(path_.c_str()); }

  void ExpectRefusal(StatusCode code, const std::string& says) {
    const Status status = ReadCredentials(path_).status();
    EXPECT_EQ(status.code(), code);
    EXPECT_NE(status.message().find(path_), std::string::npos) << status.message();
    EXPECT_NE(status.message().find(says), std::string::npos) << status.message();
  }

  const std::string path_ = testing::TempDir() + "rd-credentials-" + std::to_string(getpid());
};

TEST_F(CredentialsFile, IsReadIfItsOwnerAloneCanDoSo) {
  for (const mode_t mode : {0600, 0400, 0700}) {
    chmod(path_.c_str(), mode);
    const auto all = ReadCredentials(path_);
    ASSERT_TRUE(all.ok()) << all.status().ToString();
    EXPECT_EQ(all->front().name, "name");
  }
}

TEST_F(CredentialsFile, IsRefusedIfOthersCouldReadOrWriteIt) {
  for (const auto& [mode, shown] : {std::pair{0640, "0640"}, {0604, "0604"}, {0620, "0620"}, {0602, "0602"}, {0601, "0601"}}) {
    chmod(path_.c_str(), static_cast<mode_t>(mode));
    ExpectRefusal(StatusCode::kPermissionDenied, std::string("its mode is ") + shown);
  }
}

TEST_F(CredentialsFile, IsRefusedIfItIsAnotherUsers) {
  if (chown(path_.c_str(), 12345, gid_t(-1)) != 0) GTEST_SKIP() << "only root can give a file away";
  ExpectRefusal(StatusCode::kPermissionDenied, "it belongs to user 12345");
}

TEST_F(CredentialsFile, IsRefusedIfItIsNoneOrTooLong) {
  std::ofstream(path_, std::ios::app) << std::string(credentials_file_bytes_max, '#');
  ExpectRefusal(StatusCode::kInvalidArgument, "more than credentials_file_bytes_max (64 KiB)");
  unlink(path_.c_str());
  ExpectRefusal(StatusCode::kFailedPrecondition, "no such file");
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  ExpectRefusal(StatusCode::kFailedPrecondition, "it is not a regular file");
}

}  // namespace
}  // namespace remote_dram::net
