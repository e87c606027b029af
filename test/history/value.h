// The values that a load writes: each is unique, contains its own id, and reveals any byte that is not its own.
//
// A value is a row of cells of 16 bytes: its id, and a checksum of the id, the cell's index and the value's size. So
// every byte of a whole value, or of a range that holds at least one cell, can be checked against its place.
// Memory and threads: pure functions on what the caller passes.
// Failure: IdOf returns nothing for bytes that do not belong to one value, at their places.
// Limits: sizes are multiples of cell_bytes; an id carries the number of its size in its lowest byte.
#ifndef REMOTE_DRAM_TEST_HISTORY_VALUE_H_
#define REMOTE_DRAM_TEST_HISTORY_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace remote_dram::history {

inline constexpr uint64_t cell_bytes = 16;
// The sizes cover every way in which a value can travel: within a message's header, as its payload, and fetched separately.
inline constexpr uint64_t value_sizes[] = {16, 64, 512, 4096, 16 << 10, 64 << 10, 256 << 10, 4 << 20};
// The shortest range that holds a whole cell, wherever the range begins.
inline constexpr uint64_t range_bytes_min = 2 * cell_bytes - 1;

// The id of the `count`-th value of a writer. Neither 0 nor foreign_id.
uint64_t MakeId(uint32_t writer, uint32_t count, size_t size_number);
// The id recorded for a read whose bytes are not a value.
inline constexpr uint64_t foreign_id = ~uint64_t{0};

// The size of the value with this id; 0 if there is none.
uint64_t ValueBytes(uint64_t id);

void FillValue(uint64_t id, char* to);

// The id of the value that has these bytes from `offset` on; nothing if there is none. `value_bytes`: the whole size.
std::optional<uint64_t> IdOf(std::string_view bytes, uint64_t offset, uint64_t value_bytes);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_VALUE_H_
