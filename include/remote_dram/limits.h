// Every limit that a user can meet, with its unit. A refusal names the limit as it is written here.
#ifndef REMOTE_DRAM_LIMITS_H_
#define REMOTE_DRAM_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace remote_dram {

// A key is a byte string, empty and binary ones included. One active-message header carries it.
inline constexpr size_t key_bytes_max = 4096;

// A server may set a lower one (ServerOptions::value_bytes_max).
inline constexpr uint64_t value_bytes_max = uint64_t{1} << 40;

// One page of a listing.
inline constexpr uint32_t list_entries_max = 16384;
inline constexpr uint32_t list_page_bytes_max = 1 << 20;

// One batch of reads or writes, and one transaction: its operations, and the bytes of keys and values in its
// message. Values of a transaction from transaction_value_ahead_min on travel ahead of it, one by one, and
// count in transaction_bytes_max.
inline constexpr uint32_t batch_operations_max = 16384;
inline constexpr uint64_t batch_bytes_max = 64 << 20;
inline constexpr uint64_t batch_reply_bytes_max = 64 << 20;
inline constexpr uint32_t transaction_keys_max = 16384;
inline constexpr uint64_t transaction_bytes_max = uint64_t{4} << 30;
inline constexpr uint64_t transaction_value_ahead_min = 64 << 10;

// Per connection: sent and not yet answered; further calls wait in the client, up to the second limit.
inline constexpr uint32_t requests_in_flight_max = 1024;
inline constexpr uint32_t requests_waiting_max = 1 << 20;

// Values that a client holds as views (GetOptions::view), per connection, and their bytes. Beyond that, reads
// are copies.
inline constexpr uint32_t views_max = 960;
inline constexpr uint64_t pinned_bytes_max = uint64_t{4} << 30;

inline constexpr uint32_t connections_max = 4096;
inline constexpr int server_threads_max = 64;

// Default deadlines; each call and each connection may have its own.
inline constexpr std::chrono::milliseconds timeout_default{30'000};
inline constexpr std::chrono::milliseconds connect_timeout_default{10'000};

// How long a server waits for a connection to introduce itself.
inline constexpr std::chrono::milliseconds hello_timeout{5'000};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LIMITS_H_
