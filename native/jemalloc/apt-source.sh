#!/bin/bash
# apt-source.sh PACKAGE SHA256 DIR: downloads the file with this sha256 of a source package; prints its path.
#
# Debian and Ubuntu list only binary packages by default. The system's own mirrors and keys are read here as
# source lists, kept with their state in DIR, so that nothing of the system's changes and no root is needed.
set -euo pipefail

package=$1 sha256=$2
mkdir -p "$3"
dir=$(cd "$3" && pwd)

fail() {
	echo "apt-source: $*" >&2
	# apt repeats itself; its first words on a subject are enough.
	grep -h '^[EW]:' "$dir"/*.log 2>/dev/null | sort -u | head -n 5 >&2 || true
	exit 1
}

rm -rf "$dir"/{sources.list.d,lists,files,update.log,download.log}
mkdir -p "$dir"/{sources.list.d,lists/partial,cache/archives/partial,files}
eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
for file in "$list" "$parts"*.list "$parts"*.sources; do
	# A file that this user may not read holds a private mirror's password, and not the distribution's mirror.
	[[ -r $file ]] || continue
	case $file in
	*.sources) sed -E 's/^types:.*/Types: deb-src/I' "$file" ;;
	*) sed -E 's/^[[:space:]]*deb(-src)?([[:space:]])/deb-src\2/' "$file" ;;
	esac >"$dir/sources.list.d/${file##*/}"
done

# The system's hooks stay out: some tidy up after an update of its own lists, which this is not.
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

# A mirror that has no sources, or does not answer, matters only if no other has the package.
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
