// Shared by the files of the binding: failures as exceptions, waits without the GIL, borrowed buffers.
//
// Memory: native objects live as long as their Python objects.
// Threads: the GIL is held everywhere except inside Wait, Stop (bind_server.cc) and the destructors of Owned objects.
// Failure: a Status becomes an exception of remote_dram._errors; the binding's only own errors are TypeError and
// ValueError for buffers.
#ifndef REMOTE_DRAM_PYTHON_BIND_H_
#define REMOTE_DRAM_PYTHON_BIND_H_

#include <nanobind/nanobind.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include "remote_dram/generation.h"
#include "remote_dram/key_value_store.h"
#include "remote_dram/status.h"
#include "remote_dram/value.h"

namespace remote_dram::python {

namespace nb = nanobind;

nb::object ErrorOf(const Status& status);  // an exception, not raised
[[noreturn]] void Raise(const Status& status);

// Gives up the GIL while it exists. A daemon thread whose call returns after the interpreter has begun to end never gets it
// again: Python 3.11 ends such a thread by pthread_exit, whose unwinding no destructor may let pass, so the process would
// abort. Here, the thread stops for good instead, as in Python 3.14.
class WithoutGil {
 public:
  WithoutGil() : state_(PyEval_SaveThread()) {}
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;
  ~WithoutGil() {
    try {
      PyEval_RestoreThread(state_);
    } catch (...) {
      while (true) pause();
    }
  }

 private:
  PyThreadState* const state_;
};

// Runs `call`, which returns a Result, without the GIL.
template <typename Call>
auto Wait(Call call) {
  auto result = [&call] {
    const WithoutGil released;
    return call();
  }();
  if (!result.ok()) Raise(result.status());
  return *std::move(result);
}

template <typename T>
std::shared_ptr<T> Owned(T object) {
  return std::shared_ptr<T>(new T(std::move(object)), [](T* pointer) {
    const WithoutGil released;
    delete pointer;
  });
}

// The memory of a Python object, borrowed until the Buffer is destroyed (with the GIL held).
class Buffer {
 public:
  enum class Use { kRead, kWrite };
  Buffer(nb::handle object, Use use);
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { PyBuffer_Release(&view_); }

  char* data() const { return static_cast<char*>(view_.buf); }
  size_t size() const { return static_cast<size_t>(view_.len); }
  std::string_view bytes() const { return {data(), size()}; }

 private:
  Py_buffer view_;
};

// What a get returns; Python sees its bytes through the buffer protocol.
struct ReadValue {
  Value value;
  Generation generation;
  uint64_t whole_size = 0;  // bytes of the whole value, even if only a range was read
};

// A KeyValueStore; the pointer also keeps alive what the store needs.
struct Store {
  std::shared_ptr<KeyValueStore> store;
};

inline std::string_view BytesOf(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }
inline nb::bytes ToBytes(std::string_view bytes) { return nb::bytes(bytes.data(), bytes.size()); }

void BindGeneration(nb::module_& module);
void BindValue(nb::module_& module);
void BindStore(nb::module_& module);
void BindMany(nb::class_<Store>& store);
void BindWait(nb::class_<Store>& store);
void BindServer(nb::module_& module);
void BindGateway(nb::module_& module);

}  // namespace remote_dram::python

#endif  // REMOTE_DRAM_PYTHON_BIND_H_
