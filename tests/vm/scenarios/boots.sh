#!/bin/sh
# The kernel that was asked for runs, with both processors and the host's ports
# boots: x86 rt arm64 none
. /lab/lib.sh
case $(uname -m) in
x86_64)  pattern='^6\.1\.0-[0-9]+(-rt)?-amd64$' ;;
aarch64) pattern='^6\.1\.0-[0-9]+-arm64$' ;;
esac
check "kernel $(uname -m) $(uname -r)" sh -c "uname -r | grep -Eq '$pattern'"
case $(uname -r) in
*-rt-*) check "the kernel is PREEMPT_RT" grep -qx 1 /sys/kernel/realtime ;;
esac
check_text "two processors" 2 "$(nproc)"
echo "written by the guest" >/out/from-guest
check_text "the shared folder holds what was written" \
	"written by the guest" "$(cat /out/from-guest)"
check "the host answers requests" host qmp '{"execute":"query-status"}'
check "the host refuses a request it does not know" ! host nonsense
