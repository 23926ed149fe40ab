#pragma once

// How much a message may hold. Both sides keep to them: what to_json() writes is what from_json() takes.

#include <cstddef>
#include <cstdint>

namespace chancery::wire {

inline constexpr std::int64_t current_version = 1;

inline constexpr std::size_t most_message_bytes = 1024 * 1024;
inline constexpr std::size_t most_name_bytes = 256;       // names of nodes, slots, services, stores, ids
inline constexpr std::size_t most_text_bytes = 4096;      // texts for people
inline constexpr std::size_t most_pem_bytes = 32 * 1024;  // a certificate request
inline constexpr std::size_t most_der_bytes = 32 * 1024;  // a certificate
inline constexpr std::size_t most_slots = 64;
inline constexpr std::size_t most_trust_entries = 512;
inline constexpr std::size_t most_stored_certificates = 1024;
inline constexpr std::size_t most_certificates = 16;         // whole ones in one message
inline constexpr std::size_t most_wanted_certificates = 16;  // asked for at once
inline constexpr std::size_t most_results = 64;
inline constexpr std::size_t most_events = 128;
inline constexpr std::size_t most_orders = 32;
inline constexpr std::size_t most_parameters = 32;
inline constexpr std::int64_t most_hold_seconds = 3600;
inline constexpr std::int64_t most_check_in_again_seconds = 7 * 24 * 3600;

}  // namespace chancery::wire
