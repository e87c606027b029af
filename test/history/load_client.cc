// LoadClient: chooses verbs, keys, values and conditions, and records the outcomes.
#include "history/load_client.h"

#include <algorithm>
#include <array>

namespace remote_dram::history {
namespace {

constexpr std::chrono::milliseconds kPause{10};  // after UNAVAILABLE, so that such failures do not fill the record
constexpr size_t kComplaintsMax = 5;            // per client

}  // namespace

LoadClient::LoadClient(const LoadOptions& options, uint32_t writer, Recorder recorder, Surroundings surroundings)
    : options_(options), writer_(writer), accepts_(writer % 4 == 3), surroundings_(std::move(surroundings)),
      recorder_(std::move(recorder)), random_(surroundings_.seed + writer), seen_(options.keys), into_(options.value_bytes_max, '\0') {}

Status LoadClient::Run(Progress* progress, const std::function<bool()>& ended) {
  Status opened = Open();
  while (opened.ok() && !ended()) {
    progress->operations += CallOnce();
    if (!retired_) continue;
    ++progress->opened_again;
    opened = Open();
  }
  Close();
  return opened;
}

void LoadClient::Close() {
  deadline_ns.store(surroundings_.now_ns());
  client_.reset();
  deadline_ns.store(0);
}

Status LoadClient::Open() {
  const uint64_t give_up_ns = surroundings_.now_ns() + std::chrono::nanoseconds(connect_patience).count();
  deadline_ns.store(give_up_ns);
  ClientOptions options;
  options.path = options_.path;
  options.context = surroundings_.context;
  options.on_restart = accepts_ ? OnRestart::kAccept : OnRestart::kFail;
  options.connect_timeout = std::chrono::milliseconds(2000);
  options.timeout = options_.timeout;
  client_.reset();
  retired_ = false;
  for (;;) {
    Result<Client> client = Client::Connect(options_.server, options);
    const Result<ServerStat> stat = client.ok() ? client->StatServer() : client.status();
    // Where connections break, a new mapping may be lost at once; the next connection brings it back.
    const bool other = stat.ok() && options_.path != Path::kAuto && stat->path != NameOfPath(options_.path);
    if (stat.ok() && !other) {
      client_ = *std::move(client);
      incarnation_ = stat->incarnation;
      return Status();
    }
    if (surroundings_.now_ns() > give_up_ns) {
      return other ? Status(StatusCode::kInternal, "the path is " + stat->path) : stat.status();
    }
    surroundings_.pause(kPause);
  }
}

uint64_t LoadClient::CallOnce() {
  lent_.clear();
  const uint32_t dice = Below(1000);
  uint64_t operations = 0;
  if (dice < 330) operations = Get();
  else if (dice < 380) operations = Stat();
  else if (dice < 400) operations = Wait();
  else if (dice < 440) operations = BatchRead(false);
  else if (dice < 490) operations = BatchRead(true);
  else if (dice < 740) operations = Put();
  else if (dice < 800) operations = Delete();
  else if (dice < 840) operations = BatchWrite();
  else if (dice < 960) operations = Transact();
  else if (dice < 970) operations = DeleteRange();
  else if (dice < 980) operations = CopyRange();
  else operations = List();
  deadline_ns.store(0);
  return operations;
}

LoadClient::Begun LoadClient::Begin() {
  constexpr std::chrono::milliseconds kShort{100}, kMiddle{1000};
  const uint32_t dice = Below(10);
  return Begin(dice == 0 ? kShort : dice <= 2 ? kMiddle : options_.timeout);
}

LoadClient::Begun LoadClient::Begin(std::chrono::milliseconds timeout) {
  const Begun begun{surroundings_.now_ns(), timeout};
  deadline_ns.store(begun.at_ns + static_cast<uint64_t>(std::chrono::nanoseconds(timeout).count()));
  return begun;
}

Operation* LoadClient::AddOperation(Kind kind, const Begun& begun, std::span<const Item> items) {
  Operation operation;
  operation.kind = kind;
  operation.began_ns = begun.at_ns;
  operation.timeout_ms = static_cast<uint32_t>(begun.timeout.count());
  operation.incarnation = accepts_ ? 0 : incarnation_;
  return recorder_.Add(operation, items);
}

void LoadClient::AddRead(const Begun& begun, uint64_t told, uint64_t sequence, std::span<const Item> items) {
  Operation* const read = AddOperation(Kind::kRead, begun, items);
  Finish(read, End::kDone, sequence);
  Place(read, told);
}

void LoadClient::AddFailed(Kind kind, const Begun& begun, const Status& status) {
  Finish(AddOperation(kind, begun, {}), End::kFailed, 0);
  Note(status);
}

void LoadClient::Fail(Operation* operation, const Status& status) {
  Finish(operation, status.outcome_unknown() ? End::kUnknown : End::kFailed, 0);
  Place(operation, 0);
  Note(status);
}

void LoadClient::Note(const Status& status) {
  const bool restarted = status.code() == StatusCode::kFailedPrecondition;
  retired_ = retired_ || restarted;
  if (status.code() == StatusCode::kUnavailable) surroundings_.pause(kPause);
  const bool promised = status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kDeadlineExceeded ||
                        (restarted && !accepts_);
  if (!promised) Complain("a call failed in a way that nothing explains: " + status.ToString());
}

void LoadClient::Complain(const std::string& what) {
  if (complaints_.size() < kComplaintsMax) complaints_.push_back("client " + std::to_string(writer_) + ": " + what);
}

// Marks the operation's conditions as foreign: the versions that they expect belong to another incarnation than the one
// that answered.
void LoadClient::ExpectForeign(Operation* operation) {
  for (Item& item : Recorder::ItemsOf(operation)) {
    if (item.condition == Condition::kIs) item.condition = Condition::kForeign;
  }
}

// A handle that goes on after restarts learns the incarnation only from a generation in an answer. If two answers name
// the same incarnation, it also answered the calls between them. For other calls, the incarnation stays unknown.
void LoadClient::Place(Operation* operation, uint64_t told) {
  if (!accepts_) {
    if (told != 0 && told != incarnation_) Complain("a handle was answered by another incarnation than its own");
    return;
  }
  if (told == 0) return waiting_.push_back(operation);
  if (told == incarnation_) {
    for (Operation* each : waiting_) each->incarnation = told;
  } else {
    ExpectForeign(operation);
    std::fill(seen_.begin(), seen_.end(), Generation());
    incarnation_ = told;
  }
  operation->incarnation = told;
  waiting_.clear();
}

Generation LoadClient::PickCondition(uint32_t key, Item* item) {
  const uint32_t dice = Below(8);
  const Generation& seen = seen_[key];
  if (dice == 0 || seen.kind() == Generation::Kind::kMissing) {
    item->condition = Condition::kMissing;
    return Generation::Missing();
  }
  if (!seen.known()) return seen;
  item->condition = seen.incarnation() == incarnation_ ? Condition::kIs : Condition::kForeign;
  item->expected = seen.sequence();
  return seen;
}

std::string_view LoadClient::PickValue(Item* item) {
  constexpr std::array<uint32_t, 7> kChances{400, 200, 150, 150, 50, 30, 20};  // for each size, out of 1000
  size_t size = 0;
  for (uint32_t dice = Below(1000); dice >= kChances[size]; ++size) dice -= kChances[size];
  while (value_sizes[size] > options_.value_bytes_max) --size;
  item->what = What::kValue;
  item->value = MakeId(writer_, ++values_, size);
  std::string& bytes = lent_.emplace_back(value_sizes[size], '\0');
  FillValue(item->value, bytes.data());
  return bytes;
}

std::vector<uint32_t> LoadClient::PickKeys(uint32_t count) {
  std::vector<uint32_t> keys;
  while (keys.size() < count) {
    const uint32_t key = PickKey();
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

void LoadClient::PickKeysInARow(uint32_t of, uint32_t* first, uint32_t* end) {
  *first = Below(of);
  *end = std::min(of, *first + 1 + Below(8));
}

}  // namespace remote_dram::history
