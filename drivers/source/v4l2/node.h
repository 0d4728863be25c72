/*
 * drivers/source/v4l2/node.h: the only system calls that this driver makes, one
 * function each, nothing decided here. Tests put tests/fakes/v4l2.c in its
 * place.
 *
 * None allocates but v4l2_node_holder: the capture thread opens a camera again
 * while it is sealed.
 */
#ifndef DRIVERS_SOURCE_V4L2_NODE_H
#define DRIVERS_SOURCE_V4L2_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* /dev/video0 to /dev/video255: all that V4L2 has. */
#define V4L2_NODES_MAX 256
#define V4L2_PATH_MAX  256
#define V4L2_NODE      "/dev/video%u"

/* Opens without blocking. An fd, or -errno; -ENOTTY: it is no V4L2 node. */
int v4l2_node_open(const char *path);

void v4l2_node_close(int fd);

/* The device number: the same for a node and for links to it. */
uint64_t v4l2_node_number(int fd);

/* Whether frames of this kernel driver carry the device's own time: uvcvideo
 * says so, for others the kernel stamps them. */
bool v4l2_node_hardware_stamps(const char *driver);

/* 0 or -errno; a signal's EINTR is tried again, a few times. */
int v4l2_node_ioctl(int fd, unsigned long request, void *arg);

/* poll's revents, 0: nothing within timeout_ms, or -errno. */
int v4l2_node_wait(int fd, int timeout_ms);

/* Shared and writable. 0 or -errno. */
int v4l2_node_map(int fd, uint32_t offset, size_t bytes, void **base);

void v4l2_node_unmap(void *base, size_t bytes);

/* The same in place of what is mapped `at`, a page's boundary. bytes: of whole
 * pages. */
int v4l2_node_map_over(int fd, uint32_t offset, void *at, size_t bytes);

/* Ordinary memory in its place again; keep: with the bytes that are there, which
 * others may read meanwhile. 0 or -errno, then it is as it was. */
int v4l2_node_set_aside(void *at, size_t bytes, bool keep);

/* How long reading so many bytes takes: the least of a few times, so that cached
 * memory is in the cache. */
int64_t v4l2_node_read_ns(const void *at, size_t bytes);

/* Main thread: another process that has the node open, as far as this user may
 * see: "NAME (PID)". False: none is seen. */
bool v4l2_node_holder(const char *path, char *text, size_t bytes);

#endif
