// Reads the table's limits, doors and case names; the steps of a case are checked when it runs.
#include "semantics/table.h"

#include <cctype>
#include <set>

namespace remote_dram::semantics {
namespace {

// Refuses duplicate fields: nlohmann::json would keep only one of them, and silently drop a check.
Json Parse(std::istream& text) {
  std::vector<std::set<std::string>> names;
  const auto look = [&names](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key && !names.back().insert(parsed.get<std::string>()).second) {
      throw TableError("the field " + parsed.dump() + " is there twice in one object");
    }
    return true;
  };
  return Json::parse(text, look);
}

// The verbs and arguments that a case uses: "get", "range", "get range".
void WordsOf(const Json& json, std::string verb, std::set<std::string>* words) {
  if (json.is_object()) verb = json.value("do", verb);
  for (const auto& [name, value] : json.items()) {
    if (json.is_object() && name == "do") words->insert(verb);
    if (json.is_object() && name != "do") words->insert({name, verb + " " + name});
    if (value.is_structured() && name != "expect") WordsOf(value, verb, words);
  }
}

void CheckCases(const Table& table) {
  std::set<std::string> names;
  for (const Json& entry : table.cases) {
    const std::string name = Fields(entry, "case").Text("name");
    if (!names.insert(TestName(name)).second) throw TableError("two cases are called \"" + name + "\"");
    const Json cannot = entry.value("cannot", Json::object());
    for (const auto& [door, why] : cannot.items()) {
      if (table.doors.count(door) == 0)
        throw TableError("\"" + name + "\" names a door \"" + door + "\", which does not exist");
      if (why.get<std::string>().empty())
        throw TableError("\"" + name + "\" does not say why " + door + " cannot");
    }
  }
}

}  // namespace

std::string Table::WhyNot(const std::string& door, const Json& entry) const {
  if (const Json cannot = entry.value("cannot", Json::object()); cannot.contains(door))
    return cannot.at(door);
  std::set<std::string> words;
  WordsOf(entry.at("steps"), "", &words);
  for (const auto& [word, why] : doors.at(door).cannot) {
    if (words.count(word) > 0) return word + ": " + why;
  }
  return "";
}

Table ReadTable(std::istream& text) {
  const Json json = Parse(text);
  Fields root(json, "table");
  Table table;
  root.Find("about");
  for (const auto& [name, value] : root.Need("limits").items())
    table.limits[name] = value.get<uint64_t>();
  for (const auto& [name, value] : root.Need("doors").items()) {
    Fields door(value, "door " + name);
    table.doors[name].is = door.Text("is");
    if (const Json* cannot = door.Find("cannot"))
      table.doors[name].cannot = cannot->get<std::map<std::string, std::string>>();
    for (const char* const of_others : {"untold", "reworded"}) door.Find(of_others);
    door.Finish();
  }
  table.cases = root.Need("cases").get<std::vector<Json>>();
  root.Finish();
  CheckCases(table);
  return table;
}

std::string TestName(std::string_view sentence) {
  std::string name;
  bool begins = true;
  for (const char c : sentence) {
    const bool counts = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (counts)
      name.push_back(begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c);
    begins = !counts && c != '\'';
  }
  return name;
}

}  // namespace remote_dram::semantics
