# shellcheck shell=bash

# build_preset [preset [target…]]: configures build/<preset> when that is new or out of date, and builds.
build_preset() {
  local preset=${1:-dev}
  shift || true
  setup build
  if [[ $preset = fuzz ]]; then setup fuzz; fi
  # What is packaged and shown has the pages in it; the others say that they were not built.
  if [[ $preset = release ]]; then build_web; fi
  if [[ ! -e build/$preset/build.ninja || CMakePresets.json -nt build/$preset/build.ninja ]]; then
    cmake --preset "$preset" >/dev/null
  fi
  ninja -C "build/$preset" "$@"
}

# fuzz [name [seconds]]: what is found new goes to build/fuzz/found/<name>/, a crash to build/fuzz/crashes/<name>-….
fuzz() {
  local name=${1:-} seconds=${2:-600} dictionary=()
  if [[ -z $name ]]; then
    build_preset fuzz fuzzers
    local source
    for source in fuzz/*_fuzz.cc; do
      [[ -e $source ]] || fail "fuzz/ has no target yet"
      fuzz "$(basename "$source" _fuzz.cc)" "$seconds"
    done
    return
  fi
  [[ -e fuzz/${name}_fuzz.cc ]] || fail "there is no fuzz/${name}_fuzz.cc"
  build_preset fuzz "${name}_fuzz"
  mkdir -p "build/fuzz/found/$name" "build/fuzz/crashes" "fuzz/corpus/$name"
  if [[ -e fuzz/$name.dict ]]; then dictionary=("-dict=fuzz/$name.dict"); fi
  echo "dev: fuzzing $name for $seconds s"
  "build/fuzz/fuzz/${name}_fuzz" "${dictionary[@]}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/crashes/$name-" "build/fuzz/found/$name" "fuzz/corpus/$name"
}

# fuzz_keep name: adds to the committed corpus those found inputs that reach code it does not reach yet, made small.
fuzz_keep() {
  local name=${1:?dev: fuzz-keep needs the name of a fuzz target}
  build_preset fuzz "${name}_fuzz"
  mkdir -p "build/fuzz/found/$name" "fuzz/corpus/$name"
  "build/fuzz/fuzz/${name}_fuzz" -merge=1 "fuzz/corpus/$name" "build/fuzz/found/$name"
}
