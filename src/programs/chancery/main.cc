#include <unistd.h>

#include <iostream>

#include "programs/chancery/commands.h"

int main(int argc, char** argv) {
  const bool interactive = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  return chancery::cli::run(chancery::program::chancery_program(), argc, argv,
                            {std::cout, std::cerr, interactive, isatty(STDOUT_FILENO) == 1});
}
