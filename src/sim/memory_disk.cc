#include "sim/memory_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <new>

#include "base/check.h"

namespace chancery::sim {
namespace {

constexpr std::size_t chunk_size = 64 * 1024;
using Chunk = std::array<std::uint8_t, chunk_size>;

// How a handle holds one of the locks of shared memory.
enum class Hold : std::uint8_t { none, shared, exclusive };

}  // namespace

struct MemoryDisk::File {
  std::vector<std::unique_ptr<Chunk>> chunks;
  std::size_t size = 0;
  int handles = 0;

  // Locks of the file (https://www.sqlite.org/lockingv3.html): who reads, and the one who will write, or does.
  int readers = 0;
  const Handle* reserved = nullptr;
  bool exclusive = false;

  // The index of the log, shared by all connections, and its locks: how many share each, -1 for one alone.
  std::vector<std::unique_ptr<std::uint8_t[]>> regions;
  std::array<int, SQLITE_SHM_NLOCK> shared{};

  // Calls `work` with each piece of memory that the range consists of.
  template <class Work>
  void each_piece(std::size_t offset, std::size_t count, Work work) {
    for (std::size_t done = 0; done < count;) {
      const std::size_t at = (offset + done) % chunk_size;
      const std::size_t length = std::min(count - done, chunk_size - at);
      work(chunks[(offset + done) / chunk_size]->data() + at, done, length);
      done += length;
    }
  }
  void resize(std::size_t wanted) {
    while (chunks.size() * chunk_size < wanted) chunks.push_back(std::make_unique<Chunk>());
    // What is cut off reads as zeros when the file grows over it again.
    if (wanted < size)
      each_piece(wanted, size - wanted,
                 [](std::uint8_t* piece, std::size_t, std::size_t length) { std::fill_n(piece, length, 0); });
    size = wanted;
    chunks.resize((wanted + chunk_size - 1) / chunk_size);
  }
};

// What SQLite allocates for each open file.
struct MemoryDisk::Handle {
  sqlite3_file base;
  MemoryDisk* disk;
  File* file;
  int lock;  // SQLITE_LOCK_…
  std::array<Hold, SQLITE_SHM_NLOCK> holds;
};

struct MemoryDisk::Shim {
  static Handle& ours(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
    auto* disk = static_cast<MemoryDisk*>(vfs->pAppData);
    file->pMethods = nullptr;
    // Temporary files have no name; the hub's database needs none, for they stay in SQLite's memory.
    if (path == nullptr) return SQLITE_CANTOPEN;
    const std::scoped_lock lock(disk->mutex_);
    const auto found = disk->files_.find(path);
    if (found == disk->files_.end() && (flags & SQLITE_OPEN_READWRITE) == 0) return SQLITE_CANTOPEN;
    std::unique_ptr<File>& place = found == disk->files_.end() ? disk->files_[path] : found->second;
    if (place == nullptr) place = std::make_unique<File>();
    ++place->handles;
    new (file) Handle{
        .base = {.pMethods = &methods}, .disk = disk, .file = place.get(), .lock = SQLITE_LOCK_NONE, .holds = {}};
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
  }

  static int close(sqlite3_file* file) {
    unlock(file, SQLITE_LOCK_NONE);
    shm_unmap(file, 0);
    Handle& handle = ours(file);
    const std::scoped_lock lock(handle.disk->mutex_);
    // The index of the log is made anew by who opens the database then.
    if (--handle.file->handles == 0) handle.file->regions.clear();
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int) {
    auto* disk = static_cast<MemoryDisk*>(vfs->pAppData);
    const std::scoped_lock lock(disk->mutex_);
    const auto found = disk->files_.find(path);
    if (found == disk->files_.end()) return SQLITE_IOERR_DELETE_NOENT;
    CHECK(found->second->handles == 0);
    disk->files_.erase(found);
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* path, int, int* result) {
    auto* disk = static_cast<MemoryDisk*>(vfs->pAppData);
    const std::scoped_lock lock(disk->mutex_);
    *result = disk->files_.contains(path) ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    const std::size_t length = std::strlen(path);
    if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::copy_n(path, length + 1, out);
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* out, int count, sqlite3_int64 offset) {
    File& content = *ours(file).file;
    const std::scoped_lock lock(ours(file).disk->mutex_);
    auto* bytes = static_cast<std::uint8_t*>(out);
    const auto from = static_cast<std::size_t>(offset), wanted = static_cast<std::size_t>(count);
    const std::size_t there = from < content.size ? std::min(wanted, content.size - from) : 0;
    content.each_piece(from, there, [bytes](const std::uint8_t* piece, std::size_t at, std::size_t length) {
      std::copy_n(piece, length, bytes + at);
    });
    std::fill(bytes + there, bytes + wanted, 0);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* file, const void* in, int count, sqlite3_int64 offset) {
    File& content = *ours(file).file;
    const std::scoped_lock lock(ours(file).disk->mutex_);
    const auto* bytes = static_cast<const std::uint8_t*>(in);
    const auto from = static_cast<std::size_t>(offset), wanted = static_cast<std::size_t>(count);
    if (from + wanted > content.size) content.resize(from + wanted);
    content.each_piece(from, wanted, [bytes](std::uint8_t* piece, std::size_t at, std::size_t length) {
      std::copy_n(bytes + at, length, piece);
    });
    return SQLITE_OK;
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const std::scoped_lock lock(ours(file).disk->mutex_);
    ours(file).file->resize(static_cast<std::size_t>(size));
    return SQLITE_OK;
  }

  static int sync(sqlite3_file*, int) { return SQLITE_OK; }

  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    const std::scoped_lock lock(ours(file).disk->mutex_);
    *size = static_cast<sqlite3_int64>(ours(file).file->size);
    return SQLITE_OK;
  }

  static int lock(sqlite3_file* file, int level) {
    Handle& handle = ours(file);
    File& content = *handle.file;
    const std::scoped_lock lock(handle.disk->mutex_);
    if (handle.lock >= level) return SQLITE_OK;
    if (handle.lock == SQLITE_LOCK_NONE) {
      if (content.exclusive) return SQLITE_BUSY;
      ++content.readers;
      handle.lock = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
    if (content.reserved != nullptr && content.reserved != &handle) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && content.readers > 1) return SQLITE_BUSY;
    content.reserved = &handle;
    content.exclusive = level == SQLITE_LOCK_EXCLUSIVE;
    handle.lock = level;
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* file, int level) {
    Handle& handle = ours(file);
    File& content = *handle.file;
    const std::scoped_lock lock(handle.disk->mutex_);
    if (handle.lock <= level) return SQLITE_OK;
    if (content.reserved == &handle) {
      content.reserved = nullptr;
      content.exclusive = false;
    }
    if (level == SQLITE_LOCK_NONE) --content.readers;
    handle.lock = level;
    return SQLITE_OK;
  }

  static int check_reserved_lock(sqlite3_file* file, int* result) {
    const std::scoped_lock lock(ours(file).disk->mutex_);
    *result = ours(file).file->reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
  }

  static int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 4096; }
  // As the system's: what is beside a write stays as it is when the power goes.
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    const std::scoped_lock lock(ours(file).disk->mutex_);
    auto& regions = ours(file).file->regions;
    const auto wanted = static_cast<std::size_t>(region);
    while (extend != 0 && regions.size() <= wanted)
      regions.push_back(std::make_unique<std::uint8_t[]>(static_cast<std::size_t>(size)));
    *out = wanted < regions.size() ? regions[wanted].get() : nullptr;
    return SQLITE_OK;
  }

  static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    Handle& handle = ours(file);
    const std::scoped_lock lock(handle.disk->mutex_);
    const auto first = static_cast<std::size_t>(offset), end = first + static_cast<std::size_t>(count);
    auto& shared = handle.file->shared;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      for (std::size_t at = first; at < end; ++at) let_go(handle, at);
      return SQLITE_OK;
    }
    const bool alone = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (std::size_t at = first; at < end; ++at)
      if (handle.holds[at] == Hold::none && (alone ? shared[at] != 0 : shared[at] < 0)) return SQLITE_BUSY;
    for (std::size_t at = first; at < end; ++at) {
      if (handle.holds[at] != Hold::none) continue;
      shared[at] = alone ? -1 : shared[at] + 1;
      handle.holds[at] = alone ? Hold::exclusive : Hold::shared;
    }
    return SQLITE_OK;
  }

  static void shm_barrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

  static int shm_unmap(sqlite3_file* file, int remove_too) {
    Handle& handle = ours(file);
    const std::scoped_lock lock(handle.disk->mutex_);
    for (std::size_t at = 0; at < handle.holds.size(); ++at) let_go(handle, at);
    if (remove_too != 0) handle.file->regions.clear();
    return SQLITE_OK;
  }

  static void let_go(Handle& handle, std::size_t at) {
    int& shared = handle.file->shared[at];
    if (handle.holds[at] == Hold::exclusive) shared = 0;
    if (handle.holds[at] == Hold::shared) --shared;
    handle.holds[at] = Hold::none;
  }

  static const sqlite3_io_methods methods;
};

// Version 2: shared memory, and no memory maps.
const sqlite3_io_methods MemoryDisk::Shim::methods = {
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

MemoryDisk::MemoryDisk() {
  static std::atomic<int> count = 0;
  name_ = "memory-disk-" + std::to_string(++count);
  // Only before SQLite is used first, which is now or was by sql/, which says the same.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_initialize();
  shim_ = std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find(nullptr));
  shim_->pNext = nullptr;
  shim_->zName = name_.c_str();
  shim_->pAppData = this;
  shim_->szOsFile = static_cast<int>(sizeof(Handle));
  shim_->xOpen = Shim::open;
  shim_->xDelete = Shim::remove;
  shim_->xAccess = Shim::access;
  shim_->xFullPathname = Shim::full_path;
  CHECK(sqlite3_vfs_register(shim_.get(), 0) == SQLITE_OK);
}

MemoryDisk::~MemoryDisk() { sqlite3_vfs_unregister(shim_.get()); }

}  // namespace chancery::sim
