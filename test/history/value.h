// The values that a load writes: each is unique, names itself, and shows it if any part of it is not its own.
//
// A value is a row of cells of 16 bytes: its id, and a sum of the id, the cell's place and the value's size. So
// every byte of a whole value, and of a range that holds at least one cell, says where it belongs.
// Memory and threads: pure functions on what the caller passes.
// Failure: IdOf gives nothing for bytes that are not of one value, in their places.
// Limits: sizes are multiples of cell_bytes; an id carries the number of its size in its lowest byte.
#ifndef REMOTE_DRAM_TEST_HISTORY_VALUE_H_
#define REMOTE_DRAM_TEST_HISTORY_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace remote_dram::history {

inline constexpr uint64_t cell_bytes = 16;
// Through every way that a value can travel: within a header, along with one, and fetched.
inline constexpr uint64_t value_sizes[] = {16, 64, 512, 4096, 16 << 10, 64 << 10, 256 << 10, 4 << 20};
// The shortest range that holds a cell wherever it begins.
inline constexpr uint64_t range_bytes_min = 2 * cell_bytes - 1;

// The id of the `count`-th value of a writer. Neither 0 nor foreign_id.
uint64_t MakeId(uint32_t writer, uint32_t count, size_t size_number);
// Of a read that brought bytes which are no value.
inline constexpr uint64_t foreign_id = ~uint64_t{0};

// The size of the value with this id; 0 if there is none.
uint64_t ValueBytes(uint64_t id);

void FillValue(uint64_t id, char* to);

// The value of which these are the bytes from `offset` on, if they are. `value_bytes`: of the whole.
std::optional<uint64_t> IdOf(std::string_view bytes, uint64_t offset, uint64_t value_bytes);

}  // namespace remote_dram::history

#endif  // REMOTE_DRAM_TEST_HISTORY_VALUE_H_
