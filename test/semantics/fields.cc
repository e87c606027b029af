// Reads the fields of a JSON object, and finds those that were not read.
#include "semantics/fields.h"

#include <utility>

namespace remote_dram::semantics {

Fields::Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
  if (!object.is_object()) Refuse("not an object: " + object.dump().substr(0, 80));
}

const Json* Fields::Find(const char* name) {
  asked_.insert(name);
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

const Json& Fields::Need(const char* name) {
  const Json* found = Find(name);
  if (found == nullptr) Refuse(std::string("needs the field \"") + name + "\"");
  return *found;
}

std::string Fields::Text(const char* name) {
  const Json& found = Need(name);
  if (!found.is_string()) Refuse(std::string("\"") + name + "\" is not a text");
  return found.get<std::string>();
}

bool Fields::Flag(const char* name) {
  const Json* found = Find(name);
  if (found != nullptr && !found->is_boolean())
    Refuse(std::string("\"") + name + "\" is neither true nor false");
  return found != nullptr && found->get<bool>();
}

void Fields::Finish() const {
  for (const auto& [name, value] : object_.items()) {
    if (asked_.count(name) == 0) Refuse("nobody knows the field \"" + name + "\"");
  }
}

}  // namespace remote_dram::semantics
