#include "files/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "testing/temporary_directory.h"

namespace chancery::files {
namespace {

std::string error_of(const Status& status) { return status ? "" : status.error().text(); }
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "" : result.error().text();
}

class FileTest : public ::testing::Test {
 protected:
  std::string at(std::string_view name) { return folder_.file(name); }
  std::string content(std::string_view name) {
    const auto read = read_file(at(name));
    return read ? std::string(as_text(*read)) : read.error().text();
  }
  unsigned mode(std::string_view name) {
    struct stat status{};
    EXPECT_EQ(::stat(at(name).c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(FileTest, EachErrorOfTheSystemHasTheCodeThatItsCallersActOn) {
  const struct {
    int error;
    ErrorCode code;
    const char* text;
  } rows[] = {
      {ENOENT, ErrorCode::not_found, "reading /a: No such file or directory"},
      {EACCES, ErrorCode::refused, "reading /a: Permission denied"},
      {EPERM, ErrorCode::refused, "reading /a: Operation not permitted"},
      {EEXIST, ErrorCode::conflict, "reading /a: File exists"},
      {ENOTEMPTY, ErrorCode::conflict, "reading /a: Directory not empty"},
      {ENOSPC, ErrorCode::unavailable, "reading /a: No space left on device"},
      {EDQUOT, ErrorCode::unavailable, "reading /a: Disk quota exceeded"},
      {EROFS, ErrorCode::unavailable, "reading /a: Read-only file system"},
      {EIO, ErrorCode::unavailable, "reading /a: Input/output error"},
      {EMFILE, ErrorCode::unavailable, "reading /a: Too many open files"},
      {EISDIR, ErrorCode::invalid, "reading /a: Is a directory"},
      {ENOTDIR, ErrorCode::invalid, "reading /a: Not a directory"},
      {ELOOP, ErrorCode::invalid, "reading /a: Too many levels of symbolic links"},
  };
  for (const auto& row : rows) {
    const Error error = failed_call("reading", "/a", row.error).error();
    EXPECT_EQ(error.text(), row.text);
    EXPECT_EQ(error.code(), row.code) << row.text;
  }
}

TEST_F(FileTest, IsReadWholeAndWithinBounds) {
  const std::string large(200'000, 'x');
  const std::string path = folder_.write("large", large);
  EXPECT_EQ(content("large"), large);
  EXPECT_EQ(error_of(read_file(path, large.size())), "");
  EXPECT_EQ(error_of(read_file(path, large.size() - 1)), "reading " + path + ": larger than 199999 bytes");
  const std::string empty = folder_.write("empty", "");
  EXPECT_EQ(error_of(read_file(empty, 0)), "");
  EXPECT_EQ(error_of(read_file(at("none"))), "reading " + at("none") + ": No such file or directory");
  EXPECT_EQ(error_of(read_file(folder_.path())), "reading " + folder_.path() + ": Is a directory");
}

TEST_F(FileTest, ASecretLosesOneLineBreakAndIsTheOwnersWhereThatIsAsked) {
  const struct {
    std::string_view written, expect;
  } rows[] = {
      {"", ""},
      {"secret", "secret"},
      {"secret\n", "secret"},
      {"secret\r\n", "secret"},
      {"secret\n\n", "secret\n"},
      {"\n", ""},
      {" secret ", " secret "},
  };
  for (const auto& row : rows) {
    const auto secret = read_secret_file(folder_.write("secret", row.written));
    ASSERT_TRUE(secret) << error_of(secret);
    EXPECT_EQ(as_text(secret->view()), row.expect);
  }
  const std::string path = folder_.write("secret", "secret");
  for (const unsigned open : {0640U, 0604U, 0620U, 0601U}) {
    ASSERT_EQ(::chmod(path.c_str(), open), 0);
    EXPECT_EQ(error_of(read_secret_file(path, Privacy::owner_only)), path + " may be read by others: chmod 600 it");
    EXPECT_EQ(error_of(read_secret_file(path)), "");
  }
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(error_of(read_secret_file(path, Privacy::owner_only)), "");
  EXPECT_EQ(read_secret_file(folder_.write("large", std::string(64 * 1024, 'x')))->size(), 64U * 1024);
  EXPECT_EQ(error_of(read_secret_file(folder_.write("larger", std::string(64 * 1024 + 1, 'x')))),
            "reading " + at("larger") + ": larger than 65536 bytes");
  EXPECT_EQ(error_of(read_secret_file(at("none"), Privacy::owner_only)),
            "reading " + at("none") + ": No such file or directory");
}

TEST_F(FileTest, IsWrittenWholeWithItsModeWhateverTheUmask) {
  const mode_t before = ::umask(077);
  EXPECT_EQ(error_of(write_file_atomically(at("a"), as_bytes("one"), 0644)), "");
  ::umask(0);
  EXPECT_EQ(error_of(write_file_atomically(at("b"), as_bytes("key"), 0600)), "");
  ::umask(before);
  EXPECT_EQ(mode("a"), 0644U);
  EXPECT_EQ(mode("b"), 0600U);
  EXPECT_EQ(error_of(write_file_atomically(at("a"), as_bytes("two"), 0600)), "");
  EXPECT_EQ(content("a"), "two");
  EXPECT_EQ(mode("a"), 0600U);
  EXPECT_EQ(*list_folder(folder_.path()), (std::vector<std::string>{"a", "b"})) << "nothing is left beside them";
}

TEST_F(FileTest, WhoReadsTheOldOneGoesOnReadingIt) {
  const std::string path = folder_.write("a", "old");
  const int open = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(open, 0);
  EXPECT_EQ(error_of(write_file_atomically(path, as_bytes("newer"), 0600)), "");
  char seen[16] = {};
  EXPECT_EQ(::read(open, seen, sizeof seen), 3);
  EXPECT_STREQ(seen, "old");
  ::close(open);
  EXPECT_EQ(content("a"), "newer");
}

TEST_F(FileTest, IsMadeOnlyWhereThereIsNone) {
  EXPECT_EQ(error_of(create_file_atomically(at("a"), as_bytes("one"), 0600)), "");
  const Status again = create_file_atomically(at("a"), as_bytes("two"), 0600);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::conflict);
  EXPECT_EQ(again.error().text(), "creating " + at("a") + ": File exists");
  EXPECT_EQ(content("a"), "one");
  EXPECT_EQ(*list_folder(folder_.path()), std::vector<std::string>{"a"});
}

// A crash leaves a part beside the file; somebody with the right to this folder might leave a link there.
TEST_F(FileTest, WhatIsLeftBesideItIsNotFollowedAndDoesNotStay) {
  const std::string victim = folder_.write("victim", "untouched");
  ASSERT_EQ(::symlink(victim.c_str(), at("a.new").c_str()), 0);
  EXPECT_EQ(error_of(write_file_atomically(at("a"), as_bytes("one"), 0600)), "");
  EXPECT_EQ(content("victim"), "untouched");
  (void)folder_.write("a.new", "half a fi");
  EXPECT_EQ(error_of(write_file_atomically(at("a"), as_bytes("two"), 0600)), "");
  EXPECT_EQ(content("a"), "two");
  EXPECT_EQ(*list_folder(folder_.path()), (std::vector<std::string>{"a", "victim"}));
}

TEST_F(FileTest, AWriteThatFailsLeavesTheOldOneAndNothingElse) {
  const std::string nowhere = at("none/a");
  EXPECT_EQ(error_of(write_file_atomically(nowhere, as_bytes("one"), 0600)),
            "creating " + nowhere + ".new: No such file or directory");
  ASSERT_EQ(::mkdir(at("folder").c_str(), 0700), 0);
  (void)folder_.write("folder/inside", "x");
  const Status over_folder = write_file_atomically(at("folder"), as_bytes("one"), 0600);
  EXPECT_EQ(error_of(over_folder), "renaming to " + at("folder") + ": Is a directory");
  EXPECT_EQ(*list_folder(folder_.path()), std::vector<std::string>{"folder"});
  // What cannot be removed cannot be written anew either.
  ASSERT_EQ(::mkdir(at("b.new").c_str(), 0700), 0);
  EXPECT_EQ(error_of(write_file_atomically(at("b"), as_bytes("one"), 0600)),
            "creating " + at("b.new") + ": File exists");
}

TEST_F(FileTest, FoldersAreMadeWithThoseAboveThem) {
  EXPECT_EQ(error_of(make_folder(at("a/b/c"), 0700)), "");
  EXPECT_EQ(mode("a"), 0700U);
  EXPECT_EQ(mode("a/b/c"), 0700U);
  ASSERT_EQ(::chmod(at("a").c_str(), 0750), 0);
  EXPECT_EQ(error_of(make_folder(at("a"), 0700)), "");
  EXPECT_EQ(mode("a"), 0750U) << "one that is there stays as it is";
  (void)folder_.write("file", "x");
  EXPECT_EQ(error_of(make_folder(at("file/below"), 0700)),
            "making the folder " + at("file/below") + ": Not a directory");
  EXPECT_EQ(error_of(make_folder("", 0700)), "");
  EXPECT_TRUE(exists(at("a/b")));
  EXPECT_FALSE(exists(at("a/x")));
}

TEST_F(FileTest, AFolderIsListedInOrder) {
  for (const char* name : {"c", "a", ".hidden", "b"}) (void)folder_.write(name, "");
  EXPECT_EQ(*list_folder(folder_.path()), (std::vector<std::string>{".hidden", "a", "b", "c"}));
  EXPECT_EQ(error_of(list_folder(at("none"))), "listing " + at("none") + ": No such file or directory");
}

}  // namespace
}  // namespace chancery::files
