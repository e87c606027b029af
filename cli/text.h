// Parsing and formatting of what the command line reads and shows: sizes, byte ranges, addresses, keys.
//
// Memory and threads: pure functions on what the caller passes.
// Failure: text that is not understood is INVALID_ARGUMENT; the message shows what to write instead.
#ifndef REMOTE_DRAM_CLI_TEXT_H_
#define REMOTE_DRAM_CLI_TEXT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "remote_dram/status.h"
#include "remote_dram/verbs.h"

namespace remote_dram::cli {

// "8GiB", "512 MiB", "1.5GiB", "768". Units are powers of 1024; "8GB" is refused, for it could mean either.
Result<uint64_t> ParseSize(std::string_view text);

// Returns the text itself, if it is not longer than key_bytes_max.
Result<std::string> ParseKey(std::string_view text);

// "A:B" the bytes [A, B) · "A:" from A on · ":B" the first B · "-N:" the last N.
Result<ByteRange> ParseRange(std::string_view text);

// A generation in hexadecimal, as `put` prints it; Unknown is refused.
Result<Generation> ParseGeneration(std::string_view text);

// The bytes that hexadecimal digits stand for: "0a1bff", in upper or lower case.
Result<std::string> ParseHex(std::string_view text);

// "660" or "0660": permissions of a file, as chmod takes them.
Result<unsigned> ParseMode(std::string_view text);

// Seconds, perhaps with a fraction; at least 1 ms, at most timeout_max.
Result<std::chrono::milliseconds> ParseTimeout(std::string_view text);

// "8 GiB", "6.1 GiB", "768 bytes".
std::string ShowSize(uint64_t bytes);

// "3 d 4 h", "12 min 5 s", "7 s": the two largest units.
std::string ShowDuration(uint64_t milliseconds);

bool IsUtf8(std::string_view text);

// The bytes as hexadecimal digits: "0a1bff".
std::string Hex(std::string_view bytes);

// The text with control characters, and bytes that are not UTF-8, written as \x.., so that it cannot control a terminal.
std::string WithoutControls(std::string_view text);

// A key for messages: WithoutControls, in quotes, truncated after 64 bytes.
std::string Quoted(std::string_view key);

// True if the port of HOST:PORT is 0, that is, the system chooses it.
bool HasPortZero(std::string_view address);

}  // namespace remote_dram::cli

#endif  // REMOTE_DRAM_CLI_TEXT_H_
