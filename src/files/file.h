#pragma once

// Files that hold keys, certificates and settings: read within bounds, written whole or not at all.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace chancery::files {

// What a system call's errno means to a caller: "writing /a/b: No space left on device".
std::unexpected<Error> failed_call(std::string_view doing, const std::string& path, int error);

// The whole file. ErrorCode::not_found when it does not exist; refused when it may not be read; invalid above
// `most_bytes`.
Result<Bytes> read_file(const std::string& path, std::size_t most_bytes = 16 * 1024 * 1024);
// A file of at most 64 KiB that holds a secret, without one trailing line break. With Privacy::owner_only it is refused
// when group or others may read it.
enum class Privacy : std::uint8_t { any, owner_only };
Result<SecretBytes> read_secret_file(const std::string& path, Privacy privacy = Privacy::any);

// Writes beside `path`, syncs, renames over it and syncs the folder: after a power cut there is the old file or the new
// one, never a part. Nobody whom the mode shuts out could read it in between. ErrorCode::unavailable when the disk is
// full or read-only.
Status write_file_atomically(const std::string& path, ByteView content, unsigned mode);
// The same, but ErrorCode::conflict when `path` exists.
Status create_file_atomically(const std::string& path, ByteView content, unsigned mode);

// Makes the folder and those above it, and syncs their names; an existing folder is left as it is.
Status make_folder(const std::string& path, unsigned mode);
[[nodiscard]] bool exists(const std::string& path);
// A file, or a link to one: neither a folder, nor a pipe or device.
[[nodiscard]] bool is_regular(const std::string& path);
// Names in a folder, sorted, without "." and "..".
Result<std::vector<std::string>> list_folder(const std::string& path);

}  // namespace chancery::files
