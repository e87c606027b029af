// Convert: statuses, values and results.
#include "driver/convert.h"

#include <string_view>

namespace remote_dram::driver {

absl::Status ToAbsl(const Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.code()), status.message());
}

absl::Cord AsCord(Value value) {
  const std::string_view bytes = value.bytes();
  if (bytes.empty()) return absl::Cord();
  return absl::MakeCordFromExternal(bytes, [value = std::move(value)] {});
}

Pieces PiecesOf(const absl::Cord& cord) {
  Pieces pieces;
  for (const std::string_view chunk : cord.Chunks()) pieces.push_back(chunk);
  return pieces;
}

tensorstore::kvstore::ReadResult ToTensorStore(GetResult result, absl::Time time) {
  using tensorstore::kvstore::ReadResult;
  tensorstore::TimestampedStorageGeneration stamp(ToTensorStore(result.generation), time);
  switch (result.state) {
    case ReadState::kMissing:
      return ReadResult::Missing(std::move(stamp));
    case ReadState::kConditionFailed:
      return ReadResult::Unspecified(std::move(stamp));
    case ReadState::kValue:
      break;
  }
  return ReadResult::Value(AsCord(std::move(result.value)), std::move(stamp));
}

}  // namespace remote_dram::driver
