#pragma once

// Where the passphrase of the authority's keys comes from: a file, a systemd credential, or a prompt. Never an
// argument, never the environment.

#include <string>

#include "base/bytes.h"
#include "cli/command_table.h"

namespace chancery::program {

// The file if one is named; else $CREDENTIALS_DIRECTORY/passphrase if systemd gave one; else a prompt on the terminal,
// twice where `confirm` is set. ErrorCode::invalid when there is no terminal, or the answers differ; an empty
// passphrase is refused.
Result<SecretBytes> obtain_passphrase(const std::string& file, bool confirm, cli::Terminal& terminal);

struct SecretPrompt {
  std::string question;
  std::string differ;  // the error when a second answer is another one; empty: it is asked for once
  std::string option = "--passphrase-file";  // what to use where there is no terminal
};
// One line from the terminal without echo.
Result<SecretBytes> prompt_secret(const SecretPrompt& prompt, cli::Terminal& terminal);

}  // namespace chancery::program
