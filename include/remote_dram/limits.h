// Every limit that a user can meet, with its unit. An error message names the exceeded limit as it is written here.
#ifndef REMOTE_DRAM_LIMITS_H_
#define REMOTE_DRAM_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace remote_dram {

// A key is any byte string; it may be empty. The limit lets a key fit into the header of one UCX active message.
inline constexpr size_t key_bytes_max = 4096;

// A server may set a lower limit (ServerOptions::value_bytes_max).
inline constexpr uint64_t value_bytes_max = uint64_t{1} << 40;

// Of one page of a listing: its entries, and their bytes (each key, plus 16).
inline constexpr uint32_t list_entries_max = 16384;
inline constexpr uint32_t list_page_bytes_max = 1 << 20;

// Of one batch of reads or writes: its operations, and the bytes of their keys and values in the request and in the
// reply.
inline constexpr uint32_t batch_operations_max = 16384;
inline constexpr uint64_t batch_bytes_max = 64 << 20;
inline constexpr uint64_t batch_reply_bytes_max = 64 << 20;

// Of one transaction: its operations, and the bytes of all keys and values. The keys alone must also fit batch_bytes_max.
// A value of at least transaction_value_ahead_min bytes is sent ahead of the transaction, in a message of its own.
inline constexpr uint32_t transaction_keys_max = 16384;
inline constexpr uint64_t transaction_bytes_max = uint64_t{4} << 30;
inline constexpr uint64_t transaction_value_ahead_min = 64 << 10;

// Of one connection: the requests that are sent and not yet answered, and the calls that wait in the client until they
// can be sent. Waits take at most half of the requests in flight.
inline constexpr uint32_t requests_in_flight_max = 1024;
inline constexpr uint32_t requests_waiting_max = 1 << 20;

// Of one connection: the values that the client holds as views (GetOptions::view), and their bytes. A read beyond these
// limits returns a copy instead of a view.
inline constexpr uint32_t views_max = 960;
inline constexpr uint64_t pinned_bytes_max = uint64_t{4} << 30;

// Of one server.
inline constexpr uint32_t connections_max = 4096;
inline constexpr int server_threads_max = 64;

// The defaults of ClientOptions::timeout and ClientOptions::connect_timeout.
inline constexpr std::chrono::milliseconds timeout_default{30'000};
inline constexpr std::chrono::milliseconds connect_timeout_default{10'000};

// A longer time-out counts as this one.
inline constexpr std::chrono::milliseconds timeout_max = std::chrono::hours(24 * 365);

// How long a new connection to a server may take to complete its greeting; a server closes one that takes longer.
inline constexpr std::chrono::milliseconds hello_timeout{5'000};

}  // namespace remote_dram

#endif  // REMOTE_DRAM_LIMITS_H_
