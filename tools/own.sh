#!/bin/sh
# tools/own.sh: a board, a graph and node types of yours, as make can name them:
# by links in the build folder, without the spaces and the like that your paths
# may have.
#
#   own.sh board LINKS BOARD          BOARD is a folder of boards/, or with a '/'
#       the path of yours; prints its folder, of yours a link in the folder
#       LINKS, or "error: ..." where it is no board
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

# Folders of build/ that are no board's.
reserved="boards bench chroot cuda-11.8 generated nodes planted sysroot tools vm"

# A folder's name, its `board:` and its folder in build/ are one.
check_board() { # FOLDER NAME
	for file in board.mk board.yaml; do
		[ -r "$1/$file" ] && continue
		echo "error: $1 has no $file; copy a folder of boards/ to begin" \
			"with (docs/porting-a-board.md)"
		exit 0
	done
	says=$(sed -n 's/^board: *\([^ #]*\).*/\1/p' "$1/board.yaml")
	case $2 in
	"$says") ;;
	*)
		echo "error: $1/board.yaml says 'board: $says'; its folder's" \
			"name is '$2': make them the same"
		exit 0
		;;
	esac
	case $2 in
	"" | [!a-z]* | *[!a-z0-9-]*)
		echo "error: '$2' is no name for a board: a letter, then" \
			"letters, digits and -, all small"
		exit 0
		;;
	esac
}

board() { # LINKS BOARD
	here=""
	for folder in boards/*/; do
		folder=${folder%/}
		here="${here:+$here }${folder#boards/}"
	done
	case $2 in
	*/*) ;;
	*)
		# a name with a space would be two of make's words
		for name in $here; do
			[ "$name" = "$2" ] || continue
			check_board "boards/$2" "$2"
			echo "boards/$2"
			exit 0
		done
		echo "error: no board '$2'; there is $here or the path of a" \
			"folder of yours, with a /"
		exit 0
		;;
	esac
	[ -d "$2" ] || { echo "error: no folder '$2'"; exit 0; }
	target=$(realpath "$2")
	name=${target##*/}
	if [ "$target" = "$(realpath -m "boards/$name")" ]; then
		echo "boards/$name"
		exit 0
	fi
	check_board "$target" "$name"
	for taken in $here $reserved; do
		[ "$name" = "$taken" ] || continue
		echo "error: $target: build/ has another '$name'; give the folder" \
			"and its 'board:' another name"
		exit 0
	done
	mkdir -p "$1"
	[ "$(readlink "$1/$name")" = "$target" ] || ln -sfn "$target" "$1/$name"
	echo "$1/$name"
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
