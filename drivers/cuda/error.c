/*
 * drivers/cuda/error.c: what CUDA's errors mean here: what cuGetErrorName does
 * not say. Numbers: cuda.h of 11.4 to 13.0; which are sticky: the driver API's
 * reference.
 *
 * While running a sticky error ends the run with EXIT_STATUS_GPU_LOST, any
 * other costs that tick its frame.
 */
#include "drivers/cuda/error.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ABSENT	EXIT_STATUS_NO_DEVICE /* retrying later may help */
#define LIMIT	EXIT_STATUS_OS_LIMIT
#define MACHINE EXIT_STATUS_MACHINE
#define OURS	EXIT_STATUS_INTERNAL
#define LOST	EXIT_STATUS_GPU_LOST

#define RESTART "start the program again"
#define DRIVER	"the driver's parts do not fit together: install one version"
#define REPORT	"this is a mistake of the program: report it"

/* clang-format off */
static const struct cuda_error errors[] = {
	/* OUT_OF_MEMORY */
	{2, 2, false, LIMIT, "use a smaller graph or free device memory"},
	/* DEINITIALIZED */
	{4, 4, true, LOST, "the driver is being unloaded: " RESTART},
	/* STUB_LIBRARY */
	{34, 34, false, MACHINE,
	 "this libcuda.so.1 is the toolkit's stub: install the driver"},
	/* CALL_REQUIRES_NEWER_DRIVER */
	{36, 36, false, MACHINE, "install a newer driver"},
	/* DEVICE_UNAVAILABLE */
	{46, 46, false, ABSENT, "another process has the GPU for itself: end it"},
	/* NO_DEVICE */
	{100, 100, false, ABSENT,
	 "no GPU: check CUDA_VISIBLE_DEVICES, /dev/nvidia*, groups video and render"},
	/* INVALID_DEVICE */
	{101, 101, false, ABSENT, "--probe lists the GPUs that are there"},
	/* DEVICE_NOT_LICENSED */
	{102, 102, false, MACHINE, "the virtual GPU has no licence"},
	/* INVALID_IMAGE */
	{200, 200, false, MACHINE, "build the program again"},
	/* NO_BINARY_FOR_GPU */
	{209, 209, false, MACHINE,
	 "the program has no code for this GPU: build it for a board that names its architecture"},
	/* ECC_UNCORRECTABLE */
	{214, 214, true, LOST, "the GPU's memory is damaged: reset it"},
	/* INVALID_PTX */
	{218, 218, false, MACHINE, "build the program again"},
	/* NVLINK_UNCORRECTABLE */
	{220, 220, true, LOST, RESTART},
	/* JIT_COMPILER_NOT_FOUND */
	{221, 221, false, MACHINE, "build the program for this GPU's architecture"},
	/* UNSUPPORTED_PTX_VERSION */
	{222, 222, false, MACHINE, "install a newer driver or build with an older toolkit"},
	/* JIT_COMPILATION_DISABLED */
	{223, 223, false, MACHINE, "build the program for this GPU's architecture"},
	/* UNSUPPORTED_EXEC_AFFINITY */
	{224, 224, false, MACHINE, "this GPU or driver cannot do it: --backend cpu"},
	/* UNSUPPORTED_DEVSIDE_SYNC */
	{225, 225, false, MACHINE, "build the program again"},
	/* CONTAINED */
	{226, 226, true, LOST, RESTART},
	/* INVALID_SOURCE, FILE_NOT_FOUND */
	{300, 301, false, MACHINE, "build the program again"},
	/* SHARED_OBJECT_SYMBOL_NOT_FOUND, SHARED_OBJECT_INIT_FAILED */
	{302, 303, false, MACHINE, DRIVER},
	/* OPERATING_SYSTEM */
	{304, 304, false, ABSENT, "check /dev/nvidia* and the groups video and render"},
	/* NOT_FOUND */
	{500, 500, false, MACHINE, "build the program again"},
	/* ILLEGAL_ADDRESS */
	{700, 700, true, LOST, RESTART},
	/* LAUNCH_OUT_OF_RESOURCES */
	{701, 701, false, MACHINE, "the GPU is too small for these kernels"},
	/* LAUNCH_TIMEOUT */
	{702, 702, true, LOST, RESTART},
	/* CONTEXT_IS_DESTROYED, ASSERT */
	{709, 710, true, LOST, RESTART},
	/* HARDWARE_STACK_ERROR to LAUNCH_FAILED */
	{714, 719, true, LOST, RESTART},
	/* TENSOR_MEMORY_LEAK */
	{721, 721, true, LOST, RESTART},
	/* NOT_PERMITTED */
	{800, 800, false, MACHINE, "ask who runs this machine"},
	/* NOT_SUPPORTED */
	{801, 801, false, MACHINE, "this GPU or driver cannot do it: --backend cpu"},
	/* SYSTEM_NOT_READY */
	{802, 802, false, ABSENT, "the driver's services are still starting: try again"},
	/* SYSTEM_DRIVER_MISMATCH, COMPAT_NOT_SUPPORTED_ON_DEVICE */
	{803, 804, false, MACHINE, DRIVER},
	/* MPS_CONNECTION_FAILED */
	{805, 805, false, ABSENT, "start the MPS server or unset CUDA_MPS_PIPE_DIRECTORY"},
	/* MPS_RPC_FAILURE */
	{806, 806, true, LOST, RESTART},
	/* MPS_SERVER_NOT_READY */
	{807, 807, false, ABSENT, "the MPS server is still starting: try again"},
	/* MPS_MAX_CLIENTS_REACHED, MPS_MAX_CONNECTIONS_REACHED */
	{808, 809, false, LIMIT, "end another client of the MPS server"},
	/* MPS_CLIENT_TERMINATED */
	{810, 810, true, LOST, RESTART},
	/* CDP_NOT_SUPPORTED */
	{811, 811, false, MACHINE, "this GPU or driver cannot do it: --backend cpu"},
	/* CDP_VERSION_MISMATCH */
	{812, 812, false, MACHINE, "build the program again"},
	/* TIMEOUT */
	{909, 909, false, ABSENT, RESTART},
	/* EXTERNAL_DEVICE */
	{911, 911, true, LOST, "a device beside the GPU failed: " RESTART},
	/* KEY_ROTATION */
	{916, 916, false, ABSENT, "the GPU changes its keys: try again"},
	/* UNKNOWN */
	{999, 999, true, ABSENT, "see the kernel's log (dmesg: NVRM, nvgpu); " RESTART},
	/* calls that are wrong, or that this program does not make */
	{1, 1, false, OURS, REPORT}, {3, 3, false, OURS, REPORT},
	{5, 8, false, OURS, REPORT}, {201, 202, false, OURS, REPORT},
	{205, 208, false, OURS, REPORT}, {210, 213, false, OURS, REPORT},
	{215, 217, false, OURS, REPORT}, {219, 219, false, OURS, REPORT},
	{400, 402, false, OURS, REPORT}, {600, 600, false, OURS, REPORT},
	{703, 705, false, OURS, REPORT}, {708, 708, false, OURS, REPORT},
	{711, 713, false, OURS, REPORT}, {720, 720, false, OURS, REPORT},
	{900, 908, false, OURS, REPORT}, {910, 910, false, OURS, REPORT},
	{912, 915, false, OURS, REPORT},
};
/* clang-format on */

/* Of a driver that is newer than this table. */
static const struct cuda_error unknown = {
	0, INT_MAX, true, MACHINE, "see CUresult in the driver's documentation"};

const struct cuda_error *cuda_error_find(int code)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (code >= errors[i].first && code <= errors[i].last)
			return &errors[i];
	return &unknown;
}

enum exit_status cuda_error_line(struct cuda_library *library, const char *what,
				 int code, char *line, size_t line_bytes)
{
	static const char prefix[] = "CUDA_ERROR_";
	const struct cuda_error *error = cuda_error_find(code);
	const char *name = NULL;

	if (!library->entries.error_name ||
	    cuda_call(library, error_name, code, &name) || !name)
		name = "";
	else if (!strncmp(name, prefix, sizeof(prefix) - 1))
		name += sizeof(prefix) - 1;
	snprintf(line, line_bytes, "%s: CUDA error %d%s%s: %s", what, code,
		 *name ? " " : "", name, error->way_out);
	return error->status;
}

bool cuda_lacks_uvm(const char *modules)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/nvidia", modules);
	if (access(path, F_OK))
		return false;
	snprintf(path, sizeof(path), "%s/nvidia_uvm", modules);
	return access(path, F_OK);
}
