/*
 * qmp: QEMU's monitor protocol, one command at a time over a connected
 * descriptor. Replies are lines of JSON that are told apart by their first
 * key; nothing here parses JSON. Read next: vmhost.c, which uses it.
 */
#ifndef TESTS_VM_HOST_QMP_H
#define TESTS_VM_HOST_QMP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Read the greeting and leave negotiation mode.
 * @return 0, or -1 with the connection unusable.
 */
int qmp_start(int fd);

/*
 * Send one command (a JSON object on one line) and wait up to 10 s for its
 * reply, which goes to reply without the line end.
 * @return 0 on "return", 1 on "error", -1 when the connection is gone.
 */
int qmp_command(int fd, const char *json, char *reply, size_t reply_bytes);

#endif
