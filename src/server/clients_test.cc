// Clients: who is known, who holds whom, who is forgotten.
#include "server/clients.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
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

TEST_F(ClientsTest, HaveTheBuffersThatWereOfferedLastWhateverIsHeardLast) {
  const wire::ClientId client = Held()->id;
  const base::Descriptor memory([] { return memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  ASSERT_EQ(ftruncate(memory.fd(), 4096), 0);
  ASSERT_EQ(fcntl(memory.fd(), F_ADD_SEALS, F_SEAL_SHRINK), 0);
  const auto map = [&memory] { return *base::SealedMemory::Map(memory, 0, 4096); };
  const Clients::Buffers first = map(), second = map();
  clients_.SetBuffers(client, 2, second);
  clients_.SetBuffers(client, 1, first);  // its connection was slower
  EXPECT_EQ(clients_.BuffersOf(client), second);
  clients_.DropBuffers(client, first);
  EXPECT_EQ(clients_.BuffersOf(client), second);
  clients_.DropBuffers(client, second);
  EXPECT_EQ(clients_.BuffersOf(client), nullptr);
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
