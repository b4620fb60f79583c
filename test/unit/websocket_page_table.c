/* The page table: what is in it, what is left out, what stops it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/log.h"
#include "test/unit/websocket_temporary.h"
#include "websocket/mime.h"
#include "websocket/page_table.h"

static int make_directory(void **state)
{
	*state = temporary_create();
	return 0;
}

static int remove_directory(void **state)
{
	temporary_destroy(*state);
	return 0;
}

static struct page_table *load(const char *directory)
{
	char *error = NULL;
	struct page_table *table = page_table_load(directory, &error);

	if (table == NULL)
		fail_msg("%s", error);
	assert_null(error);
	return table;
}

static void assert_fails(
	const char *directory, const char *path, const char *reason)
{
	char *error = NULL;

	assert_null(page_table_load(directory, &error));
	assert_non_null(error);
	if (strstr(error, path) == NULL || strstr(error, reason) == NULL)
		fail_msg("\"%s\" lacks \"%s\" or \"%s\"", error, path, reason);
	free(error);
}

static void test_first_page(void **state)
{
	char *directory = *state;
	struct page_table *table = load(directory);

	assert_int_equal(page_table_count(table), 0);
	assert_null(page_table_find(table, "/"));
	page_table_unref(table);

	temporary_text(directory, "vnc_lite.html", "lite");
	table = load(directory);
	assert_string_equal(
		page_table_find(table, "/")->path, "/vnc_lite.html");
	page_table_unref(table);

	temporary_text(directory, "vnc.html", "vnc");
	table = load(directory);
	assert_string_equal(page_table_find(table, "/")->path, "/vnc.html");
	page_table_unref(table);

	temporary_text(directory, "index.html", "index");
	table = load(directory);
	assert_string_equal(page_table_find(table, "/")->path, "/index.html");
	page_table_unref(table);
}

static void test_look_up(void **state)
{
	char *directory = *state;
	struct page_table *table;
	const struct page *page;

	temporary_folder(directory, "app");
	temporary_text(directory, "app/ui.js", "let a = 1;");
	temporary_text(directory, "app/.secret", "s");
	temporary_folder(directory, ".git");
	temporary_text(directory, ".git/config", "s");
	temporary_text(directory, "empty.css", "");
	table = load(directory);
	assert_int_equal(page_table_count(table), 2);
	page = page_table_find(table, "/app/ui.js");
	assert_non_null(page);
	assert_int_equal(page->length, 10);
	assert_memory_equal(page->bytes, "let a = 1;", 10);
	assert_string_equal(page->type, "text/javascript; charset=utf-8");
	page = page_table_find(table, "/empty.css");
	assert_non_null(page);
	assert_int_equal(page->length, 0);
	assert_null(page->gzip);

	assert_null(page_table_find(table, "/app"));
	assert_null(page_table_find(table, "/app/"));
	assert_null(page_table_find(table, "/app/.secret"));
	assert_null(page_table_find(table, "/.git/config"));
	assert_null(page_table_find(table, "/app/../app/ui.js"));
	assert_null(page_table_find(table, "//app/ui.js"));
	assert_null(page_table_find(table, "/app\\ui.js"));
	assert_null(page_table_find(table, "/App/ui.js"));
	assert_null(page_table_find(table, ""));
	page_table_unref(table);
}

static void test_links(void **state)
{
	char *directory = *state, *outside = temporary_create();
	struct page_table *table;
	char *file = xasprintf("%s/secret.html", outside);
	char *sibling = xasprintf("%s-more", directory);

	temporary_text(outside, "secret.html", "secret");
	assert_int_equal(mkdir(sibling, 0700), 0);
	temporary_text(sibling, "near.html", "secret");
	temporary_folder(directory, "real");
	temporary_text(directory, "real/a.html", "a");
	temporary_link(directory, "b.html", "real/a.html");
	temporary_link(directory, "again", "real");
	temporary_link(directory, "real/up", "..");
	temporary_link(directory, "real/self", ".");
	temporary_link(directory, "out.html", file);
	temporary_link(directory, "out", outside);
	temporary_link(directory, "near", sibling);
	temporary_link(directory, "root", "/");
	temporary_link(directory, "dangling", "nowhere");
	temporary_link(directory, "loop", "loop");
	table = load(directory);
	assert_non_null(page_table_find(table, "/real/a.html"));
	assert_non_null(page_table_find(table, "/b.html"));
	assert_non_null(page_table_find(table, "/again/a.html"));
	assert_null(page_table_find(table, "/out.html"));
	assert_null(page_table_find(table, "/out/secret.html"));
	assert_null(page_table_find(table, "/near/near.html"));
	assert_null(page_table_find(table, "/real/up/b.html"));
	assert_int_equal(page_table_count(table), 3);
	page_table_unref(table);
	free(file);
	temporary_destroy(sibling);
	temporary_destroy(outside);
}

static void test_strange_files(void **state)
{
	char *directory = *state;
	char *pipe = xasprintf("%s/pipe.html", directory);
	struct page_table *table;

	assert_int_equal(mkfifo(pipe, 0600), 0);
	temporary_link(directory, "linked.html", "pipe.html");
	temporary_text(directory, "a.html", "a");
	table = load(directory);
	assert_int_equal(page_table_count(table), 1);
	page_table_unref(table);
	free(pipe);
}

static void make_long_file(
	const char *directory, const char *name, off_t length)
{
	char *path = xasprintf("%s/%s", directory, name);

	temporary_text(directory, name, "");
	assert_int_equal(truncate(path, length), 0);
	free(path);
}

static void test_file_limit(void **state)
{
	char *directory = *state;
	struct page_table *table;

	make_long_file(directory, "long.png", 16 << 20);
	table = load(directory);
	assert_int_equal(page_table_find(table, "/long.png")->length, 16 << 20);
	page_table_unref(table);
	make_long_file(directory, "long.png", (16 << 20) + 1);
	assert_fails(directory, "long.png", "16 MiB");
}

static void test_total_limit(void **state)
{
	char *directory = *state;
	int i;

	for (i = 0; i < 9; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%d.png", i);
		make_long_file(directory, name, i < 8 ? 16 << 20 : 1);
	}
	assert_fails(directory, directory, "128 MiB");
}

static void test_count_limit(void **state)
{
	char *directory = *state;
	struct page_table *table;
	char name[16];
	int i;

	for (i = 0; i < 4096; i++) {
		snprintf(name, sizeof(name), "%d.txt", i);
		temporary_text(directory, name, "x");
	}
	table = load(directory);
	assert_int_equal(page_table_count(table), 4096);
	page_table_unref(table);
	temporary_text(directory, "more.txt", "x");
	assert_fails(directory, directory, "4096 files");
}

static void test_errors(void **state)
{
	char *directory = *state;
	char *missing = xasprintf("%s/missing", directory);
	char *file = xasprintf("%s/file", directory);

	temporary_text(directory, "file", "x");
	assert_fails(missing, missing, "No such file");
	assert_fails(file, file, "Not a directory");
	assert_fails("/", "/", "whole disk");
	/* root may read everything */
	if (geteuid() != 0) {
		assert_int_equal(chmod(file, 0), 0);
		assert_fails(directory, file, "Permission denied");
	}
	free(missing);
	free(file);
}

static void test_tags_and_gzip(void **state)
{
	char *directory = *state;
	char text[20000], unpacked[sizeof(text)];
	const struct page *page;
	struct page_table *table;
	z_stream stream = { 0 };

	memset(text, 'a', sizeof(text));
	temporary_file(directory, "a.js", text, sizeof(text));
	temporary_file(directory, "b.js", text, sizeof(text));
	temporary_file(directory, "a.png", text, sizeof(text));
	temporary_text(directory, "short.js", "x");
	table = load(directory);
	page = page_table_find(table, "/a.js");
	assert_non_null(page->gzip);
	assert_true(page->gzip_length < page->length);
	stream.next_in = page->gzip;
	stream.avail_in = (uInt)page->gzip_length;
	stream.next_out = (Bytef *)unpacked;
	stream.avail_out = sizeof(unpacked);
	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.total_out, sizeof(text));
	inflateEnd(&stream);
	assert_memory_equal(unpacked, text, sizeof(text));

	assert_int_equal(page->etag[0], '"');
	assert_int_equal(page->etag[strlen(page->etag) - 1], '"');
	assert_string_equal(page->etag, page_table_find(table, "/b.js")->etag);
	assert_string_not_equal(
		page->etag, page_table_find(table, "/short.js")->etag);
	assert_null(page_table_find(table, "/short.js")->gzip);
	assert_null(page_table_find(table, "/a.png")->gzip);
	page_table_unref(table);
}

static void test_references(void **state)
{
	char *directory = *state;
	struct page_table *table;
	const struct page *page;

	temporary_text(directory, "a.js", "x");
	table = load(directory);
	page = page_table_find(table, "/a.js");
	assert_ptr_equal(page_table_ref(table), table);
	page_table_unref(table);
	assert_int_equal(page->bytes[0], 'x');
	page_table_unref(table);
	page_table_unref(NULL);
}

static void test_types(void **state)
{
	static const char *const pairs[][2] = {
		{ "/a.html", "text/html; charset=utf-8" },
		{ "/a.HTML", "text/html; charset=utf-8" },
		{ "/a.js", "text/javascript; charset=utf-8" },
		{ "/a.mjs", "text/javascript; charset=utf-8" },
		{ "/a.css", "text/css; charset=utf-8" },
		{ "/a.svg", "image/svg+xml" },
		{ "/a.json", "application/json" },
		{ "/a.png", "image/png" },
		{ "/a.ico", "image/x-icon" },
		{ "/a.woff", "font/woff" },
		{ "/a.ttf", "font/ttf" },
		{ "/a.oga", "audio/ogg" },
		{ "/a.mp3", "audio/mpeg" },
		{ "/a.js/b", "application/octet-stream" },
		{ "/README", "application/octet-stream" },
		{ "/a.", "application/octet-stream" },
		{ "/a.jsx", "application/octet-stream" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(mime_type(pairs[i][0]), pairs[i][1]);
}

/* Debian's package novnc is required, not optional. */
static void test_debian_novnc(void **state)
{
	static const char *const needed[] = { "/vnc.html", "/vnc_lite.html",
		"/app/ui.js", "/app/styles/base.css", "/core/rfb.js",
		"/app/images/handle.svg", "/app/sounds/bell.oga",
		"/vendor/pako/lib/zlib/inflate.js" };
	struct page_table *table = load("/usr/share/novnc");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (page_table_find(table, needed[i]) == NULL)
			fail_msg("%s is missing", needed[i]);
	assert_string_equal(page_table_find(table, "/vnc_auto.html")->etag,
		page_table_find(table, "/vnc.html")->etag);
	assert_string_equal(page_table_find(table, "/")->path, "/vnc.html");
	page_table_unref(table);
}

#define ON_DIRECTORY(test)                                                     \
	cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DIRECTORY(test_first_page),
		ON_DIRECTORY(test_look_up),
		ON_DIRECTORY(test_links),
		ON_DIRECTORY(test_strange_files),
		ON_DIRECTORY(test_file_limit),
		ON_DIRECTORY(test_total_limit),
		ON_DIRECTORY(test_count_limit),
		ON_DIRECTORY(test_errors),
		ON_DIRECTORY(test_tags_and_gzip),
		ON_DIRECTORY(test_references),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_debian_novnc),
	};

	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
