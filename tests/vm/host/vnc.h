/*
 * vnc: as much of the RFB protocol (RFC 6143 and the ExtendedDesktopSize
 * extension) as it takes to ask QEMU for another desktop size, which the guest
 * sees as a monitor being changed; 0x0 unplugs it.
 */
#ifndef TESTS_VM_HOST_VNC_H
#define TESTS_VM_HOST_VNC_H

/* @return 0 when the server took the request, else -1. */
int vnc_resize(const char *socket_path, unsigned int width,
	       unsigned int height);

#endif
