// Frames of the control channel: after any header, parses the input as each type of body.
#include "wire/control.h"

#include "base/check.h"
#include "base/fuzzing.h"
#include "remote_dram/status.h"

namespace remote_dram::fuzz {
namespace {

using namespace wire;

void Check(const HelloVersions& spoken, size_t) {
  RD_CHECK(0 < spoken.version_min && spoken.version_min <= spoken.version_max);
}
void Check(const Hello& hello, size_t tail_bytes) {
  RD_CHECK(0 < hello.version_min && hello.version_min <= hello.version_max);
  RD_CHECK(hello.reserved == 0 && tail_bytes == 0);
}
void Check(const Welcome& welcome, size_t tail_bytes) {
  RD_CHECK(welcome.host_identity_bytes <= tail_bytes);
  RD_CHECK(welcome.shm_address_bytes + welcome.socket_path_bytes == tail_bytes - welcome.host_identity_bytes);
  RD_CHECK(welcome.token != 0 && welcome.incarnation != 0 && welcome.requests_in_flight_max != 0);
}
void Check(const Refused& refused, size_t tail_bytes) {
  RD_CHECK(!Status(static_cast<StatusCode>(refused.code), "").ok());
  RD_CHECK(CodeName(static_cast<StatusCode>(refused.code)) != "" && refused.message_bytes == tail_bytes);
}
void Check(const Attach& attach, size_t tail_bytes) {
  RD_CHECK((static_cast<DataPath>(attach.path) == DataPath::kShm) == (tail_bytes > 0));
}
void Check(const Attached& attached, size_t tail_bytes) {
  RD_CHECK(attached.reserved == 0 && tail_bytes == 0);
}

void Check(const Map& map, size_t tail_bytes) {
  RD_CHECK(map.incarnation != 0 && tail_bytes == 0);
}
void Check(const Mapped& mapped, size_t tail_bytes) { RD_CHECK(mapped.index_bytes != 0 && tail_bytes == 0); }
void Check(const Rings& rings, size_t tail_bytes) { RD_CHECK(rings.made <= 1 && tail_bytes == 0); }
template <typename Fixed>  // BYE, WANT, SEGMENT, DROPPED
void Check(const Fixed& frame, size_t tail_bytes) {
  RD_CHECK(frame.reserved == 0 && tail_bytes == 0);
}

template <typename Body>
void ParseAs(std::string_view bytes) {
  Body body;
  std::string_view tail;
  if (Parse(bytes, &body, &tail) != nullptr) return;
  RD_CHECK(tail.size() == bytes.size() - sizeof body && tail.end() == bytes.end());
  Check(body, tail.size());
}

}  // namespace

void Run(std::string_view input) {
  ControlHeader header;
  std::string_view body;
  if (Parse(input, &header, &body) != nullptr) return;
  ParseAs<HelloVersions>(body);
  ParseAs<Hello>(body);
  ParseAs<Welcome>(body);
  ParseAs<Refused>(body);
  ParseAs<Attach>(body);
  ParseAs<Attached>(body);
  ParseAs<Bye>(body);
  ParseAs<Map>(body);
  ParseAs<Mapped>(body);
  ParseAs<Want>(body);
  ParseAs<Segment>(body);
  ParseAs<Dropped>(body);
  ParseAs<Rings>(body);
}

std::vector<std::string> Seeds() {
  Welcome welcome{.incarnation = 1, .token = 2, .requests_in_flight_max = 3, .host_identity_bytes = 2, .client = {.id_high = 4}};
  welcome.shm_address_bytes = 4;
  return {
      ControlFrame(ControlType::kHello, Hello{.client = {.id_high = 1}}),
      ControlFrame(ControlType::kWelcome, welcome, "idshm-"),
      ControlFrame(ControlType::kRefused, Refused{.code = 9, .message_bytes = 2}, "no"),
      ControlFrame(ControlType::kAttach, Attach{.path = 1, .address_bytes = 4}, "addr"),
      ControlFrame(ControlType::kAttach, Attach{.path = 2}),
      ControlFrame(ControlType::kAttached, Attached{}),
      ControlFrame(ControlType::kBye, Bye{}),
      ControlFrame(ControlType::kMap, Map{.incarnation = 1}),
      ControlFrame(ControlType::kMapped, Mapped{.index_bytes = 1}),
      ControlFrame(ControlType::kSegment, Segment{.bytes = 1, .segment = 2}),
      ControlFrame(ControlType::kDropped, Dropped{.segment = 2}),
      ControlFrame(ControlType::kRings, Rings{.made = 1}),
  };
}

}  // namespace remote_dram::fuzz
