/* A port for a server that we start. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/relay/spare_port.h"

enum { MANY = 100 };

/* Connections that go out take none of them. */
static void given_to_nobody(void **state)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	int first, last, i;

	(void)state;
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d %d", &first, &last), 2);
	fclose(file);
	for (i = 0; i < MANY; i++) {
		int port = spare_port_find();

		assert_true(port >= 10000 && port <= 65535);
		assert_true(port < first || port > last);
	}
}

/* On any address, as a server may that was not told to keep to one. */
static void can_be_listened_on(void **state)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	name.sin_port = htons((uint16_t)spare_port_find());
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(fd, 1), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(given_to_nobody),
		cmocka_unit_test(can_be_listened_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
