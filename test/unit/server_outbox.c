/* What goes into an outbox comes out of its socket, however little that takes
 * at a time, and whether or not what was lent had to be copied meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/outbox.h"

enum { WIDTH = 200, HEIGHT = 150 };

struct line {
	int ends[2];
	struct outbox outbox;
	struct frame *frame;
	struct buffer expected, got;
};

static void line_open(struct line *line)
{
	int small = 4096;

	*line = (struct line){ .frame = frame_create(WIDTH, HEIGHT) };
	for (size_t i = 0; i < line->frame->stride * HEIGHT; i++)
		line->frame->pixels[i] = (uint8_t)(i * 31 >> 3);
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, line->ends),
		0);
	setsockopt(line->ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
}

/* Whatever is still in the outbox is given back. */
static void line_close(struct line *line)
{
	outbox_finish(&line->outbox);
	assert_true(frame_is_sole(line->frame));
	frame_unref(line->frame);
	buffer_finish(&line->expected);
	buffer_finish(&line->got);
	close(line->ends[0]);
	close(line->ends[1]);
}

static void read_all(struct line *line)
{
	uint8_t bytes[3000];
	ssize_t count;

	while ((count = read(line->ends[1], bytes, sizeof(bytes))) > 0)
		buffer_append(&line->got, bytes, (size_t)count);
}

static void append(struct line *line, size_t length)
{
	uint8_t *bytes = malloc(length);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)rand();
	outbox_append(&line->outbox, bytes, length);
	buffer_append(&line->expected, bytes, length);
	free(bytes);
}

/* Written together with what waits, and the rest appended. */
static void write_with(struct line *line)
{
	size_t waiting = outbox_length(&line->outbox);
	size_t length = 1 + (size_t)(rand() % 9000), taken = 0;
	uint8_t *bytes = malloc(length);
	ssize_t count;

	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)rand();
	buffer_append(&line->expected, bytes, length);
	count = outbox_write_with(&line->outbox, line->ends[0], bytes, length);
	assert_true(count >= 0 || errno == EAGAIN);
	if (count > 0 && (size_t)count > waiting)
		taken = (size_t)count - waiting;
	outbox_append(&line->outbox, bytes + taken, length - taken);
	read_all(line);
	free(bytes);
}

static struct rect random_area(void)
{
	struct rect area = { rand() % WIDTH, rand() % HEIGHT, 0, 0 };

	if (rand() % 2)
		area.x = 0;
	area.width = area.x == 0 ? WIDTH : 1 + rand() % (WIDTH - area.x);
	area.height = 1 + rand() % (HEIGHT - area.y);
	return area;
}

/* Loans at the start, at the end, beside each other; or none. */
static void take(struct line *line)
{
	struct buffer bytes = { 0 };
	struct loan_list loans = { 0 };

	for (int i = rand() % 5; i > 0; i--) {
		size_t length = (size_t)(rand() % 3) * 500;

		for (; length > 0; length--)
			buffer_u8(&bytes, (uint8_t)rand());
		if (rand() % 3)
			loan_list_add(&loans, buffer_length(&bytes),
				line->frame, random_area());
	}
	loan_list_pour(&loans, &bytes, &line->expected);
	outbox_take(&line->outbox, &bytes, &loans);
	assert_int_equal(bytes.capacity + loans.count, 0);
}

static void write_some(struct line *line)
{
	ssize_t count = outbox_write(&line->outbox, line->ends[0], SIZE_MAX);

	assert_true(count >= 0 || errno == EAGAIN);
	read_all(line);
}

static void drain(struct line *line)
{
	while (!outbox_is_empty(&line->outbox))
		write_some(line);
	assert_false(line->outbox.failed);
	assert_true(frame_is_sole(line->frame));
	assert_int_equal(
		buffer_length(&line->got), buffer_length(&line->expected));
	assert_memory_equal(buffer_bytes(&line->got),
		buffer_bytes(&line->expected), buffer_length(&line->got));
}

static void test_any_order(void **state)
{
	(void)state;
	srand(3);
	for (int round = 0; round < 60; round++) {
		struct line line;

		line_open(&line);
		for (int i = 0; i < 12; i++) {
			switch (rand() % 5) {
			case 0:
				append(&line, 1 + (size_t)(rand() % 9000));
				break;
			case 1:
				take(&line);
				break;
			case 2:
				write_some(&line);
				break;
			case 3:
				write_with(&line);
				break;
			default:
				outbox_settle(&line.outbox);
				assert_true(frame_is_sole(line.frame));
			}
		}
		drain(&line);
		line_close(&line);
	}
}

static void test_settling_says_whether_it_helped(void **state)
{
	struct buffer bytes = { 0 };
	struct loan_list loans = { 0 };
	struct line line;

	(void)state;
	line_open(&line);
	append(&line, 100);
	assert_false(outbox_settle(&line.outbox));
	loan_list_add(&loans, 0, line.frame, (struct rect){ 3, 4, 50, 60 });
	loan_list_pour(&loans, &bytes, &line.expected);
	outbox_take(&line.outbox, &bytes, &loans);
	assert_false(frame_is_sole(line.frame));
	assert_true(outbox_settle(&line.outbox));
	assert_true(frame_is_sole(line.frame));
	assert_false(outbox_settle(&line.outbox));
	drain(&line);
	line_close(&line);
}

static void test_finishing_gives_frames_back(void **state)
{
	struct buffer bytes = { 0 };
	struct loan_list loans = { 0 };
	struct line line;

	(void)state;
	line_open(&line);
	loan_list_add(&loans, 0, line.frame, (struct rect){ 0, 0, 9, 9 });
	outbox_take(&line.outbox, &bytes, &loans);
	line_close(&line);
}

static void test_broken_line(void **state)
{
	struct line line;

	(void)state;
	line_open(&line);
	append(&line, 10);
	close(line.ends[1]);
	line.ends[1] = -1;
	assert_int_equal(
		outbox_write(&line.outbox, line.ends[0], SIZE_MAX), -1);
	assert_int_equal(errno, EPIPE);
	line_close(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_settling_says_whether_it_helped),
		cmocka_unit_test(test_finishing_gives_frames_back),
		cmocka_unit_test(test_broken_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
