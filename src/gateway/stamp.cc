// Stamps: the client's staleness bound if it is finite, else this host's time.
#include "gateway/stamp.h"

#include <cstdint>
#include <limits>
#include <string>

namespace remote_dram::gateway {
namespace {

constexpr int64_t kInfinitePast = std::numeric_limits<int64_t>::min();
constexpr int64_t kInfiniteFuture = std::numeric_limits<int64_t>::max();
constexpr int64_t kYear1 = -62'135'596'800;        // 0001-01-01T00:00:00Z
constexpr int64_t kYear9999End = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr int32_t kNanosEnd = 1'000'000'000;

}  // namespace

Stamp StampOf(Time now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  Stamp stamp;
  stamp.set_seconds(seconds.time_since_epoch().count());
  stamp.set_nanos(static_cast<int32_t>(std::chrono::nanoseconds(now - seconds).count()));
  return stamp;
}

Result<Stamp> StampFor(const Stamp* bound, Time now) {
  if (!bound || bound->seconds() == kInfinitePast || bound->seconds() == kInfiniteFuture) {
    return StampOf(now);
  }
  if (bound->seconds() < kYear1 || bound->seconds() > kYear9999End) {
    return Status(StatusCode::kInvalidArgument,
                  "staleness_bound: " + std::to_string(bound->seconds()) +
                      " seconds since 1970 is not within the years 1 to 9999");
  }
  if (bound->nanos() < 0 || bound->nanos() >= kNanosEnd) {
    return Status(StatusCode::kInvalidArgument, "staleness_bound: " + std::to_string(bound->nanos()) +
                                                    " is no number of nanoseconds of a second");
  }
  return *bound;
}

}  // namespace remote_dram::gateway
