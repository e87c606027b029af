// The module remote_dram._native: the parts of the C++ library that the Python package needs; convenience is in Python.
#include <nanobind/stl/string.h>

#include "bind.h"

namespace remote_dram::python {

nb::object ErrorOf(const Status& status) {
  const nb::object errors = nb::module_::import_("remote_dram._errors");
  const int code = static_cast<int>(status.code());
  return errors.attr("from_status")(code, status.message(), status.outcome_unknown());
}

void Raise(const Status& status) {
  const nb::object error = ErrorOf(status);
  PyErr_SetObject(error.type().ptr(), error.ptr());
  throw nb::python_error();
}

}  // namespace remote_dram::python

NB_MODULE(_native, module) {
  // Objects that live until the interpreter ends are not a defect: a module may hold a connection on purpose.
  nanobind::set_leak_warnings(false);
  module.attr("version") = REMOTE_DRAM_VERSION;
  remote_dram::python::BindGeneration(module);
  remote_dram::python::BindValue(module);
  remote_dram::python::BindStore(module);
  remote_dram::python::BindServer(module);
  remote_dram::python::BindGateway(module);
}
