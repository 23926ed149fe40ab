# shellcheck shell=bash
# A demo authority in var/demo: made once, then served in the foreground until Ctrl-C.

demo_home=var/demo

# The first port from $1 on at which nobody listens.
free_port() {
  local port
  for ((port = $1; port < $1 + 50; port++)); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  echo "dev: no free port from $1 on" >&2
  return 1
}

make_demo() {
  local port address
  port=$(free_port "${CHANCERY_DEMO_PORT:-8080}")
  address=$(hostname -I 2>/dev/null | awk '{print $1}')
  mkdir -p "$demo_home"
  (umask 077 && head -c 24 /dev/urandom | base64 >"$demo_home/passphrase")
  cat >"$demo_home/chancery.toml" <<TOML
# Written by './dev run'. 'build/release/chancery config default' lists every option.
data = "$PWD/$demo_home/data"
passphrase_file = "$PWD/$demo_home/passphrase"
base_url = "http://${address:-127.0.0.1}:$port"

[http]
listen = ["0.0.0.0:$port"]

[monitoring]
listen = ["127.0.0.1:$(free_port 9465)"]
TOML
  build/release/chancery --config "$demo_home/chancery.toml" init --organization "Chancery Demo" \
    --endpoint demo --set authorisers=challenge --set alternative_names=dns,ip
}

# What to do next, with lines to paste.
greet() {
  local chancery="build/release/chancery --config $demo_home/chancery.toml" url fingerprint
  url=$(sed -n 's/^base_url = "\(.*\)"/\1/p' "$demo_home/chancery.toml")
  fingerprint=$($chancery --json ca show | sed -n 's/.*"root":{[^}]*"sha256":"\([0-9a-f]*\)".*/\1/p')
  cat <<TEXT

The authority is running. Its page: $url/

Enrol a first device (paste this into another terminal, in this folder):

  build/release/chancery-agent enroll --url $url/scep/demo --fingerprint $fingerprint \\
    --subject CN=first-device --challenge-file <($chancery challenge add demo --quiet) --out var/first-device

See it:        $chancery cert list
All commands:  $chancery --help
Ctrl-C ends the server; './dev run' starts it again with the same keys. To begin anew, remove $demo_home.

TEXT
}

# run_demo [argument…]: the arguments go to `chancery serve`.
run_demo() {
  [[ -e $demo_home/chancery.toml && -e $demo_home/data/authority/current ]] || make_demo
  if build/release/chancery --config "$demo_home/chancery.toml" status >/dev/null 2>&1; then
    echo "The demo is running already, in another terminal."
    greet
    return
  fi
  build/release/chancery --config "$demo_home/chancery.toml" serve "$@" &
  local server=$! tries
  trap 'kill "$server" 2>/dev/null; wait "$server"; exit 0' INT TERM
  for ((tries = 0; tries < 100; tries++)); do
    if build/release/chancery --config "$demo_home/chancery.toml" status >/dev/null 2>&1; then
      greet
      break
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  wait "$server"
}
