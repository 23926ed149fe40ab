# shellcheck shell=bash
# Debian packages, by what they are needed for. `setup SET…` installs the missing ones and nothing else: when none is
# missing it makes no network call and changes nothing.

packages_build="g++ cmake ninja-build ccache mold pkg-config libssl-dev libsqlite3-dev libboost1.81-dev
  libboost-json1.81-dev libtomlplusplus-dev libcli11-dev libspdlog-dev libfmt-dev prometheus-cpp-dev
  libcurl4-openssl-dev libp11-kit-dev libsodium-dev libgtest-dev libgmock-dev libpq-dev openssl"
packages_test="openssl sqlite3 curl python3 python3-asn1crypto python3-cryptography nginx-light strongswan-pki libstrongswan-extra-plugins certmonger scep
  freeradius eapoltest hostapd wpasupplicant rsyslog rsyslog-gnutls rsyslog-openssl cups-daemon kamailio kamailio-tls-modules
  charon-systemd strongswan-swanctl libstrongswan-standard-plugins iproute2 procps faketime man-db chromium dpkg-dev
  softhsm2 swtpm tpm2-openssl postgresql"
packages_lint="clang-format-19 clang-tidy-19 clang-19 git python3"
packages_fuzz="clang-19 libclang-rt-19-dev lld-19"
packages_package="dpkg-dev gzip"

# Services that some of those packages would start and enable. Tests start their own copies, as themselves.
services="nginx freeradius certmonger hostapd wpa_supplicant rsyslog cups kamailio strongswan postgresql"

setup() {
  local set name wanted=() missing=()
  # A quoted default may arrive as one word, so the words are split here.
  for set in $*; do
    name=packages_$set
    [[ -v $name ]] || fail "there is no package set '$set': build, test, lint, fuzz, package, web"
    wanted+=(${!name})
  done
  command -v dpkg-query >/dev/null || fail "this is not Debian. What is needed: ${wanted[*]}"
  missing=($(missing_packages "${wanted[@]}"))
  if ((${#missing[@]} == 0)); then return; fi

  echo "dev: installing from Debian: ${missing[*]}"
  local root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "not root and there is no sudo. Run as root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  install_quietly "${missing[@]}"
}

fail() {
  echo "dev: $*" >&2
  exit 1
}

# Prints those of its arguments that are not installed.
missing_packages() {
  comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

# Installs its arguments so that no service is left running or enabled that was not before. Debian asks policy-rc.d before
# it starts a service; where the machine has none, ours says no for as long as the installation takes. PostgreSQL would also
# make a cluster of databases when it comes to a machine.
install_quietly() {
  local policy=/usr/sbin/policy-rc.d ours=no service new=()
  local clusters=/etc/postgresql-common/createcluster.d/chancery-dev.conf
  for service in $services; do
    unit_exists "$service" || new+=("$service")
  done
  if [[ ! -e $policy ]]; then
    ours=yes
    # shellcheck disable=SC2064  # Expanded now: when the shell exits, the variables are gone.
    trap "${root[*]} rm -f $policy $clusters" EXIT
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
  fi
  if [[ " $* " = *" postgresql "* ]]; then
    "${root[@]}" mkdir -p "${clusters%/*}"
    echo "create_main_cluster = false" | "${root[@]}" tee "$clusters" >/dev/null
  fi
  "${root[@]}" apt-get -q update
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
    apt-get -qy install --no-install-recommends "$@"
  "${root[@]}" rm -f "$clusters"
  if [[ $ours = yes ]]; then
    "${root[@]}" rm -f "$policy"
    trap - EXIT
  fi
  for service in "${new[@]}"; do
    if unit_exists "$service"; then "${root[@]}" systemctl -q disable "$service" 2>/dev/null || true; fi
  done
}

unit_exists() { [[ -e /lib/systemd/system/$1.service ]]; }
