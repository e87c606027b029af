// A server and a client in one thread, on a simulated clock: the production code of both ends, in a World.
//
// Memory and threads: plain objects of one thread; the test advances the world.
// Failure: as expectations of the test. World::events_max ends the program if a wait would never end.
#ifndef REMOTE_DRAM_SERVER_PROTOCOL_TESTING_H_
#define REMOTE_DRAM_SERVER_PROTOCOL_TESTING_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string_view>

#include "client/connection.h"
#include "client/verbs.h"
#include "net/sim/sim_network.h"
#include "server/host_testing.h"

namespace remote_dram {

inline constexpr auto kTimeout = timeout_default;

class ProtocolTest : public testing::TestWithParam<uint64_t> {
 protected:
  ~ProtocolTest() override { connection_->Close(); }

  // Replaces the connection by one that accepts a restarted server.
  void AcceptRestarts() {
    connection_->Close();
    connection_ = std::make_shared<client::Connection>(
        &hub_, client::ConnectionOptions{.address = {.host = "host", .port = 1, .path = ""},
                                         .name = "host:1",
                                         .on_restart = OnRestart::kAccept});
  }

  Status Open() {
    std::optional<Status> opened;
    connection_->Open([&opened](const Status& status) { opened = status; });
    while (!opened) world_.RunFor(std::chrono::milliseconds(1));
    return *opened;
  }

  // A completion that stores its result in `place`, for Wait.
  template <typename T>
  Done<T> Into(std::optional<Result<T>>* place) {
    return [place](Result<T> result) {
      EXPECT_FALSE(place->has_value());
      place->emplace(std::move(result));
    };
  }
  void Submit(std::shared_ptr<client::Call> call) {
    call->timeout = kTimeout;
    call->deadline = world_.now() + kTimeout;
    connection_->Submit(client::Call::Hold(std::move(call)));
  }
  // For verbs that consist of several calls. It may also be called from a completion.
  client::Submit Submitter(std::chrono::milliseconds timeout = kTimeout) {
    return [this, timeout, deadline = world_.now() + timeout](std::shared_ptr<client::Call> call) {
      call->timeout = timeout;
      call->deadline = deadline;
      network_.loop().Post([this, &held = client::Call::Hold(std::move(call))] { connection_->Submit(held); });
    };
  }
  template <typename T>
  Result<T> Wait(std::optional<Result<T>>* place) {
    while (!place->has_value()) world_.RunFor(std::chrono::milliseconds(1));
    return **place;
  }
  Result<WriteResult> Put(std::string_view key, std::string_view value) {
    std::optional<Result<WriteResult>> result;
    Submit(client::PutCall(key, {value}, {}, Into(&result)));
    return Wait(&result);
  }
  Result<GetResult> Get(std::string_view key) {
    std::optional<Result<GetResult>> result;
    Submit(client::GetCall(key, {}, Into(&result)));
    return Wait(&result);
  }

  net::sim::World world_{GetParam()};
  std::optional<Host> host_{std::in_place, &world_, 1};
  net::sim::SimNetwork network_{&world_};
  client::Hub hub_{&network_, nullptr, 1};
  std::shared_ptr<client::Connection> connection_ = std::make_shared<client::Connection>(
      &hub_, client::ConnectionOptions{.address = {.host = "host", .port = 1, .path = ""}, .name = "host:1"});
};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_SERVER_PROTOCOL_TESTING_H_
