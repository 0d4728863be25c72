/*
 * drivers/display/kms/node.h: the only system calls that the KMS driver makes
 * on a DRM device node, one function each, nothing decided here.
 *
 * Beside them libdrm is used at start, by the main and the helper thread
 * only: its ioctl wrapper retries EINTR and EAGAIN without a bound and its
 * atomic commit allocates. Tests put tests/fakes/drm.c in place of both.
 */
#ifndef DRIVERS_DISPLAY_KMS_NODE_H
#define DRIVERS_DISPLAY_KMS_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define KMS_NODES_MAX 16
#define KMS_PATH_MAX  64
#define KMS_INHERITED_MAX 64 /* file descriptors below this one */

struct kms_node_list {
	uint32_t count;
	char path[KMS_NODES_MAX][KMS_PATH_MAX];
};

/* Every /dev/dri/card*, in order of number. The numbers mean nothing: they
 * change from boot to boot. */
void kms_node_list(struct kms_node_list *list);

/* The first DRM file that a service manager or another program passed on
 * (LISTEN_PID, LISTEN_FDS) and that is not in `taken` (bit: fd). Its number, or
 * -ENOENT nothing was passed on, -EBUSY all are taken, -ENOTTY none of the files
 * is a DRM device's. The caller of this program keeps it. */
int kms_node_inherited(uint64_t taken);

/* Whether this kernel module is loaded: "nvidia_drm". */
bool kms_node_has_module(const char *name);

/* Opens without blocking. An fd, or -errno. */
int kms_node_open(const char *path);

void kms_node_close(int fd);

/* Whether the path names the device whose file this is, by whatever name. */
bool kms_node_is(int fd, const char *path);

/* One try. 0 or -errno. */
int kms_node_ioctl(int fd, unsigned long request, void *arg);

/* Bytes read, 0 when there are none now, or -errno. One try, never blocks. */
ssize_t kms_node_read(int fd, void *data, size_t bytes);

/* 1: readable, 0: not within timeout_ms, or -errno. */
int kms_node_wait(int fd, int timeout_ms);

/* Shared and writable. 0 or -errno. */
int kms_node_map(int fd, uint64_t offset, size_t bytes, void **base);

void kms_node_unmap(void *base, size_t bytes);

#endif
