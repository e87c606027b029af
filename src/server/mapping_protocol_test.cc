// How a mapping is set up, frame by frame, in a World: a server with hostile clients, and a client with hostile servers.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <optional>

#include "client/connection.h"
#include "net/sim/stranger.h"
#include "server/host_testing.h"

namespace remote_dram {
namespace {

using wire::ControlFrame;
using wire::ControlType;

const net::Address kAddress{.host = "", .port = 0, .path = "/socket"};
constexpr uint64_t kIncarnation = 7;

base::Descriptor Memory(uint64_t bytes, int seals) {
  base::Descriptor memory([] { return memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING); });
  EXPECT_EQ(ftruncate(memory.fd(), static_cast<off_t>(bytes)), 0);
  EXPECT_EQ(fcntl(memory.fd(), F_ADD_SEALS, seals), 0);
  return memory;
}

template <typename Body>
Body BodyOf(const std::string& frame, ControlType type, std::string_view* tail) {
  wire::ControlHeader header;
  std::string_view bytes;
  EXPECT_STREQ(wire::Parse(frame, &header, &bytes), nullptr);
  EXPECT_EQ(static_cast<ControlType>(header.type), type);
  Body body;
  EXPECT_STREQ(wire::Parse(bytes, &body, tail), nullptr);
  return body;
}

class HostileClientTest : public testing::Test {
 protected:
  void SetUp() override { Greet(); }
  void Greet() {
    greeted_.emplace(&world_);
    greeted_->Dial(kAddress);
    greeted_->SendFrame(ControlFrame(ControlType::kHello, wire::Hello{}));
    Turn();
    std::string_view tail;
    client_ = BodyOf<wire::Welcome>(greeted_->frames().at(0), ControlType::kWelcome, &tail).client;
  }
  void Turn() { world_.RunFor(std::chrono::milliseconds(1)); }

  wire::Map Proper() const {
    constexpr uint64_t nonce = 5;
    return {.incarnation = kIncarnation, .id_high = client_.id_high, .id_low = client_.id_low, .nonce = nonce,
            .proof = wire::MapProof(client_, wire::MapSide::kClient, nonce)};
  }
  static base::Descriptor Page() { return Memory(wire::mapped_page_bytes, F_SEAL_SHRINK); }
  void Ask(const wire::Map& map, base::Descriptor page) {
    mapper_.emplace(&world_);
    mapper_->Dial(kAddress);
    mapper_->SendFrame(ControlFrame(ControlType::kMap, map), std::move(page));
    Turn();
  }
  // The last frame says why; no descriptor came with it, and the server keeps nothing of the mapping.
  void ExpectRefused(StatusCode code, const std::string& why) {
    std::string_view text;
    const auto refused = BodyOf<wire::Refused>(mapper_->frames().back(), ControlType::kRefused, &text);
    EXPECT_EQ(refused.code, static_cast<uint32_t>(code));
    EXPECT_EQ(text, why);
    EXPECT_FALSE(mapper_->TakeDescriptor().valid());
    EXPECT_TRUE(mapper_->closed());
    EXPECT_EQ(host_->shared.mapping, 0u);
  }

  net::sim::World world_{1};
  std::optional<Host> host_{std::in_place, &world_, kIncarnation, kAddress};
  std::optional<net::sim::Stranger> greeted_, mapper_;
  wire::ClientId client_;
};

TEST_F(HostileClientTest, AClientThatProvesItselfGetsTheIndex) {
  Ask(Proper(), Page());
  std::string_view tail;
  const auto mapped = BodyOf<wire::Mapped>(mapper_->frames().at(0), ControlType::kMapped, &tail);
  EXPECT_EQ(mapped.proof, wire::MapProof(client_, wire::MapSide::kServer, Proper().nonce));
  EXPECT_TRUE(mapper_->TakeDescriptor().valid());
  EXPECT_EQ(host_->shared.mapping, 1u);
}

TEST_F(HostileClientTest, WhoeverIsNotAClientOfThisServerGetsNothing) {
  wire::Map other_incarnation = Proper(), other_client = Proper(), guessed = Proper();
  ++other_incarnation.incarnation;
  ++other_client.id_high;
  ++guessed.proof;
  for (const wire::Map& map : {other_incarnation, other_client, guessed}) {
    Ask(map, Page());
    ExpectRefused(StatusCode::kFailedPrecondition, "MAP by a client that this server does not know");
  }
  greeted_->HangUp();
  Turn();
  Ask(Proper(), Page());
  ExpectRefused(StatusCode::kFailedPrecondition, "MAP by a client that this server does not know");
}

TEST_F(HostileClientTest, APageOfPinsThatCouldVanishIsRefused) {
  Ask(Proper(), {});
  ExpectRefused(StatusCode::kResourceExhausted,
                "the page of pins: no descriptor of the memory came: none was sent, or none was left for it");
  Ask(Proper(), Memory(wire::mapped_page_bytes, 0));
  ExpectRefused(StatusCode::kInvalidArgument, "the page of pins: the memory is not sealed against shrinking");
  Ask(Proper(), Memory(wire::mapped_page_bytes / 2, F_SEAL_SHRINK));
  ExpectRefused(StatusCode::kInvalidArgument, "the page of pins: the memory is smaller than announced");
  Ask(Proper(), Memory(wire::mapped_pin_page_bytes, F_SEAL_SHRINK));
  ExpectRefused(StatusCode::kInvalidArgument, "the page behind the pins: the memory is smaller than announced");
  Ask(Proper(), Memory(wire::mapped_page_bytes, F_SEAL_SHRINK | F_SEAL_WRITE));
  ExpectRefused(StatusCode::kInvalidArgument, "the page behind the pins: the memory may not be written");
}

TEST_F(HostileClientTest, AServerWithoutASocketHandsNothingOut) {
  greeted_.reset();
  host_.emplace(&world_, kIncarnation);
  mapper_.emplace(&world_);
  mapper_->Dial({.host = "host", .port = 1, .path = ""});
  mapper_->SendFrame(ControlFrame(ControlType::kMap, Proper()), Page());
  Turn();
  ExpectRefused(StatusCode::kFailedPrecondition, "the server's memory cannot be mapped");
}

TEST_F(HostileClientTest, AMappingEndsWithTheFirstFrameThatMakesNoSense) {
  const auto ends_with = [this](const std::string& frame, const std::string& why) {
    Ask(Proper(), Page());
    EXPECT_TRUE(mapper_->TakeDescriptor().valid());  // the descriptor of the index
    EXPECT_EQ(host_->shared.mapping, 1u);
    mapper_->SendFrame(frame);
    Turn();
    ExpectRefused(StatusCode::kInvalidArgument, why);
  };
  ends_with(ControlFrame(ControlType::kWant, wire::Want{}, "and more"), "bytes follow where none are expected");
  ends_with(ControlFrame(ControlType::kDropped, wire::Dropped{}, "and more"), "bytes follow where none are expected");
  ends_with(ControlFrame(ControlType::kDropped, wire::Dropped{.segment = 1}), "an answer to a DROPPED that was not sent");
  ends_with(ControlFrame(ControlType::kRings, wire::Rings{}, "and more"), "bytes follow where none are expected");
  ends_with(ControlFrame(ControlType::kRings, wire::Rings{.made = 1}), "rings that a client claims to have made");
  ends_with(ControlFrame(ControlType::kMap, Proper()), "frame of type 7 out of order");
}

TEST_F(HostileClientTest, RingsAreForOneDataPathOfTheOneWhoAsked) {
  const auto take = [this] { return host_->shared.clients.TakeRings(client_).valid(); };
  Ask(Proper(), Page());
  EXPECT_TRUE(mapper_->TakeDescriptor().valid());
  const auto ask = [this] {
    mapper_->SendFrame(ControlFrame(ControlType::kRings, wire::Rings{}));
    Turn();
    std::string_view tail;
    const bool made = BodyOf<wire::Rings>(mapper_->frames().back(), ControlType::kRings, &tail).made != 0;
    EXPECT_EQ(mapper_->TakeDescriptor().valid(), made);
    return made;
  };
  EXPECT_TRUE(ask());
  EXPECT_TRUE(ask());
  EXPECT_TRUE(take());
  EXPECT_FALSE(take());
  EXPECT_FALSE(ask());
}

class HostileServerTest : public testing::Test {
 protected:
  HostileServerTest() { server_.Listen(kAddress); }
  ~HostileServerTest() override {
    if (link_) link_->Close();
  }
  void Turn() { world_.RunFor(std::chrono::milliseconds(1)); }

  void Open(uint64_t incarnation = kIncarnation) {
    opened_.reset();
    link_ = std::make_shared<client::MappingLink>(&hub_);
    link_->Open(kAddress, incarnation, client_, [this](const Status& status) { opened_ = status; });
    Turn();
    std::string_view tail;
    nonce_ = BodyOf<wire::Map>(server_.frames().back(), ControlType::kMap, &tail).nonce;
    EXPECT_TRUE(server_.TakeDescriptor().valid());
  }
  std::string After(const std::string& frame, base::Descriptor memory = {}) {
    server_.SendFrame(frame, std::move(memory));
    Turn();
    return opened_.value_or(Status(StatusCode::kUnknown, "waits")).ToString();
  }
  std::string Mapped(uint64_t index_bytes) const {
    return ControlFrame(ControlType::kMapped, wire::Mapped{.proof = wire::MapProof(client_, wire::MapSide::kServer, nonce_),
                                                           .index_bytes = index_bytes});
  }
  base::Descriptor Index() const {
    return base::Descriptor([this] { return fcntl(store_.index()->memory().fd(), F_DUPFD_CLOEXEC, 0); });
  }

  net::sim::World world_{1};
  net::sim::Stranger server_{&world_};
  net::sim::SimNetwork network_{&world_};
  client::Hub hub_{&network_, {}, 1};
  store::Store store_{{.incarnation = kIncarnation, .hash_seed = {}, .sharing = store::Sharing::kShared}};
  const wire::ClientId client_{.id_high = 1, .id_low = 2, .secret_high = 3, .secret_low = 4};
  std::shared_ptr<client::MappingLink> link_;
  std::optional<Status> opened_;
  uint64_t nonce_ = 0;
};

TEST_F(HostileServerTest, AnIndexThatIsOneIsMapped) {
  Open();
  EXPECT_EQ(After(Mapped(store_.index()->bytes()), Index()), "OK");
  EXPECT_TRUE(link_->open());
  EXPECT_TRUE(link_->IsOf(kIncarnation, client_));
  EXPECT_FALSE(link_->IsOf(kIncarnation + 1, client_));
  EXPECT_FALSE(link_->IsOf(kIncarnation, {.id_high = 1, .id_low = 3}));
}

TEST_F(HostileServerTest, NothingIsMappedOfAServerThatCannotProveItself) {
  Open();
  const wire::Mapped guessed{.proof = 1, .index_bytes = store_.index()->bytes()};
  EXPECT_EQ(After(ControlFrame(ControlType::kMapped, guessed), Index()),
            "UNAUTHENTICATED: reading the server's memory: the server at the socket is another one");
  EXPECT_FALSE(link_->open());
}

TEST_F(HostileServerTest, MemoryThatIsNoIndexIsRefused) {
  const uint64_t bytes = store_.index()->bytes();
  const std::string where = "INTERNAL: reading the server's memory: ";
  Open();
  EXPECT_EQ(After(Mapped(bytes)), "RESOURCE_EXHAUSTED: reading the server's memory: no descriptor of the memory came: none was "
                                  "sent, or none was left for it");
  Open();
  EXPECT_EQ(After(Mapped(bytes), Memory(bytes, 0)), where + "the memory is not sealed against shrinking");
  Open();
  EXPECT_EQ(After(Mapped(2 * bytes), Memory(bytes, F_SEAL_SHRINK)), where + "the memory is smaller than announced");
  Open();
  EXPECT_EQ(After(Mapped(bytes), Memory(bytes, F_SEAL_SHRINK)), where + "the magic number of the index is wrong");
  Open(kIncarnation + 1);
  EXPECT_EQ(After(Mapped(bytes), Index()), where + "the index is another incarnation's");
  EXPECT_FALSE(link_->open());
}

TEST_F(HostileServerTest, ARefusalIsToldAndAFrameThatMakesNoSenseIsAnError) {
  Open();
  const std::string text = "not today";
  const wire::Refused refused{.code = static_cast<uint32_t>(StatusCode::kPermissionDenied),
                              .message_bytes = static_cast<uint32_t>(text.size())};
  EXPECT_EQ(After(ControlFrame(ControlType::kRefused, refused, text)), "PERMISSION_DENIED: reading the server's memory: not today");
  for (const std::string& frame :
       {std::string("?"), ControlFrame(ControlType::kRefused, refused, ""), ControlFrame(ControlType::kMapped, wire::Mapped{}, "and more"),
        ControlFrame(ControlType::kSegment, wire::Segment{}), ControlFrame(ControlType::kDropped, wire::Dropped{})}) {
    Open();
    EXPECT_EQ(After(frame).find("INTERNAL: reading the server's memory: "), 0u);
  }
}

TEST_F(HostileServerTest, AnOpenMappingIsLetGoOnceItsServerBreaksTheProtocol) {
  const auto ends_with = [this](const std::string& frame, base::Descriptor memory = {}) {
    Open();
    EXPECT_EQ(After(Mapped(store_.index()->bytes()), Index()), "OK");
    server_.SendFrame(frame, std::move(memory));
    Turn();
    EXPECT_FALSE(link_->open());
    EXPECT_TRUE(server_.closed());
  };
  ends_with(ControlFrame(ControlType::kSegment, wire::Segment{}, "and more"));
  ends_with(ControlFrame(ControlType::kSegment, wire::Segment{.bytes = 4096, .segment = 1}), Memory(4096, 0));
  ends_with(ControlFrame(ControlType::kDropped, wire::Dropped{}, "and more"));
  ends_with(Mapped(store_.index()->bytes()), Index());
}

TEST_F(HostileServerTest, OfTwoAskingsForRingsTheLaterOneIsAnswered) {
  Open();
  ASSERT_EQ(After(Mapped(store_.index()->bytes()), Index()), "OK");
  std::string came;
  link_->AskForRings([&came](base::Descriptor) { came += "first "; });
  link_->AskForRings([&came](base::Descriptor rings) { came += rings.valid() ? "rings " : "none "; });
  const std::string answer = ControlFrame(ControlType::kRings, wire::Rings{.made = 1});
  After(answer, Index());
  EXPECT_EQ(came, "");
  After(answer, Index());
  EXPECT_EQ(came, "rings ");
  link_->AskForRings([&came](base::Descriptor rings) { came += rings.valid() ? "rings " : "none "; });
  After(ControlFrame(ControlType::kRings, wire::Rings{}));
  EXPECT_EQ(came, "rings none ");
}

TEST_F(HostileServerTest, WhoWaitsForRingsIsToldThatTheMappingEnds) {
  Open();
  ASSERT_EQ(After(Mapped(store_.index()->bytes()), Index()), "OK");
  std::string came;
  link_->AskForRings([&came](base::Descriptor rings) { came = rings.valid() ? "rings" : "none"; });
  server_.HangUp();
  Turn();
  EXPECT_EQ(came, "none");
  EXPECT_FALSE(link_->open());
}

TEST_F(HostileServerTest, RingsThatNobodyAskedForEndTheMapping) {
  Open();
  ASSERT_EQ(After(Mapped(store_.index()->bytes()), Index()), "OK");
  After(ControlFrame(ControlType::kRings, wire::Rings{.made = 1}), Index());
  EXPECT_FALSE(link_->open());
}

// A client that came over TCP, with a server that tells it the path of its Unix socket.
class TcpClientTest : public HostileServerTest {
 protected:
  TcpClientTest() { first_.Listen(kTcp); }
  ~TcpClientTest() override { connection_->Close(); }

  void Greet() {
    connection_->Open([](const Status&) {});
    Turn();
    Welcome();
  }
  void Welcome() {
    const std::string tail = network_.HostIdentity() + first_.fabric_address() + kAddress.path;
    wire::Welcome welcome{.features = wire::kFeatureMapped | wire::kFeatureRings, .incarnation = kIncarnation, .token = ++token_,
                          .requests_in_flight_max = 1, .client = client_};
    welcome.host_identity_bytes = static_cast<uint32_t>(network_.HostIdentity().size());
    welcome.shm_address_bytes = static_cast<uint32_t>(first_.fabric_address().size());
    welcome.socket_path_bytes = static_cast<uint32_t>(kAddress.path.size());
    first_.SendFrame(ControlFrame(ControlType::kWelcome, welcome, tail));
    Turn();
  }
  // Greets and maps, until the client asks for rings.
  void GreetAndMap() {
    Greet();
    std::string_view tail;
    nonce_ = BodyOf<wire::Map>(server_.frames().back(), ControlType::kMap, &tail).nonce;
    After(Mapped(store_.index()->bytes()), Index());
    ExpectAskedForRings();
  }
  void ExpectAskedForRings() {
    std::string_view tail;
    EXPECT_EQ(BodyOf<wire::Rings>(server_.frames().back(), ControlType::kRings, &tail).made, 0u);
    ExpectNotAttached();
  }
  void AnswerRings(bool made) {
    After(ControlFrame(ControlType::kRings, wire::Rings{.made = made}), made ? Index() : base::Descriptor());
  }
  void ExpectNotAttached() {
    std::string_view tail;
    (void)BodyOf<wire::Hello>(first_.frames().back(), ControlType::kHello, &tail);
  }
  wire::DataPath AttachedPath() {
    std::string_view tail;
    return static_cast<wire::DataPath>(BodyOf<wire::Attach>(first_.frames().back(), ControlType::kAttach, &tail).path);
  }

  const net::Address kTcp{.host = "host", .port = 1, .path = ""};
  net::sim::Stranger first_{&world_};
  uint64_t token_ = 5;
  std::shared_ptr<client::Connection> connection_ =
      std::make_shared<client::Connection>(&hub_, client::ConnectionOptions{.address = kTcp, .name = "host:1"});
};

TEST_F(TcpClientTest, TakesRingsForItsDataPath) {
  GreetAndMap();
  AnswerRings(true);
  EXPECT_EQ(AttachedPath(), wire::DataPath::kRings);
}

TEST_F(TcpClientTest, TakesAnotherDataPathIfThereAreNone) {
  GreetAndMap();
  AnswerRings(false);
  EXPECT_EQ(AttachedPath(), wire::DataPath::kShm);
}

// The descriptor that comes is that of an index, not of rings.
TEST_F(TcpClientTest, AsksForNoneAgainIfItCannotUseThem) {
  GreetAndMap();
  AnswerRings(true);
  const size_t asked = server_.frames().size();
  first_.SendFrame(ControlFrame(ControlType::kAttached, wire::Attached{}));
  Turn();
  Welcome();
  EXPECT_EQ(AttachedPath(), wire::DataPath::kShm);
  EXPECT_EQ(server_.frames().size(), asked);
}

TEST_F(TcpClientTest, DoesWithoutRingsThatComeTooLate) {
  GreetAndMap();
  world_.RunFor(client::Connection::mapping_max);
  EXPECT_EQ(AttachedPath(), wire::DataPath::kShm);
  first_.HangUp();
  Turn();
  Greet();
  ExpectAskedForRings();
  AnswerRings(true);  // a late answer, to the first question
  ExpectNotAttached();
  AnswerRings(false);
  EXPECT_EQ(AttachedPath(), wire::DataPath::kShm);
}

}  // namespace
}  // namespace remote_dram
