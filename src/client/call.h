// Call: one request of a client, from the user's thread to its completion.
//
// A call is decided once: by the reply, an error, its deadline or its cancellation. It finishes when it is decided and no
// transfer touches the user's memory any more: then the completion runs and the memory is the user's again. Until it is
// decided it may be sent more than once, on one connection after another.
// Memory: from Hold until it finishes, a call holds a reference to itself; its connection forgets it when it is decided.
// The memory that `payload` points to, and a Get's target, belong to the user and must stay valid until the call finishes.
// The lifeline must stay valid until the call is decided.
// Threads: may be made on any thread; after that, the loop's role. Failure: the message of Fail says what was tried on
// what. If the call was sent and may have changed something, it also says that the outcome is unknown.
#ifndef REMOTE_DRAM_CLIENT_CALL_H_
#define REMOTE_DRAM_CLIENT_CALL_H_

#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/planted_fault.h"
#include "base/short_vector.h"
#include "net/fabric.h"
#include "net/loop.h"
#include "remote_dram/cancellation.h"
#include "remote_dram/done.h"
#include "remote_dram/value.h"
#include "wire/message.h"

namespace remote_dram::client {

class Call;

// What a call needs of its connection.
class Lifeline {
 public:
  virtual bool ServerIsThere() const = 0;
  // The server broke the protocol: ends the connection and fails every call.
  virtual void Fault(const char* what) = 0;
  // A transfer failed: ends the connection; its calls are sent again on the next one.
  virtual void Broken(const Status& why) = 0;
  // The call is decided: the connection forgets it.
  virtual void OnDecided(Call& call) = 0;
  // The last transfer of the user's memory ended, of a call that is not decided: the call can be sent again.
  virtual void OnReturned() = 0;

 protected:
  ~Lifeline() = default;
};

class Call {
 public:
  // `name`: the verb's name in messages; it must outlive the call.
  Call(wire::Verb verb, const char* name) : verb_(verb), name_(name) {}
  virtual ~Call() = default;

  // The part of the message after the header: the verb's struct and its tail.
  std::span<char> request() { return std::span(message_.data(), message_.size()).subspan(sizeof(wire::MessageHeader)); }
  base::ShortVector<std::string_view, 2> payload;
  std::chrono::milliseconds timeout{0};  // for the message when the deadline passes
  net::TimePoint deadline{};
  Cancellation cancel;
  std::function<void()> cancelled;  // runs when `cancel` is cancelled, on any thread
  std::shared_ptr<const void> keeps;  // kept alive until the completion has run

  // Set by the connection.
  uint64_t order = 0;     // its place among all calls of the connection
  uint64_t slot = 0;      // its request number (see Pending) while it is in flight; else 0
  uint64_t mutation = 0;  // its number among the client's mutations; 0 until it is sent for the first time
  bool gathered = false;  // it waits in the Outbox for the end of the loop's turn

  wire::Verb verb() const { return verb_; }
  bool mutates() const { return wire::Mutates(verb_); }
  bool sent() const { return sent_; }
  bool decided() const { return decided_; }
  bool lent() const { return lent_ > 0; }  // a transfer touches the user's memory
  const std::shared_ptr<Call>& self() const { return self_; }  // null before Hold and once the completion runs

  // Makes the call hold itself until it finishes, so that a plain reference to it is enough from here on.
  static Call& Hold(std::shared_ptr<Call> call) {
    Call& held = *call;
    held.self_ = std::move(call);
    return held;
  }
  // The call must hold itself. Fails it if it is already cancelled.
  void Begin(net::Loop* loop, Lifeline* lifeline);
  // Writes the header into message(). From now on the call counts as sent.
  void Send(const wire::MessageHeader& header);
  std::string_view message() const { return {message_.data(), message_.size()}; }  // with the header, once sent
  // The connection that it was sent on is gone: forgets the reply, if one was being received.
  void Retract();
  // A transfer of the user's memory began. The returned callback must run when the transfer has ended.
  net::TransferEnded Lend();

  // Decides the call with an error. `server_knows_nothing`: the server itself reports that the outcome is unknown.
  void Fail(const Status& why, bool server_knows_nothing = false);
  // Takes the reply: reads its result if its code is OK, else fails.
  void Accept(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival);

 protected:
  // Makes the request: the verb's struct, then the key, if the verb has one.
  template <wire::WireStruct Body>
  void Ask(const Body& body) {
    const wire::Message<Body> message{{}, body};  // Send fills the header in
    std::memcpy(message_.Extend(sizeof message), &message, sizeof message);
  }
  template <wire::WireStruct Body>
  void Ask(const Body& body, std::string_view key) {
    Ask(body);
    key_at_ = message_.size();
    message_.append(key.data(), key.size());
  }

  // What messages say after the verb's name, for a request without a key: " from \"a\"".
  void SetSubject(std::string subject) { subject_ = std::move(subject); }

  // Reads an OK reply. Calls Decide(OK) when everything has arrived, or else Fault or Decide(error).
  virtual void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) = 0;
  // Runs the user's completion, without the loop's role.
  virtual void Finish(const Status& status) = 0;
  void Decide(const Status& status);
  void Fault(const char* what) { lifeline_->Fault(what); }
  // Receives the reply's payload into `to`, then runs `received`, which keeps that memory alive. `lent`: it is the user's
  // memory. If the payload has to be fetched from the server's memory, it counts only if the lifeline is still intact
  // afterwards: a server that ends a session cuts the lifeline before it reuses a block's memory. Else the call is sent
  // again on the next connection.
  template <typename Received>
  void Receive(net::Arrival& arrival, char* to, Received received, bool lent = false) {
    if (!arrival.came_along()) return Fetch(arrival, to, std::move(received), lent);
    const std::string_view bytes = arrival.payload();
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    received();
  }

 private:
  void Fetch(net::Arrival& arrival, char* to, base::Callback<> received, bool lent);
  void OnFetched(int attempt, const Status& status, base::Callback<>& received);
  void FinishIfDone();
  std::string What() const;  // the verb and what it is about: put "a"

  const wire::Verb verb_;
  const char* const name_;
  std::string subject_;
  base::ShortVector<char, 112> message_;  // header, the verb's struct, its tail
  size_t key_at_ = 0;    // offset of the key in message_; 0: the request has no key
  std::shared_ptr<Call> self_;
  net::Loop* loop_ = nullptr;
  Lifeline* lifeline_ = nullptr;
  uint64_t cancel_number_ = 0;
  int lent_ = 0;
  int attempt_ = 0;  // how often it was retracted; a transfer of an earlier attempt is ignored
  bool sent_ = false;
  bool answered_ = false;
  bool decided_ = false;
  bool finished_ = false;  // the completion is scheduled or has run
  Status outcome_;
};

// A call whose completion takes a Result<T>.
template <typename T>
class CallFor : public Call {
 public:
  CallFor(wire::Verb verb, const char* name, Done<T>&& done) : Call(verb, name), done_(std::move(done)) {}

 protected:
  void Finish(const Status& status) override {
    const bool gets = verb() == wire::Verb::kGet || verb() == wire::Verb::kGetWhole;
    const bool lie = gets && base::Planted(base::PlantedFault::kErrorToldAsMissing);
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
