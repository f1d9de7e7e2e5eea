#!/bin/bash
# configure.sh VERSION PRISTINE DEST CC
#
# Writes the headers that jemalloc's configure generates to DEST, once for all builds.
#
# The properties of this host are those of the simulated server (64-bit Linux), for WebAssembly too. The options fix
# every property that differs between hosts and matters. target.h overrides what a build or a target changes.
set -euo pipefail

version=$1 pristine=$2 dest=$3 cc=$4
options=(
	--with-version=$version-0-g0 --with-jemalloc-prefix=je_ --without-export
	--with-lg-page=12 --with-lg-hugepage=21 --with-lg-quantum=3 --with-lg-vaddr=48 --disable-cache-oblivious
	--enable-stats --disable-prof --disable-initial-exec-tls --disable-cxx --disable-shared --disable-libdl
)

echo "jemalloc: configuring $version" >&2
rm -rf "$dest"
mkdir -p "$dest"
# A snapshot of jemalloc's repository has no configure, which autoconf makes.
if [[ ! -f $pristine/configure ]]; then
	command -v autoconf >/dev/null || native/install.sh autoconf
	(cd "$pristine" && autoconf && rm -rf autom4te.cache) >"$dest.log" 2>&1 || {
		cat "$dest.log" >&2
		echo "jemalloc: autoconf failed on $pristine" >&2
		exit 1
	}
fi
# The path is relative, since configure refuses a source path with a space in it.
relative=$(realpath --relative-to="$dest" "$pristine")
(cd "$dest" && env -u CFLAGS -u CPPFLAGS -u LDFLAGS -u LIBS -u EXTRA_CFLAGS -u EXTRA_LDFLAGS CONFIG_SITE=/dev/null \
	CC="$cc" bash "$relative/configure" "${options[@]}") >"$dest.log" 2>&1 || {
	tail -n 20 "$dest.log" >&2
	echo "jemalloc: configure failed; all of its output is in $dest.log" >&2
	exit 1
}

# Includes target.h after all definitions, and takes the width of a pointer from the target.
include=$dest/include/jemalloc
sed -i 's|^#endif /\* JEMALLOC_INTERNAL_DEFS_H_ \*/|#include "jemalloc/target.h"\n&|' "$include/internal/jemalloc_internal_defs.h"
sed -i 's|^#define LG_SIZEOF_PTR 3$|#if __SIZEOF_POINTER__ == 8\n&\n#else\n#define LG_SIZEOF_PTR 2\n#endif|' "$include"/jemalloc{,_defs}.h
