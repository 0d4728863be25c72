#!/bin/bash
# The VM lab: boots Debian kernels in QEMU and runs scenario programs in them.
# This file is the command line; the work is in the files beside it, by noun:
# fetch, module, image, overlay, boot, run. README.md says what it is and how to
# add to it.
set -u -o pipefail

usage()
{
	cat <<'END'
usage: tests/vm/lab.sh COMMAND
  test [-b BOOT] [SCENARIO...]   boot and run the scenarios; TAP on stdout
  shell [BOOT]                   a shell in the guest (default boot: x86)
  screenshot [-o PNG] [-b BOOT] [-d gpu0|bochs0|vkms] [-s SECONDS] [COMMAND]
                                 what the guest shows, SECONDS after COMMAND
                                 began (a vkms COMMAND gets its card as fd 3)
  fetch | module | image         one preparation step (test does them itself)
  pin                            packages.txt with the archive's versions
  list                           boots and scenarios
Everything made is under build/vm. Exit 77: skipped, the reason is printed.
END
	exit 64
}

here=$(cd "$(dirname "$0")" && pwd)
for part in common fetch sysroot module image overlay boot run; do
	# shellcheck source=/dev/null
	. "$here/$part.sh"
done

[ $# -ge 1 ] || usage
command=$1
shift
[ "$(uname -m)" = x86_64 ] || lab_skip "the lab's host must be x86_64"
mkdir -p "$VM"
# One run at a time: the folders of the runs and the host's processors are one.
exec 9>"$VM/lock"
flock -n 9 || {
	lab_say "waiting for another run of the lab to end"
	flock 9
}
case $command in
fetch)      fetch ;;
module)     fetch && modules ;;
image)      fetch && modules && images && programs ;;
test)       run_tests "$@" ;;
shell)      run_shell "$@" ;;
screenshot) run_screenshot "$@" ;;
pin)        pin ;;
list)       run_list ;;
*)          usage ;;
esac
