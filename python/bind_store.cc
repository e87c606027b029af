// Store in Python: one function per verb. A missing key is None; each function says how a failed condition is returned.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "bind.h"
#include "remote_dram/client.h"

namespace remote_dram::python {
namespace {

using std::chrono::milliseconds;

Store Connect(const std::string& address, const std::string& credentials_file, const std::string& path,
              bool accepts_restart, int64_t connect_timeout_ms, int64_t timeout_ms) {
  ClientOptions options;
  options.credentials_file = credentials_file;
  options.path = PathNamed(path).value();  // Python has checked it
  options.on_restart = accepts_restart ? OnRestart::kAccept : OnRestart::kFail;
  options.connect_timeout = milliseconds(connect_timeout_ms);
  options.timeout = milliseconds(timeout_ms);
  return {Owned(Wait([&] { return Client::Connect(address, options); }))};
}

// A value; the key's current Generation if a condition failed; None if the key is missing.
nb::object Get(const Store& self, const nb::bytes& key, const std::optional<nb::object>& into,
               const Generation& if_generation, const Generation& if_not_generation, int64_t min,
               int64_t max, int64_t timeout_ms) {
  GetOptions options;
  options.if_generation = if_generation;
  options.if_not_generation = if_not_generation;
  options.range = {min, max};
  options.timeout = milliseconds(timeout_ms);
  std::shared_ptr<Buffer> lent;
  if (into) {
    lent = std::shared_ptr<Buffer>(new Buffer(*into, Buffer::Use::kWrite), [](Buffer* buffer) {
      nb::gil_scoped_acquire acquired;
      delete buffer;
    });
    options.into = {lent->data(), lent->size()};
  }
  GetResult got = Wait([&] { return self.store->Get(BytesOf(key), options); });
  if (got.state == ReadState::kMissing) return nb::none();
  if (got.state == ReadState::kConditionFailed) return nb::cast(got.generation);
  if (lent) got.value = Value(lent, got.value.bytes());
  return nb::cast(ReadValue{std::move(got.value), got.generation, got.value_bytes});
}

// Like Get, without conditions; without a copy if possible.
nb::object View(const Store& self, const nb::bytes& key, int64_t min, int64_t max, int64_t timeout_ms) {
  GetOptions options;
  options.range = {min, max};
  options.view = true;
  options.timeout = milliseconds(timeout_ms);
  GetResult got = Wait([&] { return self.store->Get(BytesOf(key), options); });
  if (got.state == ReadState::kMissing) return nb::none();
  return nb::cast(ReadValue{std::move(got.value), got.generation, got.value_bytes});
}

// The new version's Generation; None if the condition failed.
std::optional<Generation> Put(const Store& self, const nb::bytes& key, nb::object value,
                              const Generation& if_generation, int64_t timeout_ms) {
  const Buffer lent(value, Buffer::Use::kRead);
  const PutOptions options{if_generation, milliseconds(timeout_ms)};
  const WriteResult put = Wait([&] { return self.store->Put(BytesOf(key), lent.bytes(), options); });
  if (put.state == WriteState::kConditionFailed) return std::nullopt;
  return put.generation;
}

// False if the condition failed.
bool Delete(const Store& self, const nb::bytes& key, const Generation& if_generation, int64_t timeout_ms) {
  const DeleteOptions options{if_generation, milliseconds(timeout_ms)};
  return Wait([&] { return self.store->Delete(BytesOf(key), options); }).state == WriteState::kApplied;
}

KeyRange RangeOf(const nb::bytes& begin, const nb::bytes& end) {
  return {std::string(BytesOf(begin)), std::string(BytesOf(end))};
}

uint64_t DeleteRange(const Store& self, const nb::bytes& begin, const nb::bytes& end, int64_t timeout_ms) {
  const KeyRange range = RangeOf(begin, end);
  return Wait([&] { return self.store->DeleteRange(range, {milliseconds(timeout_ms)}); }).keys_deleted;
}

uint64_t CopyRange(const Store& self, const nb::bytes& begin, const nb::bytes& end, uint64_t strip_bytes,
                   const nb::bytes& prefix, int64_t timeout_ms) {
  const KeyRange range = RangeOf(begin, end);
  const CopyTarget target{strip_bytes, std::string(BytesOf(prefix))};
  return Wait([&] { return self.store->CopyRange(range, target, {milliseconds(timeout_ms)}); }).keys_copied;
}

nb::tuple List(const Store& self, const nb::bytes& begin, const nb::bytes& end,
               const std::optional<nb::bytes>& after, int64_t timeout_ms) {
  const KeyRange range = RangeOf(begin, end);
  ListOptions options;
  if (after) options.after = BytesOf(*after);
  options.timeout = milliseconds(timeout_ms);
  const ListPage page = Wait([&] { return self.store->List(range, options); });
  nb::list entries;
  for (const ListEntry& entry : page.entries) {
    entries.append(nb::make_tuple(ToBytes(entry.key), entry.value_bytes));
  }
  return nb::make_tuple(entries, page.more);
}

nb::object Stat(const Store& self, const nb::bytes& key, int64_t timeout_ms) {
  const StatResult stat = Wait([&] { return self.store->Stat(BytesOf(key), {milliseconds(timeout_ms)}); });
  if (!stat.exists) return nb::none();
  return nb::make_tuple(stat.generation, stat.value_bytes);
}

// The fields in the order of remote_dram.ServerStat.
nb::tuple StatServer(const Store& self, int64_t timeout_ms) {
  const ServerStat s = Wait([&] { return self.store->StatServer({milliseconds(timeout_ms)}); });
  return nb::make_tuple(s.version, s.incarnation, s.sequence, s.keys, s.memory_bytes, s.memory_limit_bytes,
                        s.connections, static_cast<double>(s.uptime_ms) / 1000, s.address, s.path, s.lanes);
}

nb::tuple ToTuple(const KeyRange& range) { return nb::make_tuple(ToBytes(range.begin), ToBytes(range.end)); }

}  // namespace

void BindStore(nb::module_& module) {
  nb::class_<Store> store(module, "Store");
  store.def_static("connect", &Connect)
      .def("get", &Get)
      .def("view", &View)
      .def("put", &Put)
      .def("delete", &Delete)
      .def("delete_range", &DeleteRange)
      .def("copy_range", &CopyRange)
      .def("list", &List)
      .def("stat", &Stat)
      .def("stat_server", &StatServer);
  BindMany(store);
  BindWait(store);
  module.def("prefix_range", [](const nb::bytes& prefix) { return ToTuple(KeyRange::Prefix(BytesOf(prefix))); });
  module.def("single_range", [](const nb::bytes& key) { return ToTuple(KeyRange::Single(BytesOf(key))); });
  module.attr("timeout_max_ms") = timeout_max.count();
  nb::list paths;
  for (const auto& [name, path] : path_names) paths.append(nb::str(name.data(), name.size()));
  module.attr("paths") = nb::tuple(paths);
}

}  // namespace remote_dram::python
