// Store.wait in Python: the only call that is meant to take long, so a signal can end it.
#include <semaphore.h>

#include <cerrno>
#include <memory>
#include <optional>

#include "bind.h"

namespace remote_dram::python {
namespace {

// The result of a wait, shared by the caller and the completion, which may run after an interrupted caller has returned.
class Awaited {
 public:
  Awaited() { sem_init(&ended_, 0, 0); }
  ~Awaited() { sem_destroy(&ended_); }
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;

  void Set(Result<StatResult> result) {
    result_.emplace(std::move(result));
    sem_post(&ended_);
  }

  // Waits for the result. Returns nothing if a signal comes first: a signal ends the wait for a semaphore, but not the wait
  // for a condition variable.
  std::optional<Result<StatResult>> Take() {
    if (sem_wait(&ended_) != 0 && errno == EINTR) return std::nullopt;
    return std::move(result_);
  }

 private:
  sem_t ended_;
  std::optional<Result<StatResult>> result_;
};

// (generation, size), or None if the key is missing.
nb::object WaitForKey(const Store& self, const nb::bytes& key, const Generation& while_generation,
                      int64_t timeout_ms) {
  WaitOptions options;
  options.while_generation = while_generation;
  options.timeout = std::chrono::milliseconds(timeout_ms);
  options.cancel = Cancellation::Make();
  const StatResult now = Wait([&] {
    const auto awaited = std::make_shared<Awaited>();
    self.store->Wait(BytesOf(key), options, [awaited](Result<StatResult> result) { awaited->Set(std::move(result)); });
    while (true) {
      std::optional<Result<StatResult>> result = awaited->Take();
      if (result) return *std::move(result);
      const nb::gil_scoped_acquire acquired;
      if (PyErr_CheckSignals() == 0) continue;
      options.cancel.Cancel();
      throw nb::python_error();  // the exception that the signal's handler raised
    }
  });
  if (!now.exists) return nb::none();
  return nb::make_tuple(now.generation, now.value_bytes);
}

}  // namespace

void BindWait(nb::class_<Store>& store) { store.def("wait", &WaitForKey); }

}  // namespace remote_dram::python
