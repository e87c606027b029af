// Status: the functions that need not be inline.
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

Status::Status(StatusCode code, std::string message) : Status(Failure{code, std::move(message)}) {
  assert(code != StatusCode::kOk);
}

Status::Status(Failure failure) : failure_(std::make_shared<const Failure>(std::move(failure))) {}

const std::string& Status::message() const {
  static const std::string none;
  return ok() ? none : failure_->message;
}

Status Status::WithOutcomeUnknown() const {
  if (ok()) return Status();
  return Status(Failure{failure_->code, failure_->message, true});
}

Status Status::WithContext(std::string_view context) const {
  if (ok()) return Status();
  return Status(Failure{failure_->code, std::string(context) + ": " + failure_->message, failure_->outcome_unknown});
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  return std::string(CodeName(code())) + ": " + message();
}

}  // namespace remote_dram
