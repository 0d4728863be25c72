/*
 * drivers/display/kms/refusal.c: see refusal.h.
 */
#include "drivers/display/kms/refusal.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/text.h"

#define PROC_PATH_MAX 64
#define COMM_MAX      16

/* Programs that take the display, and what stops them. */
static const struct {
	const char *comm, *command;
} display_managers[] = {
	{"Xorg", "sudo systemctl stop display-manager"},
	{"X", "sudo systemctl stop display-manager"},
	{"Xwayland", "sudo systemctl stop display-manager"},
	{"gnome-shell", "sudo systemctl stop gdm3"},
	{"gdm-x-session", "sudo systemctl stop gdm3"},
	{"kwin_wayland", "sudo systemctl stop sddm"},
	{"sddm", "sudo systemctl stop sddm"},
	{"lightdm", "sudo systemctl stop lightdm"},
	{"weston", "sudo systemctl stop weston"},
	{"nvidia-weston", "sudo systemctl stop nvweston"},
	{"sway", "swaymsg exit"},
	{"plymouthd", "sudo plymouth quit"},
};

int kms_refuse(struct kms_refusal *refusal, int error, const char *format, ...)
{
	va_list args;

	refusal->error = error;
	va_start(args, format);
	vsnprintf(refusal->text, sizeof(refusal->text), format, args);
	va_end(args);
	return error;
}

int kms_refuse_open(struct kms_refusal *refusal, const char *path, int error)
{
	struct stat st;
	struct group *group = NULL;

	if (error != -EACCES && error != -EPERM)
		return kms_refuse(refusal,
				  error == -ENOENT ? -ENODEV : error,
				  "%s: %s: ls /dev/dri shows what there is",
				  path, strerror(-error));
	if (!stat(path, &st))
		group = getgrgid(st.st_gid);
	return kms_refuse(refusal, -EACCES,
			  "%s: permission denied: it belongs to group %s: "
			  "sudo usermod -aG %s $USER, then log in again",
			  path, group ? group->gr_name : "video",
			  group ? group->gr_name : "video");
}

int kms_refuse_call(struct kms_refusal *refusal, const char *path,
		    const char *call, int error)
{
	return kms_refuse(refusal, error, "%s: %s: %s", path, call,
			  strerror(-error));
}

/* Ending processes have given their files up, or are about to. */
static bool is_ending(long pid)
{
	char path[PROC_PATH_MAX], line[256];
	const char *state;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (!text_first_line(path, line, sizeof(line)))
		return true;
	state = strrchr(line, ')');
	return !state || strchr("ZXx", state[2]);
}

static bool holds(long pid, dev_t device)
{
	char folder[PROC_PATH_MAX], path[PROC_PATH_MAX + 32];
	struct dirent *entry;
	struct stat st;
	int others = pid == getpid() ? -1 : 0; /* but for the caller's own */
	DIR *fds;

	snprintf(folder, sizeof(folder), "/proc/%ld/fd", pid);
	fds = opendir(folder);
	while (fds && others < 1 && (entry = readdir(fds))) {
		snprintf(path, sizeof(path), "%s/%.20s", folder,
			 entry->d_name);
		others += !stat(path, &st) && S_ISCHR(st.st_mode) &&
			  st.st_rdev == device;
	}
	if (fds)
		closedir(fds);
	return others > 0 && !is_ending(pid);
}

int kms_holder(const char *path)
{
	struct dirent *entry;
	struct stat st;
	int holder = 0;
	DIR *proc;

	if (stat(path, &st))
		return 0;
	/* the caller's other sink, before who may have the same file open */
	if (holds(getpid(), st.st_rdev))
		return getpid();
	proc = opendir("/proc");
	while (proc && !holder && (entry = readdir(proc))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 && holds(pid, st.st_rdev))
			holder = (int)pid;
	}
	if (proc)
		closedir(proc);
	return holder;
}

static const char *stop_command(const char *comm)
{
	size_t i;

	for (i = 0; i < sizeof(display_managers) / sizeof(display_managers[0]);
	     i++)
		if (!strcmp(comm, display_managers[i].comm))
			return display_managers[i].command;
	return NULL;
}

int kms_refuse_master(struct kms_refusal *refusal, const char *path)
{
	char file[PROC_PATH_MAX], comm[COMM_MAX + 1] = "?";
	const char *command;
	int pid = kms_holder(path);

	if (!pid)
		return kms_refuse(refusal, -EBUSY,
				  "%s: another process is its master and "
				  "cannot be seen from here: sudo fuser -v %s "
				  "names it",
				  path, path);
	if (pid == getpid())
		return kms_refuse(refusal, -EBUSY,
				  "%s: another sink of this graph came back on "
				  "it: name another with device=",
				  path);
	snprintf(file, sizeof(file), "/proc/%d/comm", pid);
	text_first_line(file, comm, sizeof(comm));
	command = stop_command(comm);
	if (command)
		return kms_refuse(refusal, -EBUSY,
				  "%s: %s (process %d) has the display: stop "
				  "it with: %s",
				  path, comm, pid, command);
	return kms_refuse(refusal, -EBUSY,
			  "%s: %s (process %d) has the display: stop it first "
			  "(kill %d)",
			  path, comm, pid, pid);
}

int kms_refuse_commit(struct kms_refusal *refusal, const char *path,
		      const char *what, int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
		return kms_refuse_master(refusal, path);
	case ENODEV:
		return kms_refuse(refusal, -ENODEV,
				  "%s: the device went away during start-up",
				  path);
	case ENOMEM:
		return kms_refuse(refusal, -ENOMEM,
				  "%s: %s: the kernel has no memory for it",
				  path, what);
	default:
		return kms_refuse(refusal, -ENOTSUP,
				  "%s: the driver refuses %s (%s): choose "
				  "another --mode, plane= or format=",
				  path, what, strerror(-error));
	}
}
