#!/bin/bash
# obtain.sh DEST DOWNLOADS: jemalloc's source as released, the files of the manifest and no others, in DEST.
#
# From JEMALLOC_SRC if that is set (an unpacked tree or the release archive), else from the distribution's
# source package, which carries the release archive unchanged. Whatever it comes from, its sha256 is checked.
set -euo pipefail

version=5.3.0
sha256=2db82d1e7119df3e71b7640219b6dfe84789bc0537983c3b7ac4f7189aecfeaa
manifest=$(cd "${0%/*}" && pwd)/$version.sha256
dest=$1 downloads=$2
archive=$downloads/jemalloc-$version.tar.bz2

fail() {
	printf 'jemalloc: %s\n' "$@" >&2
	exit 1
}
remedy="Download the release archive jemalloc-$version.tar.bz2 from the jemalloc project, and say where it is: make … JEMALLOC_SRC=FILE"

files() { cut -c 67- "$manifest"; }
sha256_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
# Prints the files of the manifest that a tree lacks or has otherwise.
differences() { (cd "$1" && sha256sum --check --quiet "$manifest" 2>/dev/null) | sed 's/: FAILED.*//'; }

unpack() { # ARCHIVE
	local found
	found=$(sha256_of "$1")
	[[ $found == "$sha256" ]] || fail "$1 is not the release archive of jemalloc $version:" \
		"its sha256 is $found, it should be $sha256." "$remedy"
	mkdir "$dest.new"
	tar -xjf "$1" -C "$dest.new" --strip-components=1 -T <(files | sed "s|^|jemalloc-$version/|")
}

copy() { # TREE
	local bad
	bad=$(differences "$1") || true
	[[ -z $bad ]] || fail "JEMALLOC_SRC=$1 is not the source tree of jemalloc $version:" \
		"$(wc -l <<<"$bad") of $(wc -l <"$manifest") files are missing or differ, the first is $(head -n 1 <<<"$bad")." "$remedy"
	mkdir "$dest.new"
	tar -cf - -C "$1" -T <(files) | tar -xf - -C "$dest.new"
}

mkdir -p "$downloads" "${dest%/*}"
rm -rf "$dest.new"
if [[ -d ${JEMALLOC_SRC-} ]]; then
	copy "$JEMALLOC_SRC"
elif [[ ${JEMALLOC_SRC-} ]]; then
	[[ -f $JEMALLOC_SRC ]] || fail "JEMALLOC_SRC=$JEMALLOC_SRC: there is no such file or directory."
	unpack "$JEMALLOC_SRC"
else
	if [[ ! -f $archive ]]; then
		command -v apt-get >/dev/null || fail "only Debian and Ubuntu have it as a source package." "$remedy"
		echo "jemalloc: fetching $version from the distribution's source package" >&2
		file=$("${0%/*}"/apt-source.sh jemalloc "$sha256" "$downloads/apt") || fail "no source package to take it from." "$remedy"
		mv "$file" "$archive"
		rm -rf "$downloads/apt"
	fi
	unpack "$archive"
fi

# The same source from another place changes nothing, so that nothing is built again.
if [[ -d $dest && -z $(differences "$dest") ]]; then
	rm -rf "$dest.new"
else
	rm -rf "$dest"
	mv "$dest.new" "$dest"
fi
