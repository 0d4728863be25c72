/*
 * share: one DRM file descriptor, used by several processes of the guest. A
 * second opener of a card is not its master and may neither flip nor ask for a
 * writeback, so kms_share keeps the descriptor (as a service manager's store
 * does) and hands it out over a socket. Read next: kms_share.c.
 */
#ifndef TESTS_VM_GUEST_SHARE_H
#define TESTS_VM_GUEST_SHARE_H

/* Ask the kms_share behind this socket. @return the descriptor or -errno. */
int share_receive(const char *socket_path);

/* A listening socket at this path. @return descriptor or -errno. */
int share_listen(const char *socket_path);

/* Accept one client and send it fd. @return 0 or -errno. */
int share_send(int listener, int fd);

#endif
