// Call: one request of a client, from the user's thread to its completion.
//
// It is decided once: by the reply, by an error, by its deadline. It finishes, that is, its completion runs
// and the user's memory is the user's again, when it is decided and no transfer touches that memory. Until
// then it may be sent more than once, on one connection after another.
// Memory: shared by the connection and by the transfers under way. `payload` and a Get's target are the
// user's; what they point at stays until the call finishes.
// Threads: made anywhere, then the loop's role. Failure: Fail tells what was tried, on what, and, if it was
// sent and could have changed something, that nobody knows whether it did.
#ifndef REMOTE_DRAM_CLIENT_CALL_H_
#define REMOTE_DRAM_CLIENT_CALL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/planted_fault.h"
#include "net/fabric.h"
#include "net/loop.h"
#include "remote_dram/cancellation.h"
#include "remote_dram/done.h"
#include "remote_dram/value.h"
#include "wire/message.h"

namespace remote_dram::client {

// What a call needs of the connection that it went out on.
class Lifeline {
 public:
  virtual bool ServerIsThere() const = 0;
  // The server broke the protocol: the connection ends, and every call fails.
  virtual void Fault(const char* what) = 0;
  // A transfer broke off: the connection ends, and its calls are sent again on the next.
  virtual void Broken(const Status& why) = 0;

 protected:
  ~Lifeline() = default;
};

class Call : public std::enable_shared_from_this<Call> {
 public:
  // `what`: the verb and the key as messages show them, put "a".
  Call(wire::Verb verb, std::string what, bool mutates) : verb_(verb), what_(std::move(what)), mutates_(mutates) {}
  virtual ~Call() = default;

  // The verb's struct and its tail, as they follow the MessageHeader.
  std::string request;
  Pieces payload;
  std::chrono::milliseconds timeout{0};  // as it was asked for
  net::TimePoint deadline{};
  Cancellation cancel;
  std::function<void()> cancelled;  // what cancelling it does, from any thread

  // The connection's notes.
  uint64_t order = 0;     // among all of its calls
  uint64_t slot = 0;      // its number while it is in flight; 0: it is not
  uint64_t mutation = 0;  // its number among the client's mutations, from the first sending on

  wire::Verb verb() const { return verb_; }
  bool mutates() const { return mutates_; }
  bool sent() const { return sent_; }
  bool decided() const { return decided_; }
  bool lent() const { return lent_ > 0; }  // a transfer touches the user's memory

  // `release` runs when the call is decided, `returned` when no transfer touches the user's memory any more
  // although it is not.
  void Begin(net::Loop* loop, base::Callback<> release, base::Callback<> returned);
  void MarkSent() { sent_ = true; }
  // The connection that it was sent on is gone, with whatever came of it.
  void Retract();
  // A transfer of the user's memory began; the returned callback says that it ended.
  net::TransferEnded Lend();

  void Fail(const Status& why, bool server_knows_nothing = false);
  // A reply that is OK.
  void Accept(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival,
              const std::shared_ptr<Lifeline>& lifeline);

 protected:
  // Reads the reply; Decide(OK) when everything has arrived, or else lifeline.Fault or Decide(error).
  virtual void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival,
                    const std::shared_ptr<Lifeline>& lifeline) = 0;
  // Runs the user's completion, off the loop.
  virtual void Finish(const Status& status) = 0;
  void Decide(const Status& status);
  // Receives the reply's payload at `to`, which `fetched` keeps alive, then runs `fetched`; `ended` runs in any
  // case when the transfer is over. A server that ends a session cuts the lifeline before it reuses a block's
  // memory: what was fetched from there counts only while that holds, else the call is to be sent again.
  void Fetch(net::Arrival& arrival, char* to, const std::shared_ptr<Lifeline>& lifeline, base::Callback<> fetched,
             net::TransferEnded ended = [](const Status&) {});

 private:
  void OnFetched(int attempt, bool came_along, const Status& received, Lifeline& lifeline, base::Callback<>& fetched);
  void FinishIfDone();

  const wire::Verb verb_;
  const std::string what_;
  const bool mutates_;
  net::Loop* loop_ = nullptr;
  base::Callback<> release_;
  base::Callback<> returned_;
  uint64_t cancel_number_ = 0;
  int lent_ = 0;
  int attempt_ = 0;  // how often it was retracted
  bool sent_ = false;
  bool answered_ = false;
  bool decided_ = false;
  bool finished_ = false;
  Status outcome_;
};

// A call whose completion takes a Result<T>.
template <typename T>
class CallFor : public Call {
 public:
  CallFor(wire::Verb verb, std::string what, bool mutates, Done<T> done)
      : Call(verb, std::move(what), mutates), done_(std::move(done)) {}

 protected:
  void Finish(const Status& status) override {
    const bool lie = verb() == wire::Verb::kGet && base::Planted(base::PlantedFault::kErrorToldAsMissing);
    if (status.ok() || lie) {
      std::move(done_)(std::move(result));
    } else {
      std::move(done_)(status);
    }
  }

  T result;

 private:
  Done<T> done_;
};

}  // namespace remote_dram::client

#endif  // REMOTE_DRAM_CLIENT_CALL_H_
