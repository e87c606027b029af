// Credentials: parses the lines of a file, and checks that only its owner can access it.
#include "net/credentials.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "net/socket_address.h"

namespace remote_dram::net {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::string_view Trim(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
  return line.substr(0, line.find_last_not_of(kBlank) + 1);
}

bool InName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

// The value of a hexadecimal digit; -1 for any other character.
int ValueOf(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

static_assert(credential_name_bytes_max == 64 && secret_bytes_min == 16 && secret_bytes_max == 64);  // as the texts say

// Returns what is wrong with the line, or null.
const char* ParseLine(std::string_view line, Credential* credential) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return "it is not NAME:HEX";
  const std::string_view name = line.substr(0, colon), digits = line.substr(colon + 1);
  if (name.empty()) return "it has no name";
  if (name.size() > credential_name_bytes_max) return "its name has more than credential_name_bytes_max (64) bytes";
  if (!std::all_of(name.begin(), name.end(), InName)) return "its name has other characters than letters, digits, '.', '_' and '-'";
  if (digits.size() % 2 != 0) return "its secret has an odd number of digits";
  if (digits.size() < 2 * secret_bytes_min) return "its secret has less than secret_bytes_min (16) bytes, which are 32 hexadecimal digits";
  if (digits.size() > 2 * secret_bytes_max) return "its secret has more than secret_bytes_max (64) bytes, which are 128 hexadecimal digits";
  credential->name = name;
  for (size_t i = 0; i < digits.size(); i += 2) {
    const int high = ValueOf(digits[i]), low = ValueOf(digits[i + 1]);
    if (high < 0 || low < 0) return "its secret is not hexadecimal";
    credential->secret.push_back(static_cast<char>(high << 4 | low));
  }
  return nullptr;
}

Status Unusable(StatusCode code, const std::string& file, const std::string& why) {
  return Status(code, "the credentials in " + file + " cannot be used: " + why);
}

std::string Octal(mode_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) digits.push_back(static_cast<char>('0' + (mode >> shift & 7)));
  return digits;
}

Status CheckKeptByThisUser(const struct stat& found, const std::string& file) {
  if (!S_ISREG(found.st_mode)) return Unusable(StatusCode::kFailedPrecondition, file, "it is not a regular file");
  if (found.st_uid != geteuid()) {
    return Unusable(StatusCode::kPermissionDenied, file,
                    "it belongs to user " + std::to_string(found.st_uid) + ", and this is user " + std::to_string(geteuid()));
  }
  if ((found.st_mode & 077) != 0) {
    return Unusable(StatusCode::kPermissionDenied, file,
                    "its mode is " + Octal(found.st_mode) + ", open to others than its owner; chmod 600 closes it");
  }
  if (static_cast<size_t>(found.st_size) > credentials_file_bytes_max) {
    return Unusable(StatusCode::kInvalidArgument, file, "it has more than credentials_file_bytes_max (64 KiB)");
  }
  return Status();
}

}  // namespace

Result<std::vector<Credential>> ParseCredentials(std::string_view text, const std::string& file) {
  std::vector<Credential> all;
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = Trim(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    if (line.empty() || line.front() == '#') continue;
    Credential next;
    const char* fault = ParseLine(line, &next);
    const auto same = [&next](const Credential& other) { return other.name == next.name; };
    if (fault == nullptr && std::any_of(all.begin(), all.end(), same)) fault = "its name stands in a line before";
    if (fault != nullptr) {
      return Unusable(StatusCode::kInvalidArgument, file, "line " + std::to_string(number) + ": " + fault);
    }
    all.push_back(std::move(next));
  }
  if (all.empty()) return Unusable(StatusCode::kInvalidArgument, file, "there is no line NAME:HEX");
  return all;
}

Result<std::vector<Credential>> ReadCredentials(const std::string& file) {
  // O_NONBLOCK, because opening a pipe would otherwise wait for a writer.
  const base::Descriptor opened([&file] { return open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); });
  if (!opened.valid()) {
    const StatusCode code = errno == EACCES ? StatusCode::kPermissionDenied : StatusCode::kFailedPrecondition;
    return Unusable(code, file, base::ErrorText(errno));
  }
  struct stat found;
  if (fstat(opened.fd(), &found) != 0) return Unusable(StatusCode::kFailedPrecondition, file, base::ErrorText(errno));
  if (Status kept = CheckKeptByThisUser(found, file); !kept.ok()) return kept;
  std::string text(static_cast<size_t>(found.st_size), '\0');
  const ssize_t bytes = pread(opened.fd(), text.data(), text.size(), 0);
  if (bytes < 0) return Unusable(StatusCode::kFailedPrecondition, file, base::ErrorText(errno));
  text.resize(static_cast<size_t>(bytes));
  return ParseCredentials(text, file);
}

}  // namespace remote_dram::net
