// Status: the parts that need no inlining.
#include "remote_dram/status.h"

namespace remote_dram {

std::string_view CodeName(StatusCode code) {
  static constexpr std::string_view names[] = {
      "OK",           "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND",    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",      "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS",    "UNAUTHENTICATED"};
  const int number = static_cast<int>(code);
  return number >= 0 && number <= kStatusCodeMax ? names[number] : names[2];
}

Status Status::WithOutcomeUnknown() && {
  outcome_unknown_ = true;
  return std::move(*this);
}

Status Status::WithContext(std::string_view context) const {
  Status told = *this;
  if (!told.ok()) told.message_ = std::string(context) + ": " + message_;
  return told;
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  return std::string(CodeName(code_)) + ": " + message_;
}

}  // namespace remote_dram
