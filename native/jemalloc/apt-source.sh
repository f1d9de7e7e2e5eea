#!/bin/bash
# apt-source.sh PACKAGE SHA256 DIR [SUITE]
#
# Downloads the file of a source package that has this sha256, and prints its path. The package is of the system's own
# suites, or of SUITE on the same mirrors.
#
# The lists are in DIR (../apt-lists.sh), so the system does not change and no root is needed.
set -euo pipefail

package=$1 sha256=$2 suite=${4-}
mkdir -p "$3"
dir=$(cd "$3" && pwd)

fail() {
	echo "apt-source: $*" >&2
	# apt repeats its messages; five are enough.
	grep -h '^[EW]:' "$dir"/*.log 2>/dev/null | sort -u | head -n 5 >&2 || true
	exit 1
}

here=$(cd "${0%/*}" && pwd)
"$here"/../apt-lists.sh deb-src "$dir" "$suite"
stanzas=$(apt-cache -c "$dir/apt.conf" showsrc "$package" 2>/dev/null) || true
[[ $stanzas ]] || fail "the distribution's mirrors offer no source package '$package'"

version=$(awk -v sha256="$sha256" 'BEGIN { RS = "" } index($0, sha256) && match($0, /\nVersion: [^\n]*/) {
	print substr($0, RSTART + 10, RLENGTH - 10); exit }' <<<"$stanzas")
[[ $version ]] || fail "the distribution has $package $(sed -n 's/^Version: //p' <<<"$stanzas" | sort -u | paste -sd ' '), made from another archive"

(cd "$dir/files" && apt-get -c "$dir/apt.conf" source --download-only --tar-only "$package=$version") \
	>"$dir/download.log" 2>&1 || fail "cannot download the source package $package $version"
cd "$dir/files"
file=$(sha256sum -- * | sed -n "s/^$sha256  //p")
[[ $file ]] || fail "what was downloaded as $package $version has another sha256"
echo "$dir/files/$file"
