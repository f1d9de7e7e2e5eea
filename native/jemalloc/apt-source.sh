#!/bin/bash
# apt-source.sh PACKAGE SHA256 DIR [SUITE]
#
# Downloads the file of a source package that has this sha256, and prints its path. The package is of the system's own
# suites, or of SUITE on the same mirrors.
#
# Debian and Ubuntu list only binary packages by default. This script uses the system's mirrors and keys with source
# lists of its own. Their state is in DIR, so the system does not change and no root is needed.
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

# Takes SUITE in place of the suites of a source list.
in_suite() {
	[[ $suite ]] || { cat && return; }
	sed -E "s/^(suites:).*/\\1 $suite/I; s/^(deb-src([[:space:]]+\\[[^]]*\\])?[[:space:]]+[^[:space:]]+[[:space:]]+)[^[:space:]]+/\\1$suite/"
}

rm -rf "$dir"/{sources.list.d,lists,files,update.log,download.log}
mkdir -p "$dir"/{sources.list.d,lists/partial,cache/archives/partial,files}
eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
for file in "$list" "$parts"*.list "$parts"*.sources; do
	# A file that this user cannot read has the password of a private mirror, which is not needed.
	[[ -r $file ]] || continue
	case $file in
	*.sources) sed -E 's/^types:.*/Types: deb-src/I' "$file" ;;
	*) sed -E 's/^[[:space:]]*deb(-src)?([[:space:]])/deb-src\2/' "$file" ;;
	esac | in_suite >"$dir/sources.list.d/${file##*/}"
done

# The system's hooks are cleared: some clean up after an update of the system's own lists.
cat >"$dir/apt.conf" <<END
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$dir/sources.list.d";
Dir::State::lists "$dir/lists";
Dir::Cache "$dir/cache";
END

# A mirror without sources, or without an answer, is an error only if no other mirror has the package.
apt-get -c "$dir/apt.conf" update >"$dir/update.log" 2>&1 || true
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
