#!/bin/sh
# Permission denied: the group is named
# boots: exact
# needs: vkms
# faults: D2
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
echo "root:x:0:" >/tmp/group
mkdir -p /etc && printf 'root:x:0:\nvideo:x:44:\n' >/etc/group
printf 'root:x:0:0::/:/bin/sh\nnobody:x:99:99::/:/bin/sh\n' >/etc/passwd
node=/dev/dri/$(card_of vkms)
chown 0:44 "$node" && chmod 660 "$node"
check_refusal "a user outside the group" 77 "permission denied" "group video" \
	su nobody -c "/payload/demo-480p --display kms,device=$node --ticks 5"
check_runs vkms
