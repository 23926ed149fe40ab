#include "testing/faulty_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>

#include "base/check.h"

namespace chancery::testing {
namespace {

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

struct FaultyDisk::Shim {
  // What SQLite allocates for each open file: ours, and behind it the system's.
  struct File {
    sqlite3_file base;
    FaultyDisk* disk;
    Image* image;  // null for files that a power cut does not concern

    [[nodiscard]] sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static File& ours(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  static const sqlite3_io_methods& methods_below(sqlite3_file* file) { return *ours(file).below()->pMethods; }
  static sqlite3_vfs* system() { return sqlite3_vfs_find(nullptr); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
    auto* disk = static_cast<FaultyDisk*>(vfs->pAppData);
    File* made = new (file) File{{}, disk, nullptr};
    const bool kept = path != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
    if (kept) {
      const std::scoped_lock lock(disk->mutex_);
      // What is there when the disk is first told of a file counts as synced.
      const auto [place, is_new] = disk->images_.try_emplace(path);
      if (is_new) place->second.synced = read_file(path);
      made->image = &place->second;
    }
    const int code = system()->xOpen(system(), path, made->below(), flags, flags_out);
    // SQLite calls xClose if and only if there are methods.
    if (made->below()->pMethods != nullptr) made->base.pMethods = &methods;
    return code;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    auto* disk = static_cast<FaultyDisk*>(vfs->pAppData);
    const std::scoped_lock lock(disk->mutex_);
    if (disk->power_is_cut_) return SQLITE_IOERR_DELETE;
    if (const auto found = disk->images_.find(path); found != disk->images_.end()) found->second = {};
    return system()->xDelete(system(), path, sync_directory);
  }

  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    FaultyDisk& disk = *ours(file).disk;
    const std::scoped_lock lock(disk.mutex_);
    if (disk.power_is_cut_) return SQLITE_IOERR_WRITE;
    if (disk.space_) {
      if (*disk.space_ < size) return SQLITE_FULL;
      *disk.space_ -= size;
    }
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    if (ours(file).image != nullptr) ours(file).image->unsynced.push_back(Write{offset, Bytes(bytes, bytes + size)});
    return methods_below(file).xWrite(ours(file).below(), data, size, offset);
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    FaultyDisk& disk = *ours(file).disk;
    const std::scoped_lock lock(disk.mutex_);
    if (disk.power_is_cut_) return SQLITE_IOERR_TRUNCATE;
    if (ours(file).image != nullptr) ours(file).image->unsynced.push_back(Truncate{size});
    return methods_below(file).xTruncate(ours(file).below(), size);
  }

  // The system's sync is left out: the image says what is durable.
  static int sync(sqlite3_file* file, int) {
    FaultyDisk& disk = *ours(file).disk;
    const std::scoped_lock lock(disk.mutex_);
    ++disk.syncs_;
    if (disk.power_is_cut_) return SQLITE_IOERR_FSYNC;
    const bool cut_now = disk.syncs_until_cut_ > 0 && --disk.syncs_until_cut_ == 0;
    disk.power_is_cut_ = cut_now;
    if (cut_now && !disk.cut_after_sync_) return SQLITE_IOERR_FSYNC;
    if (disk.syncs_to_fail_ > 0) {
      --disk.syncs_to_fail_;
      return SQLITE_IOERR_FSYNC;
    }
    if (Image* image = ours(file).image; image != nullptr) {
      for (const auto& change : image->unsynced) apply(image->synced, change);
      image->unsynced.clear();
    }
    return cut_now ? SQLITE_IOERR_FSYNC : SQLITE_OK;
  }

  static int close(sqlite3_file* file) {
    const int code = methods_below(file).xClose(ours(file).below());
    ours(file).base.pMethods = nullptr;
    return code;
  }

  // What passes through as it is.
  static int read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
    return methods_below(file).xRead(ours(file).below(), data, size, offset);
  }
  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return methods_below(file).xFileSize(ours(file).below(), size);
  }
  static int lock(sqlite3_file* file, int kind) { return methods_below(file).xLock(ours(file).below(), kind); }
  static int unlock(sqlite3_file* file, int kind) { return methods_below(file).xUnlock(ours(file).below(), kind); }
  static int check_reserved_lock(sqlite3_file* file, int* out) {
    return methods_below(file).xCheckReservedLock(ours(file).below(), out);
  }
  // None are passed on: some, such as the size hint, would write around us.
  static int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file* file) { return methods_below(file).xSectorSize(ours(file).below()); }
  // No promises: neither atomic writes nor that overwriting spares the neighbours.
  static int characteristics(sqlite3_file*) { return 0; }
  static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return methods_below(file).xShmMap(ours(file).below(), page, size, extend, out);
  }
  static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return methods_below(file).xShmLock(ours(file).below(), offset, count, flags);
  }
  static void shm_barrier(sqlite3_file* file) { methods_below(file).xShmBarrier(ours(file).below()); }
  static int shm_unmap(sqlite3_file* file, int remove_too) {
    return methods_below(file).xShmUnmap(ours(file).below(), remove_too);
  }

  static const sqlite3_io_methods methods;
};

// Version 2: shared memory, but no memory maps of the file, which would go past us.
const sqlite3_io_methods FaultyDisk::Shim::methods = {
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

FaultyDisk::FaultyDisk() {
  static std::atomic<int> count = 0;
  name_ = "faulty-disk-" + std::to_string(++count);
  sqlite3_initialize();
  shim_ = std::make_unique<sqlite3_vfs>(*Shim::system());
  shim_->pNext = nullptr;
  shim_->zName = name_.c_str();
  shim_->pAppData = this;
  shim_->szOsFile += static_cast<int>(sizeof(Shim::File));
  shim_->xOpen = Shim::open;
  shim_->xDelete = Shim::remove;
  CHECK(sqlite3_vfs_register(shim_.get(), 0) == SQLITE_OK);
}

FaultyDisk::~FaultyDisk() { sqlite3_vfs_unregister(shim_.get()); }

void FaultyDisk::leave_space(std::optional<std::int64_t> bytes) {
  const std::scoped_lock lock(mutex_);
  space_ = bytes;
}

void FaultyDisk::fail_syncs(int count) {
  const std::scoped_lock lock(mutex_);
  syncs_to_fail_ = count;
}

int FaultyDisk::syncs() const {
  const std::scoped_lock lock(mutex_);
  return syncs_;
}

void FaultyDisk::cut_power_at_sync(int count, bool after) {
  const std::scoped_lock lock(mutex_);
  syncs_until_cut_ = count;
  cut_after_sync_ = after;
}

bool FaultyDisk::power_is_cut() const {
  const std::scoped_lock lock(mutex_);
  return power_is_cut_;
}

void FaultyDisk::restore_power(const std::function<bool()>& survives) {
  const std::scoped_lock lock(mutex_);
  for (auto& [path, image] : images_) {
    for (const auto& change : image.unsynced)
      if (survives()) apply(image.synced, change);
    image.unsynced.clear();
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(image.synced.data()), static_cast<std::streamsize>(image.synced.size()));
    std::error_code ignored;
    std::filesystem::remove(path + "-shm", ignored);
  }
  syncs_until_cut_ = 0;
  power_is_cut_ = false;
}

void FaultyDisk::apply(Bytes& bytes, const std::variant<Write, Truncate>& change) {
  if (const auto* write = std::get_if<Write>(&change)) {
    const std::size_t end = static_cast<std::size_t>(write->offset) + write->data.size();
    if (bytes.size() < end) bytes.resize(end);
    std::copy(write->data.begin(), write->data.end(), bytes.begin() + write->offset);
  } else {
    bytes.resize(static_cast<std::size_t>(std::get<Truncate>(change).size));
  }
}

}  // namespace chancery::testing
