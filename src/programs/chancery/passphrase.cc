#include "programs/chancery/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <ostream>

#include "files/file.h"

namespace chancery::program {
namespace {

// Switches echo off while it lives.
class NoEcho {
 public:
  explicit NoEcho(int terminal) : terminal_(terminal), changed_(::tcgetattr(terminal, &before_) == 0) {
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal, TCSAFLUSH, &quiet);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() {
    if (changed_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }

 private:
  int terminal_;
  termios before_{};
  bool changed_;
};

}  // namespace

Result<SecretBytes> prompt_secret(const std::string& prompt, cli::Terminal& terminal) {
  if (!terminal.interactive)
    return invalid("there is no terminal to ask for the passphrase: name a file with --passphrase-file");
  terminal.err << prompt << std::flush;
  SecretBytes line(1024);
  std::size_t size = 0;
  {
    const NoEcho quiet(STDIN_FILENO);
    char c = 0;
    while (size < line.size() && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
      line.mutable_view()[size++] = static_cast<std::uint8_t>(c);
  }
  terminal.err << "\n";
  line.shrink(size);
  return line;
}

Result<SecretBytes> obtain_passphrase(const std::string& file, bool confirm, cli::Terminal& terminal) {
  std::string source = file;
  // systemd hands a credential over in a folder of its own, with an access list that looks like a group's permission.
  files::Privacy privacy = files::Privacy::owner_only;
  if (source.empty())
    if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
        folder != nullptr && files::exists(std::string(folder) + "/passphrase")) {
      source = std::string(folder) + "/passphrase";
      privacy = files::Privacy::any;
    }
  SecretBytes passphrase;
  if (!source.empty()) {
    TRY_IN("the passphrase", passphrase, files::read_secret_file(source, privacy));
  } else {
    TRY(passphrase, prompt_secret("Passphrase of the authority's keys: ", terminal));
    if (confirm) {
      TRY(const SecretBytes again, prompt_secret("The same again: ", terminal));
      if (!equal(passphrase.view(), again.view())) return invalid("the two passphrases differ");
    }
  }
  if (passphrase.empty()) return invalid("the passphrase is empty");
  return passphrase;
}

}  // namespace chancery::program
