#!/bin/sh
# tools/packaging/man.sh UNIT GRAPH VERSION: the man page of a graph's program, as
# scdoc's input. Options and statuses are those of docs/running.md.
set -eu
unit=$1 graph=$2 version=$3

# Rows of the table that begins with "| HEAD |", as a list of terms. Links lose
# their targets; what scdoc would take for markup is text.
table() { # HEAD
	awk -F' [|] ' -v head="$1" '
		index($0, "| " head " | ") == 1 { inside = 1; next }
		inside && !/^[|]/ { exit }
		!inside || /^[|]-/ { next }
		{
			term = $1; means = $2
			for (i = 3; i <= NF; i++) means = means " | " $i
			sub(/^[|] /, "", term); sub(/ [|]$/, "", means)
			gsub(/`/, "", term); gsub(/`/, "", means)
			while (match(means, /\[[^]]*\]\([^)]*\)/)) {
				link = substr(means, RSTART + 1, RLENGTH - 1)
				sub(/\].*/, "", link)
				means = substr(means, 1, RSTART - 1) link \
					substr(means, RSTART + RLENGTH)
			}
			gsub(/[\\*_#<>[\]]/, "\\\\&", means)
			gsub(/[\\_#<>[\]]/, "\\\\&", term)
			printf "*%s*\n\t%s\n\n", term, means
		}' docs/running.md
}

cat <<EOF
$unit(1) "tickline $version"

# NAME

$unit - runs the graph $graph of tickline, a realtime video runtime

# SYNOPSIS

*$unit* [_OPTION_]...

# DESCRIPTION

Draws the pictures of the graph _${graph}_ in step with a clock and hands them to a
display, without a window server. *$unit --help* lists the displays, sources and
parameters that this program has; *$unit --probe* says what this machine offers.

As a service it is $unit.service; its options are in /etc/tickline/$graph.conf.

# OPTIONS

$(table option)

# EXIT STATUS

$(table status)

# FILES

_/etc/tickline/$graph.conf_
	OPTIONS= of the service

# SEE ALSO

*systemctl*(1), *journalctl*(1)
EOF
