// Makes values as rows of cells, and checks them.
#include "history/value.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace remote_dram::history {
namespace {

struct Cell {
  uint64_t id;
  uint64_t sum;
};
static_assert(sizeof(Cell) == cell_bytes);

constexpr int kCountShift = 8;
constexpr int kWriterShift = 40;

// Two rounds of folding and multiplying by an odd number, so that every input bit affects every output bit.
uint64_t Mix(uint64_t bits) {
  bits = (bits ^ bits >> 31) * 0x9e3779b97f4a7c15;
  bits = (bits ^ bits >> 29) * 0xd6e8feb86659fd93;
  return bits ^ bits >> 32;
}

Cell CellOf(uint64_t id, uint64_t size_mixed, uint64_t place) { return {id, Mix(id + Mix(size_mixed + place))}; }

}  // namespace

uint64_t MakeId(uint32_t writer, uint32_t count, size_t size_number) {
  return uint64_t{writer + 1} << kWriterShift | uint64_t{count} << kCountShift | size_number;
}

uint64_t ValueBytes(uint64_t id) {
  const uint64_t number = id & 0xff;
  return number < std::size(value_sizes) ? value_sizes[number] : 0;
}

void FillValue(uint64_t id, char* to) {
  const uint64_t bytes = ValueBytes(id), size_mixed = Mix(bytes);
  for (uint64_t place = 0; place < bytes / cell_bytes; ++place) {
    const Cell cell = CellOf(id, size_mixed, place);
    std::memcpy(to + place * cell_bytes, &cell, cell_bytes);
  }
}

std::optional<uint64_t> IdOf(std::string_view bytes, uint64_t offset, uint64_t value_bytes) {
  const uint64_t end = offset + bytes.size();
  const uint64_t first_whole = (offset + cell_bytes - 1) / cell_bytes;
  if ((first_whole + 1) * cell_bytes > end || end > value_bytes) return std::nullopt;
  uint64_t id;
  std::memcpy(&id, bytes.data() + (first_whole * cell_bytes - offset), sizeof id);
  if (ValueBytes(id) != value_bytes) return std::nullopt;
  const uint64_t size_mixed = Mix(value_bytes);
  for (uint64_t place = offset / cell_bytes; place * cell_bytes < end; ++place) {
    const Cell cell = CellOf(id, size_mixed, place);
    const uint64_t begin = std::max(place * cell_bytes, offset);
    const uint64_t cell_end = std::min((place + 1) * cell_bytes, end);
    const char* const wanted = reinterpret_cast<const char*>(&cell) + begin % cell_bytes;
    if (std::memcmp(bytes.data() + (begin - offset), wanted, cell_end - begin) != 0) return std::nullopt;
  }
  return id;
}

}  // namespace remote_dram::history
