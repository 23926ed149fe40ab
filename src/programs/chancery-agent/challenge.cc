#include "programs/chancery-agent/challenge.h"

#include <termios.h>
#include <unistd.h>

#include <ostream>

#include "files/file.h"

namespace chancery::agent_program {
namespace {

constexpr std::size_t longest_challenge = 1024;

// Switches echo off while it lives.
class NoEcho {
 public:
  NoEcho() : changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool changed_;
};

// Octet by octet, so that nothing of it stays in a buffer.
Result<SecretBytes> read_line() {
  SecretBytes line(longest_challenge);
  std::size_t size = 0;
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
    if (size == line.size()) return invalid("the challenge is too long");
    line.mutable_view()[size++] = static_cast<std::uint8_t>(c);
  }
  if (size > 0 && line.view()[size - 1] == '\r') --size;
  line.shrink(size);
  return line;
}

}  // namespace

Result<SecretBytes> read_challenge(const std::string& file) {
  if (file == "-") {
    TRY_IN("the challenge on standard input", SecretBytes challenge, read_line());
    return challenge;
  }
  TRY_IN("--challenge-file", SecretBytes challenge, files::read_secret_file(file, files::Privacy::owner_only));
  return challenge;
}

Result<SecretBytes> prompt_for_challenge(cli::Terminal& terminal, std::string_view if_empty) {
  if (!terminal.interactive) return SecretBytes();
  terminal.err << "Challenge (" << if_empty << "): " << std::flush;
  const NoEcho quiet;
  auto challenge = read_line();
  terminal.err << "\n";
  return challenge;
}

}  // namespace chancery::agent_program
