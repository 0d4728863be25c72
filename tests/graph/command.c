/* tests/graph/command.c: see command.h. */
#include "tests/graph/command.h"

#include <check.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *command_graphc(void)
{
	static char path[PATH_MAX];

	if (!*path)
		ck_assert_ptr_nonnull(realpath(TEST_TOOLS "/graphc", path));
	return path;
}

const char *command_scratch(void)
{
	static char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s/graphc-XXXXXX", TEST_BUILD);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	return folder;
}

void command_remove(const char *folder)
{
	char output[256];

	ck_assert_int_eq(
		command_run(output, sizeof(output), "rm -rf '%s'", folder), 0);
}

int command_run(char *output, size_t size, const char *format, ...)
{
	static char command[4 * PATH_MAX], line[5 * PATH_MAX];
	va_list args;
	size_t bytes;
	FILE *pipe;
	int status;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	snprintf(line, sizeof(line), "{ %s\n} 2>&1 </dev/null", command);
	pipe = popen(line, "re");
	ck_assert_ptr_nonnull(pipe);
	bytes = fread(output, 1, size - 1, pipe);
	output[bytes] = '\0';
	status = pclose(pipe);
	ck_assert_msg(WIFEXITED(status), "%s: %s", command, output);
	return WEXITSTATUS(status);
}
