// The planted fault, if any. Without REMOTE_DRAM_PLANTED_FAULTS this file is empty.
#include "base/planted_fault.h"

#ifdef REMOTE_DRAM_PLANTED_FAULTS

#include <optional>

namespace remote_dram::base {
namespace {

std::optional<PlantedFault> planted;

constexpr struct {
  PlantedFault fault;
  std::string_view name, what;
} kFaults[] = {
#define X(name, what) {PlantedFault::name, #name, what},
    REMOTE_DRAM_PLANTED_FAULT_LIST(X)
#undef X
};

}  // namespace

bool Planted(PlantedFault fault) { return planted == fault; }

std::string_view Plant(std::string_view name) {
  for (const auto& each : kFaults) {
    if (each.name != name) continue;
    planted = each.fault;
    return each.what;
  }
  return {};
}

}  // namespace remote_dram::base

#endif
