#!/bin/sh
# tools/board-check on a screen, with the fake libcuda: a row and an answer for each way
# boots: exact
# timeout: 300
# shellcheck disable=SC2010,SC2012,SC2015,SC2034,SC2086,SC2154,SC2217,SC3045
. /lab/lib.sh
. /lab/program.sh
. /lab/cuda.sh

cat >program <<'EOF'
#!/bin/sh
export LD_LIBRARY_PATH=/payload/cuda FAKE_CUDA_KERNELS=%e.kernels.so
export FAKE_CUDA_INTEGRATED=1 FAKE_CUDA_CAPABILITY=110
export TICKLINE_GPU_PATIENCE_MS=60000
exec /payload/cuda/demo-480p "$@"
EOF
chmod 755 program
/payload/board-check "$PWD/program" 1 >board 2>&1
check_text "it ends well" 0 $?
cat board
answer()	# ROW WORDS
{
	check "$1: $2" grep -q "^$1  *$2" board
}
answer "CPU, headless" "ok: [1-9]"
answer "CPU, kms" "ok: [1-9]"
answer "CUDA, headless" "ok: [1-9]"
for buffers in dumb dumb-hostreg dumb-import; do
	answer "CUDA, kms, buffers=$buffers" "ok: [1-9]"
done
answer "CUDA, kms, buffers=nvbuf" "refused: .*libnvbufsurface"
answer "CUDA, eglstream, in the program" "ok: [1-9]"
answer "as auto chooses" "ok: [1-9]"
