/* The TLS of the server as far as it needs no connection: names, the
 * self-signed certificate and where it is kept, OpenSSL's lists of ciphers. */
#include <gnutls/gnutls.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/file_stamp.h"
#include "server/tls/cipher_list.h"
#include "server/tls/machine_names.h"
#include "server/tls/own_certificate.h"
#include "server/tls/self_signed.h"
#include "server/tls/tls_identity.h"

enum { DAY = 86400 };

/* ---- ciphers ---- */

static void assert_usable(const char *translated)
{
	gnutls_priority_t priority;
	char *text = xasprintf("NORMAL%s", translated);

	assert_int_equal(gnutls_priority_init(&priority, text, NULL), 0);
	gnutls_priority_deinit(priority);
	free(text);
}

static void test_ciphers(void **state)
{
	static const struct {
		const char *list, *translated;
	} cases[] = {
		{ "ECDHE-RSA-AES128-GCM-SHA256",
			":-KX-ALL:+ECDHE-RSA:-CIPHER-ALL:+AES-128-GCM"
			":-MAC-ALL:+AEAD" },
		{ "AES256-SHA",
			":-KX-ALL:+RSA:-CIPHER-ALL:+AES-256-CBC"
			":-MAC-ALL:+SHA1" },
		{ "TLS_AES_256_GCM_SHA384",
			":-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:+DHE-RSA:+RSA"
			":-CIPHER-ALL:+AES-256-GCM:-MAC-ALL:+AEAD" },
		{ "ECDHE+CHACHA20:!aNULL:!RC4:@STRENGTH",
			":-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA"
			":-CIPHER-ALL:+CHACHA20-POLY1305"
			":-MAC-ALL:+AEAD:+SHA256:+SHA384:+SHA1" },
		{ "EECDH+AESGCM EDH+AESGCM",
			":-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:+DHE-RSA"
			":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM"
			":-MAC-ALL:+AEAD:+SHA256:+SHA384:+SHA1" },
		{ "HIGH:!kRSA:!SHA1:!AES128",
			":-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:+DHE-RSA"
			":-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305"
			":+AES-256-CCM:+AES-256-CBC"
			":-MAC-ALL:+AEAD:+SHA256:+SHA384" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *error,
			*got = cipher_list_translate(cases[i].list, &error);

		assert_non_null(got);
		assert_string_equal(got, cases[i].translated);
		assert_usable(got);
		free(got);
	}
}

static void test_no_ciphers(void **state)
{
	static const char *const lists[] = { "", ":", "NONSENSE", "RC4",
		"ECDHE-", "ECDHE-RSA-", "ECDHE+", "!HIGH", "aNULL",
		"ECDHE+kRSA", "HIGH:MD5" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		char *error, *got = cipher_list_translate(lists[i], &error);

		assert_null(got);
		assert_non_null(error);
		free(error);
	}
}

/* ---- names ---- */

static void test_inet6(void **state)
{
	static const struct {
		const char *line;
		bool taken;
	} cases[] = {
		{ "00000000000000000000000000000001 01 80 10 80       lo\n",
			true },
		{ "20010db8000000000000000000000007 02 40 00 80     eth0\n",
			true },
		{ "fd000000000000000000000000000002 02 40 00 82     eth0\n",
			true },
		{ "20010db8000000001122334455667788 02 40 00 01     eth0\n",
			false }, /* temporary */
		{ "fe800000000000000000000000000002 02 40 20 80     eth0\n",
			false }, /* link-local */
		{ "not an address at all, but as long as one would be here\n",
			false },
		{ "20010db8000000000000000000000007 02 40\n", false },
	};
	struct machine_address address;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			machine_names_take_inet6(cases[i].line, &address),
			cases[i].taken);
	machine_names_take_inet6(cases[1].line, &address);
	assert_int_equal(address.length, 16);
	assert_int_equal(address.bytes[0], 0x20);
	assert_int_equal(address.bytes[15], 7);
}

static bool has_name(const struct machine_names *names, const char *name)
{
	int i;

	for (i = 0; i < names->name_count; i++)
		if (strcmp(names->names[i], name) == 0)
			return true;
	return false;
}

static void test_machine_names(void **state)
{
	struct machine_names names;
	char host[256] = "";

	(void)state;
	gethostname(host, sizeof(host) - 1);
	machine_names_init(
		&names, (char *[]){ (char[]){ "desk.example" }, NULL });
	assert_true(has_name(&names, "localhost"));
	assert_true(has_name(&names, host));
	assert_true(has_name(&names, "desk.example"));
	assert_true(names.address_count >= 2); /* 127.0.0.1 and ::1 */
	machine_names_finish(&names);
	machine_names_init(
		&names, (char *[]){ (char[]){ "192.0.2.77" }, NULL });
	assert_false(has_name(&names, "192.0.2.77"));
	assert_int_equal(names.addresses[2].bytes[3], 77);
	machine_names_finish(&names);
	machine_names_init(
		&names, (char *[]){ (char[]){ "evil\r\nname" }, NULL });
	assert_false(has_name(&names, "evil\r\nname"));
	machine_names_finish(&names);
}

/* ---- the certificate ---- */

static struct machine_names two_names(const char *second)
{
	struct machine_names names = { .name_count = 1,
		.addresses = { { { 192, 0, 2, 1 }, 4 } },
		.address_count = 1 };

	names.names[0] = xstrdup("localhost");
	if (second != NULL)
		names.names[names.name_count++] = xstrdup(second);
	return names;
}

static void test_self_signed(void **state)
{
	struct machine_names names = two_names(NULL), more = two_names("more");
	gnutls_datum_t key = { 0 }, other = { 0 }, certificate = { 0 };
	time_t now = time(NULL);
	time_t last = now + (SELF_SIGNED_DAYS - SELF_SIGNED_RENEWAL_DAYS) *
				    (time_t)DAY;

	(void)state;
	assert_true(self_signed_make_key(&key));
	assert_true(self_signed_make_key(&other));
	assert_true(self_signed_make(&more, now, &key, &certificate));
	assert_true(self_signed_fits(&more, now, &key, &certificate));
	assert_true(self_signed_fits(&names, now, &key, &certificate));
	assert_false(self_signed_fits(&more, now, &other, &certificate));
	assert_true(self_signed_fits(&more, last - 1, &key, &certificate));
	assert_false(self_signed_fits(&more, last + 1, &key, &certificate));
	self_signed_forget(&certificate);
	assert_true(self_signed_make(&names, now, &key, &certificate));
	assert_false(self_signed_fits(&more, now, &key, &certificate));
	more.addresses[0].bytes[3]++;
	assert_false(self_signed_fits(&more, now, &key, &certificate));
	self_signed_forget(&certificate);
	self_signed_forget(&key);
	self_signed_forget(&other);
	machine_names_finish(&names);
	machine_names_finish(&more);
}

/* ---- where it is kept ---- */

struct place {
	char top[64];
	char *folder, *file;
};

static int make_place(void **state)
{
	struct place *place = xcalloc(1, sizeof(*place));

	strcpy(place->top, "/tmp/server_tls-XXXXXX");
	assert_non_null(mkdtemp(place->top));
	place->folder = xasprintf("%s/a/b", place->top);
	place->file = xasprintf("%s/self-signed.pem", place->folder);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	char *command = xasprintf("rm -rf '%s'", place->top);
	int status = system(command);

	free(command);
	free(place->folder);
	free(place->file);
	free(place);
	return status;
}

static struct tls_identity *get(
	struct place *place, const struct machine_names *names)
{
	const struct tls_files nobody = { 0 };
	char *error = NULL;
	struct tls_identity *identity = own_certificate_get(
		false, place->folder, names, &nobody, &error);

	assert_null(error);
	assert_non_null(identity);
	return identity;
}

static bool same(const struct tls_identity *a, const struct tls_identity *b)
{
	return memcmp(a->fingerprint, b->fingerprint, 32) == 0;
}

static char *read_key(const struct place *place)
{
	char text[4096] = "", *end;
	FILE *file = fopen(place->file, "re");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	end = strstr(text, "BEGIN CERTIFICATE");
	assert_non_null(end);
	return xstrndup(text, (size_t)(end - text));
}

static int mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 0777;
}

static void test_kept(void **state)
{
	struct place *place = *state;
	struct machine_names names = two_names(NULL), more = two_names("more");
	struct tls_identity *first = get(place, &names), *later;
	char *key = read_key(place), *renewed;

	assert_int_equal(mode_of(place->folder), 0700);
	assert_int_equal(mode_of(place->file), 0600);
	later = get(place, &names);
	assert_true(same(first, later));
	tls_identity_unref(later);
	/* One more name: another certificate for the same key. */
	later = get(place, &more);
	assert_false(same(first, later));
	renewed = read_key(place);
	assert_string_equal(key, renewed);
	free(renewed);
	tls_identity_unref(first);
	/* A name less: the same. */
	first = get(place, &names);
	assert_true(same(first, later));
	tls_identity_unref(first);
	tls_identity_unref(later);
	free(key);
	machine_names_finish(&names);
	machine_names_finish(&more);
}

static void test_kept_but_broken(void **state)
{
	static const char *const contents[] = { "", "nonsense",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
		"\n" };
	struct place *place = *state;
	struct machine_names names = two_names(NULL);
	struct tls_identity *identity = get(place, &names), *again;
	size_t i;

	tls_identity_unref(identity);
	for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		FILE *file = fopen(place->file, "we");

		fputs(contents[i], file);
		fclose(file);
		identity = get(place, &names);
		again = get(place, &names);
		assert_true(same(identity, again));
		assert_int_equal(mode_of(place->file), 0600);
		tls_identity_unref(identity);
		tls_identity_unref(again);
	}
	/* Was it open to others? No longer. */
	assert_int_equal(chmod(place->file, 0644), 0);
	tls_identity_unref(get(place, &names));
	assert_int_equal(mode_of(place->file), 0600);
	machine_names_finish(&names);
}

static void test_nowhere_to_keep(void **state)
{
	struct place *place = *state;
	struct machine_names names = two_names(NULL);
	struct tls_identity *one, *two;

	/* A folder that cannot be: root, too, fails to write there. */
	free(place->folder);
	place->folder = xstrdup("/proc/self/nowhere");
	one = get(place, &names);
	two = get(place, &names);
	assert_false(same(one, two));
	tls_identity_unref(one);
	tls_identity_unref(two);
	machine_names_finish(&names);
}

static void test_folder(void **state)
{
	char *folder;

	(void)state;
	folder = own_certificate_folder("/given");
	assert_string_equal(folder, "/given");
	free(folder);
	setenv("XDG_CONFIG_HOME", "/xdg", 1);
	setenv("HOME", "/home/joe", 1);
	folder = own_certificate_folder(NULL);
	assert_string_equal(folder, "/xdg/x11wsvnc");
	free(folder);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	folder = own_certificate_folder(NULL);
	assert_string_equal(folder, "/home/joe/.config/x11wsvnc");
	free(folder);
	unsetenv("HOME");
	assert_null(own_certificate_folder(NULL));
}

static void test_stamps(void **state)
{
	struct place *place = *state;
	struct file_stamp none = file_stamp_of(place->top + 1), first, second;
	char *real[2], *link;
	int i;

	assert_int_equal(none.inode, 0);
	link = xasprintf("%s/link", place->top);
	for (i = 0; i < 2; i++) {
		FILE *file;

		real[i] = xasprintf("%s/%d", place->top, i);
		file = fopen(real[i], "we");
		fputs("same", file);
		fclose(file);
	}
	assert_int_equal(symlink(real[0], link), 0);
	first = file_stamp_of(link);
	second = file_stamp_of(link);
	assert_true(file_stamp_equal(&first, &second));
	unlink(link);
	assert_int_equal(symlink(real[1], link), 0);
	second = file_stamp_of(link);
	assert_false(file_stamp_equal(&first, &second));
	free(real[0]);
	free(real[1]);
	free(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ciphers),
		cmocka_unit_test(test_no_ciphers),
		cmocka_unit_test(test_inet6),
		cmocka_unit_test(test_machine_names),
		cmocka_unit_test(test_self_signed),
		cmocka_unit_test_setup_teardown(
			test_kept, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			test_kept_but_broken, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			test_nowhere_to_keep, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			test_stamps, make_place, remove_place),
		cmocka_unit_test(test_folder),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests_name("server_tls", tests, NULL, NULL);
}
