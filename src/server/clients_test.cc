// Clients: which are known, which session holds one, and when one is forgotten.
#include "server/clients.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace remote_dram::server {
namespace {

using std::chrono::seconds;

class ClientsTest : public testing::Test {
 protected:
  static net::TimePoint At(int second) { return net::TimePoint() + seconds(second); }
  std::shared_ptr<Client> Held() {
    std::shared_ptr<Client> client = clients_.Find({});
    EXPECT_TRUE(clients_.Hold(client, [](base::Task) {}, [] {}));
    return client;
  }

  static base::Descriptor Socket() {
    return base::Descriptor([] { return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0); });
  }

  uint64_t last_random_ = 0;
  Clients clients_{[this] { return ++last_random_; }};
};

TEST_F(ClientsTest, KnowAClientByItsIdAndItsSecretOnly) {
  const std::shared_ptr<Client> client = Held();
  EXPECT_EQ(clients_.Find(client->id), client);
  wire::ClientId liar = client->id;
  ++liar.secret_low;
  EXPECT_NE(clients_.Find(liar), client);
  EXPECT_NE(clients_.Find(liar)->id.id_low, client->id.id_low);
}

TEST_F(ClientsTest, EndTheFirstSessionBeforeASecondHoldsTheClient) {
  const std::shared_ptr<Client> client = clients_.Find({});
  base::Task let_go;
  ASSERT_TRUE(clients_.Hold(client, [&let_go](base::Task ended) { let_go = std::move(ended); }, [] {}));
  bool again = false;
  EXPECT_FALSE(clients_.Hold(client, [](base::Task) {}, [&again] { again = true; }));
  EXPECT_FALSE(again);
  clients_.Release(client, false, At(0));
  let_go();
  EXPECT_TRUE(again);
  EXPECT_TRUE(clients_.Hold(client, [](base::Task) {}, [] {}));
}

TEST_F(ClientsTest, ForgetWhoSaidGoodbyeAtOnceAndOthersInTheirTime) {
  const std::shared_ptr<Client> polite = Held(), lost = Held(), next = Held();
  clients_.Release(polite, true, At(0));
  EXPECT_NE(clients_.Find(polite->id), polite);
  clients_.Release(lost, false, At(0));
  EXPECT_EQ(clients_.Find(lost->id), lost);
  clients_.Release(next, false, At(0) + Clients::client_memory);
  EXPECT_NE(clients_.Find(lost->id), lost);
  EXPECT_EQ(clients_.Find(next->id), next);
}

TEST_F(ClientsTest, GiveTheRingsThatWereAskedForLastOnceWhateverIsHeardLast) {
  const wire::ClientId client = Held()->id;
  base::Descriptor first = Socket(), second = Socket();
  const int wanted = second.fd();
  EXPECT_TRUE(clients_.SetRings(client, 2, std::move(second)));
  EXPECT_FALSE(clients_.SetRings(client, 1, std::move(first)));  // asked for earlier, on a slower connection
  EXPECT_EQ(clients_.TakeRings(client).fd(), wanted);
  EXPECT_FALSE(clients_.TakeRings(client).valid());
}

TEST_F(ClientsTest, GiveNoMoreRingsToWhoeverAsksAndTakesNone) {
  const wire::ClientId client = Held()->id;
  for (int i = 0; i < Clients::rings_untaken_max; ++i) EXPECT_TRUE(clients_.SetRings(client, 1, Socket()));
  EXPECT_FALSE(clients_.WantsRings(client, 1));
  EXPECT_FALSE(clients_.SetRings(client, 1, Socket()));
  EXPECT_TRUE(clients_.TakeRings(client).valid());
}

TEST_F(ClientsTest, GiveRingsToASessionUntilItHasAttached) {
  const std::shared_ptr<Client> client = Held();
  EXPECT_TRUE(clients_.WantsRings(client->id, 1));
  EXPECT_FALSE(clients_.TakeRings(client->id).valid());
  EXPECT_FALSE(clients_.WantsRings(client->id, 1));
  EXPECT_FALSE(clients_.SetRings(client->id, 1, Socket()));
  clients_.Release(client, false, At(0));
  EXPECT_TRUE(clients_.Hold(client, [](base::Task) {}, [] {}));
  EXPECT_TRUE(clients_.SetRings(client->id, 1, Socket()));
}

TEST_F(ClientsTest, GiveRingsAgainInTheNextSession) {
  const std::shared_ptr<Client> client = Held();
  for (int i = 0; i < Clients::rings_untaken_max; ++i) EXPECT_TRUE(clients_.SetRings(client->id, 1, Socket()));
  clients_.Release(client, false, At(0));
  EXPECT_FALSE(clients_.WantsRings(client->id, 2)) << "nobody holds it";
  EXPECT_TRUE(clients_.Hold(client, [](base::Task) {}, [] {}));
  for (int i = 0; i < Clients::rings_untaken_max; ++i) EXPECT_TRUE(clients_.SetRings(client->id, 2, Socket()));
  EXPECT_FALSE(clients_.WantsRings(client->id, 2));
}

TEST_F(ClientsTest, KeepNoRingsOfASessionThatEnded) {
  const std::shared_ptr<Client> client = Held();
  EXPECT_TRUE(clients_.SetRings(client->id, 1, Socket()));
  clients_.Release(client, false, At(0));
  EXPECT_FALSE(clients_.SetRings(client->id, 2, Socket()));
  EXPECT_FALSE(clients_.TakeRings(client->id).valid());
}

TEST_F(ClientsTest, KeepWhoCameBack) {
  const std::shared_ptr<Client> client = Held(), other = Held();
  clients_.Release(client, false, At(0));
  EXPECT_TRUE(clients_.Hold(client, [](base::Task) {}, [] {}));
  clients_.Release(other, false, At(1) + Clients::client_memory);
  EXPECT_EQ(clients_.Find(client->id), client);
}

TEST_F(ClientsTest, RememberNoMoreThanClientsLeftMax) {
  for (size_t i = 0; i < Clients::clients_left_max + 10; ++i) clients_.Release(Held(), false, At(0));
  EXPECT_EQ(clients_.size(), Clients::clients_left_max);
}

}  // namespace
}  // namespace remote_dram::server
