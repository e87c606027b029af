// Call: one request of a client, from the user's thread to its completion.
//
// It is decided once: by the reply, by an error, by its deadline. It finishes, that is, its completion runs
// and the user's memory is the user's again, when it is decided and no transfer touches that memory. Until
// then it may be sent more than once, on one connection after another.
// Memory: from Begin on a call owns itself until it finishes; its connection forgets it when it is decided.
// `payload` and a Get's target are the user's; what they point at stays until the call finishes. Its lifeline
// stays until it is decided.
// Threads: made anywhere, then the loop's role. Failure: Fail tells what was tried, on what, and, if it was
// sent and could have changed something, that nobody knows whether it did.
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
  // The server broke the protocol: the connection ends, and every call fails.
  virtual void Fault(const char* what) = 0;
  // A transfer broke off: the connection ends, and its calls are sent again on the next.
  virtual void Broken(const Status& why) = 0;
  // The call was decided: forgets it.
  virtual void OnDecided(Call& call) = 0;
  // No transfer touches the user's memory any more, of a call that is not decided.
  virtual void OnReturned() = 0;

 protected:
  ~Lifeline() = default;
};

class Call {
 public:
  // `name`: of the verb, as messages show it.
  Call(wire::Verb verb, const char* name, bool mutates) : verb_(verb), name_(name), mutates_(mutates) {}
  virtual ~Call() = default;

  // The verb's struct and its tail, as they are sent.
  std::span<char> request() { return std::span(message_.data(), message_.size()).subspan(sizeof(wire::MessageHeader)); }
  base::ShortVector<std::string_view, 2> payload;
  std::chrono::milliseconds timeout{0};  // as it was asked for
  net::TimePoint deadline{};
  Cancellation cancel;
  std::function<void()> cancelled;  // what cancelling it does, from any thread
  std::shared_ptr<const void> keeps;  // until its completion ran

  // The connection's notes.
  uint64_t order = 0;     // among all of its calls
  uint64_t slot = 0;      // its number while it is in flight; 0: it is not
  uint64_t mutation = 0;  // its number among the client's mutations, from the first sending on
  bool gathered = false;  // it goes out when the turn of the loop ends

  wire::Verb verb() const { return verb_; }
  bool mutates() const { return mutates_; }
  bool sent() const { return sent_; }
  bool decided() const { return decided_; }
  bool lent() const { return lent_ > 0; }  // a transfer touches the user's memory
  const std::shared_ptr<Call>& self() const { return self_; }  // null: it has not begun, or its completion ran

  // With the reference that it has to itself.
  void Begin(std::shared_ptr<Call> self, net::Loop* loop, Lifeline* lifeline);
  // From now on it is taken for sent, with this header.
  void Send(const wire::MessageHeader& header);
  std::string_view message() const { return {message_.data(), message_.size()}; }  // as it was sent
  // The connection that it was sent on is gone, with whatever came of it.
  void Retract();
  // A transfer of the user's memory began; the returned callback says that it ended.
  net::TransferEnded Lend();

  void Fail(const Status& why, bool server_knows_nothing = false);
  // A reply that is OK.
  void Accept(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival);

 protected:
  // The request: the verb's struct, and the key that it is about or nothing.
  template <wire::WireStruct Body>
  void Ask(const Body& body) {
    const wire::Message<Body> message{{}, body};  // the header: see Send
    std::memcpy(message_.Extend(sizeof message), &message, sizeof message);
  }
  template <wire::WireStruct Body>
  void Ask(const Body& body, std::string_view key) {
    Ask(body);
    key_at_ = message_.size();
    message_.append(key.data(), key.size());
  }

  // Of what it is, if that is not a key: " from \"a\"".
  void SetSubject(std::string subject) { subject_ = std::move(subject); }

  // Reads the reply; Decide(OK) when everything has arrived, or else Fault or Decide(error).
  virtual void Read(const wire::MessageHeader& header, std::string_view rest, net::Arrival& arrival) = 0;
  // Runs the user's completion, off the loop.
  virtual void Finish(const Status& status) = 0;
  void Decide(const Status& status);
  void Fault(const char* what) { lifeline_->Fault(what); }
  // Receives the reply's payload at `to`, then runs `received`, which keeps that memory alive; `lent` says that
  // it is the user's. A server that ends a session cuts the lifeline before it reuses a block's memory: what
  // was fetched from there counts only while that holds, else the call is to be sent again.
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
  // put "a"
  std::string What() const;

  const wire::Verb verb_;
  const char* const name_;
  const bool mutates_;
  std::string subject_;
  base::ShortVector<char, 112> message_;  // header, the verb's struct, its tail
  size_t key_at_ = 0;    // where in it the key begins; 0: it is about no key
  std::shared_ptr<Call> self_;
  net::Loop* loop_ = nullptr;
  Lifeline* lifeline_ = nullptr;
  uint64_t cancel_number_ = 0;
  int lent_ = 0;
  int attempt_ = 0;  // how often it was retracted
  bool sent_ = false;
  bool answered_ = false;
  bool decided_ = false;
  bool finished_ = false;  // its completion runs soon, or ran
  Status outcome_;
};

// A call whose completion takes a Result<T>.
template <typename T>
class CallFor : public Call {
 public:
  CallFor(wire::Verb verb, const char* name, bool mutates, Done<T>&& done)
      : Call(verb, name, mutates), done_(std::move(done)) {}

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
