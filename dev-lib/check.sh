# shellcheck shell=bash

# Prints the C++ files of ours, one a line.
cpp_files() { find src fuzz bench tests -name '*.cc' -o -name '*.h' | sort; }

format_sources() { cpp_files | xargs -r clang-format-19 -i; }

# lint [all|file…]: without an argument, the files that differ from the last commit of the main branch.
lint() {
  local files=() failed=0
  case ${1:-} in
    all) mapfile -t files < <(cpp_files) ;;
    "") mapfile -t files < <(changed_files) ;;
    *) files=("$@") ;;
  esac
  local check
  for check in layers bans format; do python3 "tests/style/$check.py" || failed=1; done

  # clang-tidy needs the flags of its own compiler, and cannot read a header that g++ precompiled.
  cmake --preset tidy >/dev/null
  local sources=()
  mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep '\.cc$')
  if ((${#sources[@]})); then
    echo "dev: clang-tidy over ${#sources[@]} files"
    run-clang-tidy-19 -quiet -p build/tidy -j "$(nproc)" "${sources[@]}" 2>&1 |
      sed '/ warnings\{0,1\} generated\.$/d' || failed=1
  else
    echo "dev: no C++ source has changed; './dev lint all' checks every one"
  fi
  return $failed
}

changed_files() {
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)
  { git diff --name-only --diff-filter=d "$base" && git ls-files --others --exclude-standard; } |
    grep -E '^(src|fuzz|bench|tests)/.*\.(cc|h)$' | sort -u
}
