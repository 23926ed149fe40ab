# shellcheck shell=bash

# run_demo [argument…]: makes a demo authority in var/demo the first time, and serves it in the foreground.
run_demo() {
  local home=var/demo
  if [[ ! -e $home/chancery.toml ]]; then
    mkdir -p "$home"
    build/release/chancery init --directory "$home"
  fi
  exec build/release/chancery serve --config "$home/chancery.toml" "$@"
}
