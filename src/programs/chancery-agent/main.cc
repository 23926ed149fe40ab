#include <unistd.h>

#include <iostream>

#include "programs/chancery-agent/commands.h"

int main(int argc, char** argv) {
  const bool interactive = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  int outcome = 0;
  const int failed = chancery::cli::run(chancery::agent_program::agent_program(outcome), argc, argv,
                                        {std::cout, std::cerr, interactive});
  return failed != 0 ? failed : outcome;
}
