#!/bin/sh
# tools/own.sh: a graph and node types of yours, as make can name them: by links
# in the build folder, without the spaces and the like that your paths may have.
#
#   own.sh nodes LINKS NODES          NODES is a folder, or several with spaces
#       between; prints a link in the folder LINKS for each, or
#       "error: ..." where one is no folder
#   own.sh graph GRAPHC OUT FILE TAKEN...  prints what GRAPHC says that FILE's
#       graph is called, and links OUT/NAME/description.yaml to it; refuses
#       the names TAKEN by others, whose program would be run in its place
set -eu

# The link is named for its target: another folder is another link.
link_folder() { # LINKS FOLDER
	target=$(realpath "$2")
	link=$1/$(printf %s "$target" | cksum | cut -d' ' -f1)
	[ -d "$2" ] || { echo "error: no folder '$2'"; exit 0; }
	mkdir -p "$1"
	ln -sfn "$target" "$link"
	echo "$link"
}

nodes() { # LINKS NODES
	if [ -d "$2" ]; then
		link_folder "$1" "$2"
		return
	fi
	set -f
	for folder in $2; do
		link_folder "$1" "$folder"
	done
}

graph() { # GRAPHC OUT FILE TAKEN...
	name=$("$1" --name "$3") || exit 1
	out=$2 file=$3
	shift 3
	if [ "$(realpath "$file")" = "$(realpath -m "graph/$name.yaml")" ]; then
		echo "$name"
		return
	fi
	for taken; do
		[ "$name" = "$taken" ] || continue
		echo "make: $file: its graph is called '$name', and build/ has" \
			"another '$name'; give it another name" >&2
		exit 1
	done
	mkdir -p "$out/$name"
	ln -sfn "$(realpath "$file")" "$out/$name/description.yaml"
	echo "$name"
}

"$@"
