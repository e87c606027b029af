// Status and Result<T>: how every operation of this library reports its outcome.
//
// Memory: plain values. An OK Status is a null pointer, so a successful call allocates nothing for it. Copies of a Status
// that is not OK share its code and message.
// Threads: as plain values (const access from any thread, no concurrent writes).
// Failure: none of these functions fails. A Result holds either a value or a Status that is not OK.
// The codes have the canonical numbers of gRPC and absl, so the wire, C++, Python and the TensorStore driver share one
// list.
#ifndef REMOTE_DRAM_STATUS_H_
#define REMOTE_DRAM_STATUS_H_

#include <cassert>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace remote_dram {

enum class StatusCode : int {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};
inline constexpr int kStatusCodeMax = 16;

// "UNAVAILABLE" and so on; "UNKNOWN" for a number that is not in the list.
std::string_view CodeName(StatusCode code);

class [[nodiscard]] Status {
 public:
  Status() = default;  // OK
  Status(StatusCode code, std::string message);  // `code` must not be kOk

  bool ok() const { return failure_ == nullptr; }
  StatusCode code() const { return ok() ? StatusCode::kOk : failure_->code; }
  const std::string& message() const;  // empty if OK

  // True if a mutation failed and it is unknown whether the server applied it, for example because the connection was
  // lost after the request had been sent.
  bool outcome_unknown() const { return !ok() && failure_->outcome_unknown; }
  // A copy of this status for which outcome_unknown() is true.
  Status WithOutcomeUnknown() const;

  // A copy of this status with a more specific message: "context: message".
  Status WithContext(std::string_view context) const;

  // "UNAVAILABLE: no server at host:12345"; "OK".
  std::string ToString() const;

 private:
  struct Failure {
    StatusCode code;
    std::string message;
    bool outcome_unknown = false;
  };
  explicit Status(Failure failure);

  std::shared_ptr<const Failure> failure_;
};

// Either a T or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<1>, std::move(value)) {}
  // `status` must not be OK.
  Result(Status status) : state_(std::in_place_index<0>, std::move(status)) {
    assert(!this->status().ok());
  }

  bool ok() const { return state_.index() == 1; }
  // OK if there is a value.
  Status status() const { return ok() ? Status() : std::get<0>(state_); }

  // The value. May be called only if ok().
  T& operator*() & { return std::get<1>(state_); }
  const T& operator*() const& { return std::get<1>(state_); }
  T&& operator*() && { return std::get<1>(std::move(state_)); }
  T* operator->() { return &std::get<1>(state_); }
  const T* operator->() const { return &std::get<1>(state_); }

 private:
  std::variant<Status, T> state_;
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_STATUS_H_
