/*
 * drivers/display/kms/probe.c: see probe.h.
 */
#include "drivers/display/kms/probe.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/text.h"

#define DRM	   "/sys/class/drm"
#define PATH_BYTES 512

/* "card0", not "card0-HDMI-A-1" or "renderD128". */
static int probe_is_card(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "card", 4) &&
	       !strchr(entry->d_name, '-');
}

static int is_connector(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "card", 4) && strchr(entry->d_name, '-');
}

static int list_drm(const char *root, struct dirent ***entries,
		    int (*filter)(const struct dirent *entry))
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s" DRM, root);
	return scandir(path, entries, filter, alphasort);
}

static void free_entries(struct dirent **entries, int count)
{
	while (count-- > 0)
		free(entries[count]);
	free(entries);
}

/* Modes as sysfs names them: sizes only, each once. */
static void print_modes(const char *root, const char *connector, FILE *out)
{
	char path[PATH_BYTES], line[64], before[64] = "";
	const char *between = " (";
	FILE *file;

	snprintf(path, sizeof(path), "%s" DRM "/%s/modes", root, connector);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strcmp(line, before))
			continue;
		fprintf(out, "%s%s", between, line);
		snprintf(before, sizeof(before), "%s", line);
		between = " ";
	}
	if (before[0])
		fputc(')', out);
	if (file)
		fclose(file);
}

/* "; HDMI-A-1 connected (1920x1080 1280x720)". Returns whether it is. */
static bool print_connector(const char *root, const char *name, FILE *out)
{
	char path[PATH_BYTES], status[32];

	snprintf(path, sizeof(path), "%s" DRM "/%s/status", root, name);
	text_first_line(path, status, sizeof(status));
	fprintf(out, "; %s %s", strchr(name, '-') + 1,
		status[0] ? status : "unknown");
	print_modes(root, name, out);
	return !strcmp(status, "connected");
}

static bool print_connectors(const char *root, const char *card, FILE *out)
{
	struct dirent **entries = NULL;
	size_t length = strlen(card);
	bool connected = false;
	int i, count = list_drm(root, &entries, is_connector);

	for (i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (!strncmp(name, card, length) && name[length] == '-' &&
		    print_connector(root, name, out))
			connected = true;
	}
	free_entries(entries, count);
	return connected;
}

/* "card0 vkms": the name of the kernel driver behind a card. */
static void print_driver(const char *root, const char *card, FILE *out)
{
	char path[PATH_BYTES], target[PATH_BYTES];
	const char *slash;
	ssize_t length;

	snprintf(path, sizeof(path), "%s" DRM "/%s/device/driver", root, card);
	length = readlink(path, target, sizeof(target) - 1);
	target[length < 0 ? 0 : length] = '\0';
	slash = strrchr(target, '/');
	fprintf(out, "%s %s", card, slash ? slash + 1 : "unknown driver");
}

bool kms_probe_print(const char *root, FILE *out, const char *indent)
{
	struct dirent **entries = NULL;
	bool connected = false;
	int i, count = list_drm(root, &entries, probe_is_card);

	if (count <= 0)
		fputs("no DRM device (" DRM " has no card)\n", out);
	for (i = 0; i < count; i++) {
		fputs(i ? indent : "", out);
		print_driver(root, entries[i]->d_name, out);
		if (print_connectors(root, entries[i]->d_name, out))
			connected = true;
		fputc('\n', out);
	}
	free_entries(entries, count);
	return connected;
}
