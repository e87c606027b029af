// Generation and Value in Python, and the buffers that Python lends.
#include <nanobind/stl/string.h>

#include "bind.h"

namespace remote_dram::python {
namespace {

int ExportBytes(PyObject* self, Py_buffer* view, int flags) {
  const std::string_view bytes = nb::inst_ptr<ReadValue>(self)->value.bytes();
  char* data = const_cast<char*>(bytes.empty() ? "" : bytes.data());
  return PyBuffer_FillInfo(view, self, data, static_cast<Py_ssize_t>(bytes.size()), /*readonly=*/1, flags);
}

nb::object SameBytes(const ReadValue& value, nb::handle other) {
  if (!PyObject_CheckBuffer(other.ptr())) return nb::borrow(Py_NotImplemented);
  return nb::bool_(Buffer(other, Buffer::Use::kRead).bytes() == value.value.bytes());
}

// NumPy lends the memory of an array of Python objects, too, which are only addresses in this process.
bool HasObjects(nb::handle buffer) {
  if (PyBytes_Check(buffer.ptr())) return false;  // most values: spare them a search for an attribute that they lack
  return nb::getattr(nb::getattr(buffer, "dtype", nb::none()), "hasobject", nb::none()).is(nb::bool_(true));
}

}  // namespace

Buffer::Buffer(nb::handle object, Use use) {
  if (HasObjects(object)) throw nb::type_error("an array of Python objects has no bytes of its own (its dtype is, or has, object)");
  const int flags = use == Use::kWrite ? PyBUF_WRITABLE : PyBUF_SIMPLE;
  if (PyObject_GetBuffer(object.ptr(), &view_, flags) == 0) return;
  if (PyErr_ExceptionMatches(PyExc_TypeError)) throw nb::python_error();  // Python's own error: not a buffer at all
  nb::raise_from(*std::make_unique<nb::python_error>(), PyExc_ValueError,
                 use == Use::kWrite ? "a get reads into writable, C-contiguous memory"
                                    : "a value must be C-contiguous (numpy.ascontiguousarray makes it so)");
}

void BindGeneration(nb::module_& module) {
  nb::class_<Generation>(module, "Generation")
      .def_static("from_bytes", [](const nb::bytes& b) { return Generation::FromBytes(BytesOf(b)); })
      .def("__bytes__", [](const Generation& g) { return ToBytes(g.ToBytes()); })
      .def("hex", &Generation::ToHex)
      .def("__repr__", [](const Generation& g) { return "Generation(" + g.ToHex() + ")"; })
      .def("__hash__", [](const Generation& g) { return g.incarnation() ^ g.sequence(); })
      .def("__eq__", [](const Generation& a, const Generation& b) { return a == b; }, nb::is_operator())
      .def_prop_ro_static("MISSING", [](nb::handle) { return Generation::Missing(); });
}

void BindValue(nb::module_& module) {
  static PyType_Slot slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(ExportBytes)}, {0, nullptr}};
  auto value = nb::class_<ReadValue>(module, "Value", nb::type_slots(slots));
  value.def("__len__", [](const ReadValue& v) { return v.value.size(); })
      .def("__eq__", &SameBytes, nb::is_operator())
      .def("__repr__",
           [](const ReadValue& v) {
             const std::string size = std::to_string(v.value.size());
             return "<Value: " + size + " bytes, generation " + v.generation.ToHex() + ">";
           })
      .def_ro("generation", &ReadValue::generation)
      .def_ro("whole_size", &ReadValue::whole_size);
  value.attr("__hash__") = nb::none();
}

}  // namespace remote_dram::python
