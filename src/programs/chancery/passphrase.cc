#include "programs/chancery/passphrase.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ostream>

#include "programs/chancery/private_file.h"

namespace chancery::program {
namespace {

// Echo is off while it lives, and the signals that end the program wait: however a prompt ends, the terminal is as it
// was. What was typed already stays: a script does not wait for the prompt.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal) {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&ending, signal);
    pthread_sigmask(SIG_BLOCK, &ending, &signals_before_);
    signals_ = ::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
    changed_ = ::tcgetattr(terminal, &before_) == 0;
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal, TCSANOW, &quiet);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (changed_) ::tcsetattr(terminal_, TCSANOW, &before_);
    if (signals_ >= 0) ::close(signals_);
    // One that waits is delivered now.
    pthread_sigmask(SIG_SETMASK, &signals_before_, nullptr);
  }

  // One line without its end.
  Result<SecretBytes> read_line() const {
    SecretBytes line(1024);
    std::size_t size = 0;
    while (true) {
      TRY_STATUS(wait());
      char c = 0;
      const ssize_t got = ::read(terminal_, &c, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got != 1 || c == '\n') break;
      if (size == line.size()) return invalid("what was typed is longer than 1024 bytes");
      line.mutable_view()[size++] = static_cast<std::uint8_t>(c);
    }
    line.shrink(size);
    return line;
  }

 private:
  // Until there is something to read. ErrorCode::unavailable when a signal came.
  [[nodiscard]] Status wait() const {
    std::array<pollfd, 2> sources = {pollfd{.fd = terminal_, .events = POLLIN, .revents = 0},
                                     pollfd{.fd = signals_, .events = POLLIN, .revents = 0}};
    while (::poll(sources.data(), sources.size(), -1) < 0 && errno == EINTR) {
    }
    if ((sources[1].revents & POLLIN) != 0) return unavailable("interrupted");
    return {};
  }

  int terminal_;
  int signals_ = -1;
  termios before_{};
  sigset_t signals_before_{};
  bool changed_ = false;
};

Result<SecretBytes> ask(const std::string& prompt, const QuietTerminal& quiet, cli::Terminal& terminal) {
  terminal.err << prompt << std::flush;
  auto line = quiet.read_line();
  terminal.err << "\n" << std::flush;
  return line;
}

}  // namespace

Result<SecretBytes> prompt_secret(const SecretPrompt& prompt, cli::Terminal& terminal) {
  if (!terminal.interactive)
    return invalid(fmt::format("there is no terminal to ask for the passphrase: name a file with {}", prompt.option));
  // Before anything is printed: who sees the prompt may type. And for both questions: both may be typed at once.
  const QuietTerminal quiet(STDIN_FILENO);
  TRY(SecretBytes secret, ask(prompt.question, quiet, terminal));
  if (!prompt.differ.empty()) {
    TRY(const SecretBytes again, ask("The same again: ", quiet, terminal));
    if (!equal(secret.view(), again.view())) return invalid(prompt.differ);
  }
  return secret;
}

Result<SecretBytes> obtain_passphrase(const std::string& file, bool confirm, cli::Terminal& terminal) {
  const std::string source = file.empty() ? systemd_credential("passphrase") : file;
  SecretBytes passphrase;
  if (!source.empty()) {
    TRY_IN("the passphrase", passphrase, read_private_file(source));
  } else {
    const SecretPrompt prompt{.question = "Passphrase of the authority's keys: ",
                              .differ = confirm ? "the two passphrases differ" : ""};
    TRY(passphrase, prompt_secret(prompt, terminal));
  }
  if (passphrase.empty()) return invalid("the passphrase is empty");
  return passphrase;
}

}  // namespace chancery::program
