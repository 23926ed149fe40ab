# shellcheck shell=bash
# The hub's pages: TypeScript in web/, built into web/dist/hub, which the server embeds. Node 18 of Debian or a newer one
# does; packages come from the npm registry, by the versions and hashes of web/package-lock.json.

packages_web="nodejs npm"

# Installs Debian's Node.js only where there is none, or one that is too old: a machine may have its own elsewhere.
setup_web() {
  if ! command -v npm >/dev/null || ! node_is_new_enough; then setup web; fi
  node_is_new_enough || fail "web/ needs Node.js 18.13 or newer, and $(command -v node) is $(node --version)"
}

node_is_new_enough() {
  node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 18 || (major == 18 && minor >= 13) ? 0 : 1)' 2>/dev/null
}

# Installs web/node_modules when package-lock.json is not the one they were installed from.
install_web_packages() {
  setup_web
  local installed=web/node_modules/.installed-from
  if cmp -s web/package-lock.json "$installed"; then return; fi
  echo "dev: installing the packages of web/package-lock.json"
  (cd web && npm ci --no-audit --no-fund --loglevel=error)
  cp web/package-lock.json "$installed"
}

# build_web: leaves the pages in web/dist/hub; quick when nothing changed.
build_web() {
  install_web_packages
  local built=web/dist/hub/index.html
  if [[ -e $built && -z $(web_sources -newer "$built" -print -quit) ]]; then return; fi
  echo "dev: building the hub's pages"
  (cd web && npm run --silent build -- --logLevel warn)
  touch "$built"
}

# What the built pages depend on, as `find` with the tests in "$@".
web_sources() {
  find web/hub web/shared web/tools web/package.json web/package-lock.json web/tsconfig.base.json api/*.openapi.json \
    -type f ! -name schema.d.ts "$@"
}

# check_web: types, style, texts and unit tests of the pages.
check_web() {
  install_web_packages
  (cd web && npm run --silent check)
}
