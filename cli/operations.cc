// Parsing lines of JSON into operations. Each known field is taken out of its object; a field that is left is an error.
#include "cli/operations.h"

#include <array>
#include <optional>
#include <utility>

#include "cli/json.h"
#include "cli/text.h"

namespace remote_dram::cli {
namespace {

using Kind = WriteOperation::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 4> kKinds = {{{"put", Kind::kPut},
                                                                      {"delete", Kind::kDelete},
                                                                      {"check", Kind::kCheck},
                                                                      {"delete_range", Kind::kDeleteRange}}};

Status Invalid(std::string message) { return Status(StatusCode::kInvalidArgument, std::move(message)); }

// Takes the fields out of one JSON object, and remembers the first failure.
class Fields {
 public:
  explicit Fields(Json object) : object_(std::move(object)) {}

  std::optional<std::string> Text(const char* name) {
    const std::optional<Json> field = Take(name);
    if (!field) return std::nullopt;
    if (field->is_string()) return field->get<std::string>();
    Fail("\"" + std::string(name) + "\" is a text");
    return std::nullopt;
  }

  // The bytes of the field NAME, which is text, or NAME_hex, which is hexadecimal; nothing if there is neither.
  std::optional<std::string> Bytes(const std::string& name) {
    std::optional<std::string> text = Text(name.c_str());
    const std::optional<std::string> hex = Text((name + "_hex").c_str());
    if (text && hex) Fail("give " + name + " or " + name + "_hex, not both");
    if (!hex) return text;
    Result<std::string> bytes = ParseHex(*hex);
    if (!bytes.ok()) Fail(bytes.status().message());
    return bytes.ok() ? *std::move(bytes) : std::string();
  }

  bool Flag(const char* name) {
    const std::optional<Json> field = Take(name);
    if (field && !field->is_boolean()) Fail("\"" + std::string(name) + "\" is true or false");
    return field && field->is_boolean() && field->get<bool>();
  }

  void Fail(std::string why) {
    if (status_.ok()) status_ = Invalid(std::move(why));
  }

  // The first failure; a field that is left is one, too.
  Status End() {
    if (!object_.empty()) Fail("unknown field " + Quoted(object_.begin().key()) + "; see remote-dram transact --help");
    return status_;
  }

 private:
  std::optional<Json> Take(const char* name) {
    const auto at = object_.find(name);
    if (at == object_.end()) return std::nullopt;
    Json field = std::move(*at);
    object_.erase(at);
    return field;
  }

  Json object_;
  Status status_;
};

Generation Condition(Fields& fields) {
  const std::optional<std::string> hex = fields.Text("if_generation");
  const bool absent = fields.Flag("if_absent");
  if (hex && absent) fields.Fail("give if_generation or if_absent, not both");
  if (!hex) return absent ? Generation::Missing() : Generation::Unknown();
  const Result<Generation> generation = ParseGeneration(*hex);
  if (!generation.ok()) fields.Fail(generation.status().message());
  return generation.ok() ? *generation : Generation::Unknown();
}

// The value of a put, from value, value_hex or value_file; `owner` then owns the bytes.
Result<Pieces> TakeValue(Fields& fields, Operations& owner) {
  const std::optional<std::string> file = fields.Text("value_file");
  std::optional<std::string> bytes = fields.Bytes("value");
  if (file.has_value() == bytes.has_value()) fields.Fail("a put has one of value, value_hex and value_file");
  if (file && (file->empty() || *file == "-")) fields.Fail("value_file names a file");
  if (Status status = fields.End(); !status.ok()) return status;
  if (bytes) return Pieces{owner.texts.emplace_back(*std::move(bytes))};
  Result<Input> input = Input::Read(*file, transaction_bytes_max);
  if (!input.ok()) return input.status();
  return owner.files.emplace_back(*std::move(input)).pieces();
}

Status ParseLine(std::string_view line, Operations& operations) {
  Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return Invalid("this is no JSON object: " + Quoted(line));
  Fields fields(std::move(object));
  const std::string name = fields.Text("op").value_or("");
  WriteOperation operation;
  bool known = false;
  for (const auto& [kind_name, kind] : kKinds) {
    if (kind_name == name) operation.kind = kind, known = true;
  }
  if (!known) return Invalid("\"op\" is put, delete, check or delete_range, not " + Quoted(name));

  const bool range = operation.kind == Kind::kDeleteRange;
  const std::optional<std::string> key = fields.Bytes(range ? "prefix" : "key");
  if (!key) fields.Fail(name + (range ? " needs a prefix; \"\" is every key" : " needs a key"));
  operation.key = key.value_or("");
  if (range) {
    operation.end = KeyRange::Prefix(operation.key).end;
  } else {
    operation.if_generation = Condition(fields);
  }
  if (operation.kind == Kind::kCheck && !operation.if_generation.known()) {
    fields.Fail("check needs if_generation or if_absent");
  }
  if (operation.kind == Kind::kPut) {
    Result<Pieces> value = TakeValue(fields, operations);
    if (!value.ok()) return value.status();
    operation.value = *std::move(value);
  }
  if (Status status = fields.End(); !status.ok()) return status;
  operations.list.push_back(std::move(operation));
  return Status();
}

}  // namespace

Result<Operations> Operations::Parse(std::string_view lines) {
  Operations operations;
  for (size_t number = 1; !lines.empty(); ++number) {
    const size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (Status status = ParseLine(line, operations); !status.ok()) {
      return status.WithContext("line " + std::to_string(number));
    }
  }
  return operations;
}

std::string_view NameOf(Kind kind) {
  for (const auto& [name, named] : kKinds) {
    if (named == kind) return name;
  }
  return "";
}

}  // namespace remote_dram::cli
