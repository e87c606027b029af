// Status and Result<T>: how every operation of this library reports its outcome.
//
// Memory: values. A Status that is OK is a null pointer, so that calls that succeed pay for nothing more; copies
// of any other share what it tells.
// Threads: as plain values (const access from any thread, no concurrent writes).
// Failure: none of these functions fails. A Result holds either a value or a Status that is not OK.
// The codes carry the canonical numbers shared by gRPC and absl, so that the wire, C++, Python and the
// TensorStore driver have one list.
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
  Status(StatusCode code, std::string message);

  bool ok() const { return failure_ == nullptr; }
  StatusCode code() const { return ok() ? StatusCode::kOk : failure_->code; }
  const std::string& message() const;  // empty if OK

  // True if a mutation failed in such a way that nobody can say whether it was applied.
  bool outcome_unknown() const { return !ok() && failure_->outcome_unknown; }
  Status WithOutcomeUnknown() const;

  // The same failure, told by a caller who knows more: "context: message".
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

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<1>, std::move(value)) {}
  Result(Status status) : state_(std::in_place_index<0>, std::move(status)) {
    assert(!this->status().ok());
  }

  bool ok() const { return state_.index() == 1; }
  // OK if there is a value.
  Status status() const { return ok() ? Status() : std::get<0>(state_); }

  // Only if ok().
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
