/*
 * tests/drivers/test_kms_probe.c: what --probe says of cards, against made-up
 * machines under a folder.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/display/kms/probe.h"

static char root[64];
static char *text;
static bool connected;

static void setup(void)
{
	snprintf(root, sizeof(root), "/tmp/tickline-kms-probe-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
}

static void teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
	free(text);
}

/* Makes the folders of ROOT/path and the file with that text. */
static void make_file(const char *path, const char *content)
{
	char name[256], *slash;
	FILE *file;

	snprintf(name, sizeof(name), "%s%s", root, path);
	for (slash = strchr(name + strlen(root) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(name, 0755);
		*slash = '/';
	}
	file = fopen(name, "w");
	ck_assert_ptr_nonnull(file);
	fputs(content, file);
	fclose(file);
}

static void make_driver(const char *card, const char *driver)
{
	char path[256], target[256];

	snprintf(path, sizeof(path), "/sys/class/drm/%s/device/vendor", card);
	make_file(path, "0x10de\n");
	snprintf(path, sizeof(path), "%s/sys/class/drm/%s/device/driver", root,
		 card);
	snprintf(target, sizeof(target), "../../../bus/pci/drivers/%s", driver);
	ck_assert_int_eq(symlink(target, path), 0);
}

static void probe(void)
{
	size_t length = 0;
	FILE *out;

	free(text);
	out = open_memstream(&text, &length);
	connected = kms_probe_print(root, out, "    ");
	fclose(out);
}

START_TEST(a_board_with_two_cards)
{
	make_driver("card0", "tegra");
	make_driver("card1", "nvidia-drm");
	make_file("/sys/class/drm/card1-HDMI-A-1/status", "connected\n");
	make_file("/sys/class/drm/card1-HDMI-A-1/modes",
		  "1920x1080\n1920x1080\n1280x720\n");
	make_file("/sys/class/drm/card1-DP-1/status", "disconnected\n");
	make_file("/sys/class/drm/card10-VGA-1/status", "connected\n");
	make_file("/sys/class/drm/renderD128/dev", "226:128\n");
	probe();
	ck_assert_str_eq(text, "card0 tegra\n"
			       "    card1 nvidia-drm; DP-1 disconnected; "
			       "HDMI-A-1 connected (1920x1080 1280x720)\n");
	ck_assert(connected);
}
END_TEST

START_TEST(nothing_connected)
{
	make_driver("card0", "vkms");
	make_file("/sys/class/drm/card0-Virtual-1/status", "disconnected\n");
	probe();
	ck_assert_str_eq(text, "card0 vkms; Virtual-1 disconnected\n");
	ck_assert(!connected);
}
END_TEST

START_TEST(no_card)
{
	probe();
	ck_assert_str_eq(text, "no DRM device (/sys/class/drm has no card)\n");
	ck_assert(!connected);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kms probe");
	TCase *tests = tcase_create("probe");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_board_with_two_cards);
	tcase_add_test(tests, nothing_connected);
	tcase_add_test(tests, no_card);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
