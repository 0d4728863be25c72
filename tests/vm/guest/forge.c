/*
 * forge COUNT: sends that many uevents about a display, as the kernel words
 * them, to all who listen to the kernel's; but from a process, as root may.
 */
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	static const char event[] =
		"change@/devices/platform/vkms/drm/card0\0ACTION=change\0"
		"SUBSYSTEM=drm\0HOTPLUG=1";
	const struct sockaddr_nl all = {.nl_family = AF_NETLINK,
					.nl_groups = 1};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
	int left = argc > 1 ? atoi(argv[1]) : 1;

	while (left-- > 0)
		if (sendto(fd, event, sizeof(event), 0,
			   (const struct sockaddr *)&all, sizeof(all)) < 0) {
			perror("forge");
			return 1;
		}
	return 0;
}
