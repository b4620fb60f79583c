/* What sockets are told at their start, asked of the kernel. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "server/network/tcp_options.h"

static int made(bool loopback, int patience_s)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	tcp_options_set(fd, loopback, patience_s);
	return fd;
}

static int number(int fd, int level, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	assert_int_equal(getsockopt(fd, level, option, &value, &size), 0);
	return value;
}

static void control(int fd, char name[16])
{
	socklen_t size = 16;

	memset(name, 0, 16);
	assert_int_equal(
		getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &size), 0);
}

static void test_loopback_is_no_line(void **state)
{
	char name[16];
	int fd = made(true, 60);

	(void)state;
	control(fd, name);
	assert_string_equal(name, "reno");
	close(fd);
}

static void test_lines_are_the_machines_choice(void **state)
{
	char usual[16], name[16];
	int plain = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd = made(false, 60);

	(void)state;
	control(plain, usual);
	control(fd, name);
	assert_string_equal(name, usual);
	close(plain);
	close(fd);
}

static void test_nothing_lies_in_the_kernel(void **state)
{
	int fd = made(true, 60);

	(void)state;
	assert_int_equal(number(fd, IPPROTO_TCP, TCP_NODELAY), 1);
	assert_int_equal(number(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT),
		TCP_OPTIONS_UNSENT_BYTES);
	close(fd);
}

/* One that lives and does not read is -readtimeout's alone. */
static void test_patience(void **state)
{
	int some = made(false, 60), endless = made(false, 0);

	(void)state;
	assert_int_equal(number(some, SOL_SOCKET, SO_KEEPALIVE), 1);
	assert_true(number(some, IPPROTO_TCP, TCP_USER_TIMEOUT) > 60000);
	assert_int_equal(number(endless, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
	close(some);
	close(endless);
}

static void test_not_tcp(void **state)
{
	int pair[2];
	char byte = 0;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	tcp_options_set(pair[0], true, 60);
	assert_int_equal(write(pair[0], "x", 1), 1);
	assert_int_equal(read(pair[1], &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback_is_no_line),
		cmocka_unit_test(test_lines_are_the_machines_choice),
		cmocka_unit_test(test_nothing_lies_in_the_kernel),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_not_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
