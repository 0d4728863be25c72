#!/bin/sh
# While a flip is pending ticks are dropped: they are drawn, one over the other, in the third buffer only
# boots: exact
# needs: vkms
# faults: D4
# timeout: 60
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
cat >program <<'PROGRAM'
#!/bin/sh
exec /payload/demo-480p --display kms --ticks 240 --report json --ledger ledger \
	>report 2>messages
PROGRAM
chmod 755 program

# The program's framebuffers; those that the kernel's states refer to, on view
# or pending, have more than the one reference of their maker.
buffers()	# LEAST REFERENCES
{
	awk -v least="$1" '/^framebuffer/ { id = $0; gsub(/[^0-9]/, "", id) }
		/allocated by/ { ours = / demo-480p/ }
		ours && /refcount=/ { ours = 0; sub(".*=", "") # then: of its memory
			if ($0 + 0 >= least) print id }' \
		"/sys/kernel/debug/dri/$(minor_of vkms)/framebuffer"
}

dump()	# INTO
{
	for id in $(buffers 1); do
		echo "dump $id $1.$id"
	done | kms_probe -s sock >>dumps
}

kms_share vkms sock ./program >log 2>&1 &
wait_for 100 flips_go_on vkms
check_text "buffers" 3 "$(buffers 1 | wc -l)"
for round in 1 2 3; do
	fault stall 1
	usleep 40000 # the next flip pends, the one after it is refused
	dump a
	usleep 34000 # two ticks more
	dump b
	held=$(buffers 2)
	fault stall 0
	changed="" torn=""
	for id in $(buffers 1); do
		cmp -s a.$id b.$id && continue
		changed="$changed$id"
		echo "$held" | grep -qx $id && torn="$torn $id"
	done
	check_text "round $round: buffers on view or pending" 2 "$(echo "$held" | wc -l)"
	check_text "round $round: of these stored into" "" "$torn"
	check "round $round: the third was" [ "$changed" ]
	sleep 0.3
done
check_text "all could be read" "" "$(grep dump dumps | grep -v 'dump ok')"
wait_for 50 grep -q '^ended' log
check "ends well" grep -q '^ended 0' log
check_ledger "torn"
check_value display_busy 6 60
rm sock
wait
check_display vkms
