# shellcheck shell=bash
# A demo in var/demo: an authority with its hub, and a small fleet of agents on this machine, each a process with a
# folder of its own. Made once, then served in the foreground until Ctrl-C.

demo_home=${CHANCERY_DEMO_HOME:-var/demo}
demo_build=${CHANCERY_BUILD:-build/release}

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

demo_folder=$(realpath -m "$demo_home")

demo_chancery() { $demo_build/chancery --config "$demo_home/chancery.toml" "$@"; }

# A value of the demo's configuration: demo_setting key.
demo_setting() { sed -n "s/^$1 = \"\\(.*\\)\"/\\1/p; s/^$1 = \\[\"\\(.*\\)\"\\]/\\1/p" "$demo_home/chancery.toml"; }

demo_fingerprint() { demo_chancery --json ca show | sed -n 's/.*"root":{[^}]*"sha256":"\([0-9a-f]*\)".*/\1/p'; }

make_authority() {
  local port address
  port=$(free_port "${CHANCERY_DEMO_PORT:-8080}")
  address=${CHANCERY_DEMO_ADDRESS:-$(hostname -I 2>/dev/null | awk '{print $1}')}
  mkdir -p "$demo_home"
  (umask 077 && head -c 24 /dev/urandom | base64 >"$demo_home/passphrase")
  cat >"$demo_home/chancery.toml" <<TOML
# Written by './dev run'. '$demo_build/chancery config default' lists every option.
data = "$demo_folder/data"
passphrase_file = "$demo_folder/passphrase"
base_url = "http://${address:-127.0.0.1}:$port"

[http]
listen = ["${CHANCERY_DEMO_ADDRESS:-0.0.0.0}:$port"]

[hub]
web_listen = ["127.0.0.1:$(free_port $((port + 1)))"]
web_tls = false
link_listen = ["127.0.0.1:$(free_port $((port + 51)))"]
host_names = ["127.0.0.1"]

[monitoring]
listen = ["127.0.0.1:$(free_port 9465)"]
TOML
  demo_chancery init --organization "Chancery Demo" --endpoint demo --set authorisers=challenge --set alternative_names=dns,ip
}

# A demo stands still for longer than its certificates last, in a closed laptop, say: its devices come back nevertheless.
demo_grace=renewal_grace=30d

# For a folder that was made before demos had that.
let_fleet_come_back() {
  local endpoint
  for endpoint in fleet by-hand; do
    if demo_chancery endpoint show $endpoint --json 2>/dev/null | grep -q '"renewal_grace":"0s\?"'; then
      demo_chancery endpoint set $endpoint $demo_grace >/dev/null
    fi
  done
}

# What the demo's devices need of the running hub: endpoints with certificates that last for minutes, and a node each.
make_fleet() {
  demo_chancery endpoint add fleet authorisers=challenge alternative_names=dns validity=10m backdate=0 $demo_grace >/dev/null
  demo_chancery endpoint add by-hand authorisers=manual alternative_names=dns validity=10m backdate=0 $demo_grace >/dev/null
  demo_chancery cluster add UC >/dev/null
  make_device printer-1 printer
  make_device room-1 room-device
  make_device uc-publisher uc-node --cluster UC
  make_device uc-subscriber uc-node --cluster UC
  # This one has no challenge: a person has to let it in, on the page.
  make_agent room-2 room-device by-hand
  # And this one has a challenge that nobody minted.
  make_agent old-printer printer fleet
  (umask 077 && echo "AAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB" >"$demo_home/fleet/old-printer/challenge")
}

# make_device name product [option…]: a node that the hub expects, with the challenge that lets it in.
make_device() {
  local name=$1 product=$2
  shift 2
  make_agent "$name" "$product" fleet
  (umask 077 && demo_chancery node add "$name" --product "$product" --endpoint fleet --slot https \
    --subject "CN=$name" --dns "$name.example" --quiet "$@" >"$demo_home/fleet/$name/challenge")
}

# make_agent name product endpoint
make_agent() {
  local folder=$demo_folder/fleet/$1
  mkdir -p "$folder/slots.d"
  cat >"$folder/agent.toml" <<TOML
# Written by './dev run'. '$demo_build/chancery-agent config default' lists every option.
node = "$1"
product = "$2"
state = "$folder/state"
socket = "$folder/agent.sock"

[source]
url = "$(demo_setting base_url)/scep/$3"
fingerprint = "$(demo_fingerprint)"

[hub]
url = "https://$(demo_setting link_listen)"
TOML
  cat >"$folder/slots.d/https.toml" <<TOML
subject = "CN=$1"
names = ["dns:$1.example"]
key = "rsa:2048"
challenge_file = "$folder/challenge"
poll_interval = "10s"
TOML
}

# How far the device has come that nobody announced. It needs two decisions: who it is, and whether the hub may manage it.
room_2_says() {
  case $(demo_chancery node list --json | sed -n 's/.*"name":"room-2"[^}]*"state":"\([a-z]*\)".*/\1/p') in
    admitted) echo "room-2, which you let in, renews like the four." ;;
    waiting) echo "room-2 has its certificate and waits until you admit it: Nodes, Waiting." ;;
    blocked) echo "room-2 is blocked." ;;
    *) echo "room-2 waits for you, twice: approve its request"
       echo "on the page (Requests), and admit it (Nodes, Waiting) when it has its certificate, some seconds later." ;;
  esac
}

# What to do next, with lines to paste.
greet() {
  local chancery="$demo_build/chancery --config $demo_home/chancery.toml"
  cat <<TEXT

The hub is running:  http://$(demo_setting web_listen)/
  user               admin
  password           $1

Six devices are at work in $demo_home/fleet: four enrol by themselves and renew every few minutes, and
old-printer is not allowed to enrol. $(room_2_says)

Devices find the authority at $(demo_setting base_url)/. Enrol one by hand (paste this into another terminal, in this folder):

  $demo_build/chancery-agent enroll --url $(demo_setting base_url)/scep/demo --fingerprint $(demo_fingerprint) \\
    --subject CN=first-device --challenge-file <($chancery challenge add demo --subject CN=first-device --quiet) --out var/first-device

See it:        $chancery cert list
All commands:  $chancery --help
Ctrl-C ends everything; './dev run' starts it again with the same keys. To begin anew, remove $demo_home.

TEXT
}

demo_answers() { demo_chancery status >/dev/null 2>&1; }

# run_demo [argument…]: the arguments go to `chancery serve`.
run_demo() {
  local processes=() tries folder password
  [[ -e $demo_home/chancery.toml && -e $demo_home/data/authority/current ]] || make_authority
  if demo_answers; then
    echo "The demo is running already, in another terminal: http://$(demo_setting web_listen)/"
    return
  fi
  # Not by demo_chancery: in the background, a function is a shell of its own, and that would get the signals.
  "$demo_build/chancery" --config "$demo_home/chancery.toml" serve "$@" &
  processes=($!)
  # shellcheck disable=SC2064
  trap 'stop_demo "${processes[@]}"; exit 0' INT TERM
  for ((tries = 0; tries < 100; tries++)); do
    if demo_answers; then break; fi
    kill -0 "${processes[0]}" 2>/dev/null || break
    sleep 0.1
  done
  if demo_answers; then
    if [[ ! -e $demo_home/fleet/.complete ]]; then
      make_fleet
      touch "$demo_home/fleet/.complete"
    else
      let_fleet_come_back
    fi
    for folder in "$demo_home"/fleet/*/; do
      $demo_build/chancery-agent run --config "$folder/agent.toml" >>"$folder/agent.log" 2>&1 &
      processes+=($!)
    done
    password=$(demo_password)
    greet "$password"
  fi
  wait "${processes[0]}"
  stop_demo "${processes[@]:1}"
}

# A fresh password for the demo's administrator.
demo_password() {
  if demo_chancery user list --json | grep -q '"name":"admin"'; then
    demo_chancery user password admin --keep --quiet
  else
    demo_chancery user add admin --role administrator --keep --quiet
  fi
}

stop_demo() {
  kill "$@" 2>/dev/null
  wait "$@" 2>/dev/null
}

# screenshots: the pictures in docs/images, of a demo of its own.
screenshots() {
  local log demo tries folder
  folder=$(mktemp -d)
  install_web_packages
  setup test
  demo_home=$folder/demo demo_folder=$folder/demo
  log=$folder/log
  run_demo >"$log" 2>&1 &
  demo=$!
  # shellcheck disable=SC2064
  trap "kill $demo 2>/dev/null; wait $demo; rm -rf '$folder'" EXIT
  for ((tries = 0; tries < 600; tries++)); do
    if grep -q 'The hub is running' "$log"; then break; fi
    kill -0 "$demo" 2>/dev/null || fail "the demo did not start: $(tail -5 "$log")"
    sleep 0.1
  done
  # Until the fleet is here.
  for ((tries = 0; tries < 300; tries++)); do
    if [[ $(demo_chancery node list --json | grep -o '"online":true' | wc -l) -ge 4 ]]; then break; fi
    sleep 0.1
  done
  sed -n 's/^  password  *//p' "$log" | node web/tests/screenshots.mjs "http://$(demo_setting web_listen)" admin docs/images
}
