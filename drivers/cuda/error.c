/*
 * drivers/cuda/error.c: CUDA's errors. Names and numbers: cuda.h of 11.4 to
 * 13.0; which are sticky: the driver API's reference.
 *
 * While running a sticky error ends the run with EXIT_STATUS_GPU_LOST, any
 * other costs that tick its frame.
 */
#include "drivers/cuda/error.h"

#include <stdio.h>

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
	{0,   "SUCCESS", false, EXIT_STATUS_OK, ""},
	{1,   "INVALID_VALUE", false, OURS, REPORT},
	{2,   "OUT_OF_MEMORY", false, LIMIT,
	 "use a smaller graph or free device memory"},
	{3,   "NOT_INITIALIZED", false, OURS, REPORT},
	{4,   "DEINITIALIZED", true, LOST,
	 "the driver is being unloaded: " RESTART},
	{5,   "PROFILER_DISABLED", false, OURS, REPORT},
	{6,   "PROFILER_NOT_INITIALIZED", false, OURS, REPORT},
	{7,   "PROFILER_ALREADY_STARTED", false, OURS, REPORT},
	{8,   "PROFILER_ALREADY_STOPPED", false, OURS, REPORT},
	{34,  "STUB_LIBRARY", false, MACHINE,
	 "this libcuda.so.1 is the toolkit's stub: install the driver"},
	{36,  "CALL_REQUIRES_NEWER_DRIVER", false, MACHINE,
	 "install a newer driver"},
	{46,  "DEVICE_UNAVAILABLE", false, ABSENT,
	 "another process has the GPU for itself: end it"},
	{100, "NO_DEVICE", false, ABSENT,
	 "no GPU: check CUDA_VISIBLE_DEVICES, /dev/nvidia*, groups video and render"},
	{101, "INVALID_DEVICE", false, ABSENT,
	 "--probe lists the GPUs that are there"},
	{102, "DEVICE_NOT_LICENSED", false, MACHINE,
	 "the virtual GPU has no licence"},
	{200, "INVALID_IMAGE", false, MACHINE, "build the program again"},
	{201, "INVALID_CONTEXT", false, OURS, REPORT},
	{202, "CONTEXT_ALREADY_CURRENT", false, OURS, REPORT},
	{205, "MAP_FAILED", false, OURS, REPORT},
	{206, "UNMAP_FAILED", false, OURS, REPORT},
	{207, "ARRAY_IS_MAPPED", false, OURS, REPORT},
	{208, "ALREADY_MAPPED", false, OURS, REPORT},
	{209, "NO_BINARY_FOR_GPU", false, MACHINE,
	 "the program has no code for this GPU: build it for a board that names its architecture"},
	{210, "ALREADY_ACQUIRED", false, OURS, REPORT},
	{211, "NOT_MAPPED", false, OURS, REPORT},
	{212, "NOT_MAPPED_AS_ARRAY", false, OURS, REPORT},
	{213, "NOT_MAPPED_AS_POINTER", false, OURS, REPORT},
	{214, "ECC_UNCORRECTABLE", true, LOST,
	 "the GPU's memory is damaged: reset it"},
	{215, "UNSUPPORTED_LIMIT", false, OURS, REPORT},
	{216, "CONTEXT_ALREADY_IN_USE", false, OURS, REPORT},
	{217, "PEER_ACCESS_UNSUPPORTED", false, OURS, REPORT},
	{218, "INVALID_PTX", false, MACHINE, "build the program again"},
	{219, "INVALID_GRAPHICS_CONTEXT", false, OURS, REPORT},
	{220, "NVLINK_UNCORRECTABLE", true, LOST, RESTART},
	{221, "JIT_COMPILER_NOT_FOUND", false, MACHINE,
	 "build the program for this GPU's architecture"},
	{222, "UNSUPPORTED_PTX_VERSION", false, MACHINE,
	 "install a newer driver or build with an older toolkit"},
	{223, "JIT_COMPILATION_DISABLED", false, MACHINE,
	 "build the program for this GPU's architecture"},
	{224, "UNSUPPORTED_EXEC_AFFINITY", false, MACHINE,
	 "this GPU or driver cannot do it: --backend cpu"},
	{225, "UNSUPPORTED_DEVSIDE_SYNC", false, MACHINE,
	 "build the program again"},
	{226, "CONTAINED", true, LOST, RESTART},
	{300, "INVALID_SOURCE", false, MACHINE, "build the program again"},
	{301, "FILE_NOT_FOUND", false, MACHINE, "build the program again"},
	{302, "SHARED_OBJECT_SYMBOL_NOT_FOUND", false, MACHINE, DRIVER},
	{303, "SHARED_OBJECT_INIT_FAILED", false, MACHINE, DRIVER},
	{304, "OPERATING_SYSTEM", false, ABSENT,
	 "check /dev/nvidia* and the groups video and render"},
	{400, "INVALID_HANDLE", false, OURS, REPORT},
	{401, "ILLEGAL_STATE", false, OURS, REPORT},
	{402, "LOSSY_QUERY", false, OURS, REPORT},
	{500, "NOT_FOUND", false, MACHINE, "build the program again"},
	{600, "NOT_READY", false, OURS, REPORT},
	{700, "ILLEGAL_ADDRESS", true, LOST, RESTART},
	{701, "LAUNCH_OUT_OF_RESOURCES", false, MACHINE,
	 "the GPU is too small for these kernels"},
	{702, "LAUNCH_TIMEOUT", true, LOST, RESTART},
	{703, "LAUNCH_INCOMPATIBLE_TEXTURING", false, OURS, REPORT},
	{704, "PEER_ACCESS_ALREADY_ENABLED", false, OURS, REPORT},
	{705, "PEER_ACCESS_NOT_ENABLED", false, OURS, REPORT},
	{708, "PRIMARY_CONTEXT_ACTIVE", false, OURS, REPORT},
	{709, "CONTEXT_IS_DESTROYED", true, LOST, RESTART},
	{710, "ASSERT", true, LOST, RESTART},
	{711, "TOO_MANY_PEERS", false, OURS, REPORT},
	{712, "HOST_MEMORY_ALREADY_REGISTERED", false, OURS, REPORT},
	{713, "HOST_MEMORY_NOT_REGISTERED", false, OURS, REPORT},
	{714, "HARDWARE_STACK_ERROR", true, LOST, RESTART},
	{715, "ILLEGAL_INSTRUCTION", true, LOST, RESTART},
	{716, "MISALIGNED_ADDRESS", true, LOST, RESTART},
	{717, "INVALID_ADDRESS_SPACE", true, LOST, RESTART},
	{718, "INVALID_PC", true, LOST, RESTART},
	{719, "LAUNCH_FAILED", true, LOST, RESTART},
	{720, "COOPERATIVE_LAUNCH_TOO_LARGE", false, OURS, REPORT},
	{721, "TENSOR_MEMORY_LEAK", true, LOST, RESTART},
	{800, "NOT_PERMITTED", false, MACHINE, "ask who runs this machine"},
	{801, "NOT_SUPPORTED", false, MACHINE,
	 "this GPU or driver cannot do it: --backend cpu"},
	{802, "SYSTEM_NOT_READY", false, ABSENT,
	 "the driver's services are still starting: try again"},
	{803, "SYSTEM_DRIVER_MISMATCH", false, MACHINE, DRIVER},
	{804, "COMPAT_NOT_SUPPORTED_ON_DEVICE", false, MACHINE, DRIVER},
	{805, "MPS_CONNECTION_FAILED", false, ABSENT,
	 "start the MPS server or unset CUDA_MPS_PIPE_DIRECTORY"},
	{806, "MPS_RPC_FAILURE", true, LOST, RESTART},
	{807, "MPS_SERVER_NOT_READY", false, ABSENT,
	 "the MPS server is still starting: try again"},
	{808, "MPS_MAX_CLIENTS_REACHED", false, LIMIT,
	 "end another client of the MPS server"},
	{809, "MPS_MAX_CONNECTIONS_REACHED", false, LIMIT,
	 "end another client of the MPS server"},
	{810, "MPS_CLIENT_TERMINATED", true, LOST, RESTART},
	{811, "CDP_NOT_SUPPORTED", false, MACHINE,
	 "this GPU or driver cannot do it: --backend cpu"},
	{812, "CDP_VERSION_MISMATCH", false, MACHINE,
	 "build the program again"},
	{900, "STREAM_CAPTURE_UNSUPPORTED", false, OURS, REPORT},
	{901, "STREAM_CAPTURE_INVALIDATED", false, OURS, REPORT},
	{902, "STREAM_CAPTURE_MERGE", false, OURS, REPORT},
	{903, "STREAM_CAPTURE_UNMATCHED", false, OURS, REPORT},
	{904, "STREAM_CAPTURE_UNJOINED", false, OURS, REPORT},
	{905, "STREAM_CAPTURE_ISOLATION", false, OURS, REPORT},
	{906, "STREAM_CAPTURE_IMPLICIT", false, OURS, REPORT},
	{907, "CAPTURED_EVENT", false, OURS, REPORT},
	{908, "STREAM_CAPTURE_WRONG_THREAD", false, OURS, REPORT},
	{909, "TIMEOUT", false, ABSENT, RESTART},
	{910, "GRAPH_EXEC_UPDATE_FAILURE", false, OURS, REPORT},
	{911, "EXTERNAL_DEVICE", true, LOST,
	 "a device beside the GPU failed: " RESTART},
	{912, "INVALID_CLUSTER_SIZE", false, OURS, REPORT},
	{913, "FUNCTION_NOT_LOADED", false, OURS, REPORT},
	{914, "INVALID_RESOURCE_TYPE", false, OURS, REPORT},
	{915, "INVALID_RESOURCE_CONFIGURATION", false, OURS, REPORT},
	{916, "KEY_ROTATION", false, ABSENT,
	 "the GPU changes its keys: try again"},
	{999, "UNKNOWN", true, ABSENT,
	 "see the kernel's log (dmesg: NVRM, nvgpu); " RESTART},
};
/* clang-format on */

static const struct cuda_error unknown = {
	-1, "UNKNOWN_CODE", true, MACHINE,
	"see CUresult in the driver's documentation"};

const struct cuda_error *cuda_error_find(int code)
{
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			return &errors[i];
	return &unknown;
}

enum exit_status cuda_error_line(const char *what, int code, char *line,
				 size_t line_bytes)
{
	const struct cuda_error *error = cuda_error_find(code);

	snprintf(line, line_bytes, "%s: CUDA error %d %s: %s", what, code,
		 error->name, error->way_out);
	return error->status;
}
