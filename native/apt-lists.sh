#!/bin/bash
# apt-lists.sh TYPE DIR [SUITE]
#
# Gives apt a state of its own in DIR: the system's mirrors and keys, for packages of TYPE (deb, or deb-src for sources).
# They are of the system's own suites, or of SUITE on the same mirrors. Afterwards apt takes it by -c DIR/apt.conf.
#
# Debian and Ubuntu list only binary packages of their own suites by default. The system does not change, and no root is
# needed.
set -euo pipefail

type=$1 suite=${3-}
mkdir -p "$2"
dir=$(cd "$2" && pwd)

# Takes SUITE in place of the suites of a source list.
in_suite() {
	[[ $suite ]] || { cat && return; }
	sed -E "s/^(suites:).*/\\1 $suite/I; s/^(deb(-src)?([[:space:]]+\\[[^]]*\\])?[[:space:]]+[^[:space:]]+[[:space:]]+)[^[:space:]]+/\\1$suite/"
}

rm -rf "$dir"/{sources.list.d,lists,files,update.log,download.log}
mkdir -p "$dir"/{sources.list.d,lists/partial,cache/archives/partial,files}
: >"$dir/status"
eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
for file in "$list" "$parts"*.list "$parts"*.sources; do
	# A file that this user cannot read has the password of a private mirror, which is not needed.
	[[ -r $file ]] || continue
	case $file in
	*.sources) sed -E "s/^types:.*/Types: $type/I" "$file" ;;
	*) sed -E "s/^[[:space:]]*deb(-src)?([[:space:]])/$type\\2/" "$file" ;;
	esac | in_suite >"$dir/sources.list.d/${file##*/}"
done

# The system's hooks are cleared: some clean up after an update of the system's own lists. Without installed packages, the
# candidate of each is that of the suite.
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
Dir::State::status "$dir/status";
Dir::Cache "$dir/cache";
END

# A mirror without this suite, or without an answer, is an error only if no other mirror has the package.
apt-get -c "$dir/apt.conf" update >"$dir/update.log" 2>&1 || true
