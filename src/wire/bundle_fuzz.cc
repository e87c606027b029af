// Bundles: each message that is taken lies within the input, and, packed again, yields the same bytes.
#include "wire/bundle.h"

#include "base/check.h"
#include "base/fuzzing.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

std::string Bundled(std::string_view header_rest, std::string_view payload) {
  std::string message;
  Append(&message, MessageHeader{.token = 5, .request = 2, .verb = static_cast<uint16_t>(Verb::kPut)});
  Bundle bundle;
  RD_CHECK(bundle.Add(message.append(header_rest), std::span(&payload, 1)));
  return std::string(bundle.Seal(5).substr(sizeof(MessageHeader)));
}

}  // namespace

void Run(std::string_view input) {
  std::string_view rest = input;
  std::string again;
  while (!rest.empty()) {
    MessageHeader header;
    std::string_view header_rest, payload;
    if (TakeFromBundle(&rest, 5, &header, &header_rest, &payload) != nullptr) break;
    RD_CHECK(header.token != 0 && static_cast<Verb>(header.verb) != Verb::kBundle);
    RD_CHECK(payload.end() <= input.end() && header_rest.begin() >= input.begin());
    Append(&again, BundleEntry{static_cast<uint32_t>(sizeof header + header_rest.size()), static_cast<uint32_t>(payload.size())});
    Append(&again, header);
    again.append(header_rest).append(payload);
    RD_CHECK(input.substr(0, again.size()) == again);
  }
}

std::vector<std::string> Seeds() {
  const std::string one = Bundled("put", "value"), other = Bundled("", "");
  return {one, one + other + one, one + other.substr(1), other};
}

}  // namespace remote_dram::fuzz
