# shellcheck shell=bash
# Fetch: the Debian packages that packages.txt pins, into build/vm/debs/ARCH/.
# An apt of its own (configuration, lists, status, cache under build/vm/apt)
# does it, so the host's sources, architectures and package lists are neither
# used nor changed, and nothing is installed on the host.
# Next: module.sh.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The Debian mirror: the caller's, or the one this host's own apt uses, or
# Debian's own where the host is not a Debian.
find_mirror()
{
	local site=${TICKLINE_VM_MIRROR:-}

	# the braces are apt-get's own format, not the shell's
	# shellcheck disable=SC2016
	[ -n "$site" ] ||
		site=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null |
			grep -m1 '/debian/*$')
	mirror=${site:-http://deb.debian.org/debian}
}

private_apt_setup()
{
	local apt=$VM/apt mirror

	require_tool apt-get apt
	[ -r $keyring ] || lab_skip "no $keyring:" \
		"install debian-archive-keyring"
	find_mirror
	mkdir -p "$apt"/etc/{parts,trusted,preferences} \
		"$apt"/lists/partial "$apt"/cache/archives/partial
	: >"$apt/status"
	echo "deb [signed-by=$keyring] $mirror bookworm main" \
		>"$apt/etc/sources.list"
	cat >"$apt/apt.conf" <<-END
	Dir::State "$apt";
	Dir::State::Lists "$apt/lists";
	Dir::State::status "$apt/status";
	Dir::Cache "$apt/cache";
	Dir::Etc "$apt/etc";
	Dir::Etc::SourceList "$apt/etc/sources.list";
	Dir::Etc::SourceParts "/dev/null";
	Dir::Etc::Parts "$apt/etc/parts";
	Dir::Etc::TrustedParts "$apt/etc/trusted";
	Dir::Etc::PreferencesParts "$apt/etc/preferences";
	Dir::Log "$apt";
	APT::Architecture "amd64";
	APT::Architectures { "amd64"; "arm64"; };
	APT::Sandbox::User "root";
	Acquire::Languages "none";
	Acquire::Check-Valid-Until "false";
	Acquire::Retries "2";
	Acquire::http::Timeout "20";
	Acquire::https::Timeout "20";
	END
	apt-config dump | grep -i '^Acquire::.*Proxy' >>"$apt/apt.conf" || true
}

private_apt()	# TOOL ARGUMENT...
{
	local tool=$1

	shift
	APT_CONFIG=$VM/apt/apt.conf "$tool" -q "$@"
}

private_apt_update()
{
	local log=$VM/apt/update.log

	if ! private_apt apt-get update >"$log" 2>&1 ||
	   grep -q '^[EW]:.*Failed to fetch' "$log"; then
		lab_skip "packages are missing and the Debian mirror is" \
			"unreachable ($(grep -m1 '^[EW]:' "$log"))"
	fi
}

# Rows whose file is not in the cache, of those that match the pattern.
missing_pins()	# PATTERN
{
	local arch package rest

	while read -r arch package rest; do
		[ -s "$(deb "$arch" "$package")" ] ||
			echo "$arch $package $rest"
	done < <(pins | grep -E "$1")
}

# Accept a downloaded file only if its bytes are the pinned ones.
keep_deb()	# ARCH PACKAGE SHA256 FILE...
{
	[ $# = 4 ] || lab_die "the mirror gave no file, or several, for $2"
	echo "$3  $4" | sha256sum --check --status ||
		lab_die "$4 is not the pinned package: its SHA-256 differs" \
			"from packages.txt"
	mkdir -p "$VM/debs/$1"
	mv "$4" "$(deb "$1" "$2")"
}

download()	# FILE of rows
{
	local arch package sha part=$VM/apt/part
	local log=$VM/apt/download.log

	rm -rf "$part"
	mkdir -p "$part"
	# shellcheck disable=SC2046
	(cd "$part" && private_apt apt-get download \
		$(awk '{print $2 ":" $1 "=" $3}' "$1")) >"$log" 2>&1 ||
		lab_skip "the mirror does not give the pinned packages" \
			"($(grep -m1 '^E:' "$log"))"
	while read -r arch package _ sha _; do
		keep_deb "$arch" "$package" "$sha" \
			"$part/${package}_"*"_"{"$arch",all}.deb
	done <"$1"
}

fetch()	# [PATTERN of rows]
{
	local rows=$VM/apt/missing begin=$SECONDS

	require_tool dpkg-deb dpkg
	mkdir -p "$VM/apt"
	missing_pins "${1:-.}" >"$rows"
	if [ -s "$rows" ]; then
		lab_say "fetching $(wc -l <"$rows") packages," \
			"$(awk '{n += $5} END {printf "%d", n / 1e6}' "$rows") MB"
		private_apt_setup
		private_apt_update
		shopt -s nullglob
		download "$rows"
		shopt -u nullglob
		lab_say "fetched in $((SECONDS - begin)) s"
	fi
	rm -rf "$VM/apt"
}

# For the maintainer: packages.txt again, with what the archive has now.
pin()
{
	local arch package rest

	private_apt_setup
	private_apt_update
	grep '^#' "$LAB/packages.txt"
	while read -r arch package rest; do
		private_apt apt-cache show "$package:$arch" | awk -v a="$arch" '
			/^Package: / { p = $2 } /^Version: / { v = $2 }
			/^SHA256: / { s = $2 } /^Size: / { n = $2 }
			/^$/ { exit }
			END { printf "%s %s %s %s %s\n", a, p, v, s, n }'
	done < <(pins)
	rm -rf "$VM/apt"
}
