/* Ways to addresses while name servers are slow: names that begin with "slow"
 * are answered when the test says so. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/xmalloc.h"
#include "server/network/reach.h"

enum {
	WORKERS = 2,
	MANY = 20,
	LONG_MS = 60000, /* nothing waits for it where things are right */
	SHORT_MS = 50,
};

struct told {
	int times, fd, why;
};

static struct gate {
	sem_t opened, entered;
	uv_mutex_t mutex;
	int inside, most_inside;
} gate;

static void wait_at_gate(void)
{
	uv_mutex_lock(&gate.mutex);
	gate.inside++;
	if (gate.inside > gate.most_inside)
		gate.most_inside = gate.inside;
	uv_mutex_unlock(&gate.mutex);
	sem_post(&gate.entered);
	while (sem_wait(&gate.opened) != 0)
		;
	uv_mutex_lock(&gate.mutex);
	gate.inside--;
	uv_mutex_unlock(&gate.mutex);
}

/* In place of the C library's, for libuv as well. */
__attribute__((visibility("default"))) int getaddrinfo(const char *host,
	const char *port, const struct addrinfo *hints, struct addrinfo **found)
{
	static int (*real)(const char *, const char *, const struct addrinfo *,
		struct addrinfo **);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (strncmp(host, "slow", 4) != 0)
		return real(host, port, hints, found);
	if (hints->ai_flags & AI_NUMERICHOST)
		return EAI_NONAME;
	wait_at_gate();
	return real("127.0.0.1", port, hints, found);
}

struct fixture {
	uv_loop_t loop;
	int listening, port;
	uv_timer_t guard;
};

static void on_guard(uv_timer_t *timer)
{
	(void)timer;
	fail_msg("nothing happened for a minute");
}

static int set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);

	memset(&gate, 0, sizeof(gate));
	sem_init(&gate.opened, 0, 0);
	sem_init(&gate.entered, 0, 0);
	uv_mutex_init(&gate.mutex);
	uv_loop_init(&fixture->loop);
	uv_timer_init(&fixture->loop, &fixture->guard);
	uv_timer_start(&fixture->guard, on_guard, LONG_MS, 0);
	uv_unref((uv_handle_t *)&fixture->guard);
	fixture->listening = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(fixture->listening, (struct sockaddr *)&address,
				 sizeof(address)),
		0);
	assert_int_equal(listen(fixture->listening, MANY), 0);
	getsockname(fixture->listening, (struct sockaddr *)&address, &length);
	fixture->port = ntohs(address.sin_port);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	uv_close((uv_handle_t *)&fixture->guard, NULL);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	close(fixture->listening);
	sem_destroy(&gate.opened);
	sem_destroy(&gate.entered);
	uv_mutex_destroy(&gate.mutex);
	free(fixture);
	return 0;
}

static void wait_for_entry(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LONG_MS / 1000;
	assert_int_equal(sem_timedwait(&gate.entered, &until), 0);
}

static void open_gate(int times)
{
	while (times-- > 0)
		sem_post(&gate.opened);
}

static void on_reached(
	void *context, int fd, const struct sockaddr *address, int why)
{
	struct told *told = context;

	(void)address;
	told->times++;
	told->fd = fd;
	told->why = why;
	if (fd >= 0)
		close(fd);
}

static void run_until(struct fixture *fixture, const int *what)
{
	while (*what == 0)
		uv_run(&fixture->loop, UV_RUN_ONCE);
}

/* Runs what is left to its end. */
static void finish(struct fixture *fixture)
{
	open_gate(MANY);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

static void nothing(uv_work_t *work)
{
	(void)work;
}

static void on_worked(uv_work_t *work, int status)
{
	(void)status;
	++*(int *)work->data;
}

/* However many wait for names, pictures are encoded, and a target that is
 * numbers is reached. */
static void test_names_hold_nobody_else(void **state)
{
	struct fixture *fixture = *state;
	struct told slow[MANY] = { 0 }, numbers = { 0 };
	int worked = 0, i;
	uv_work_t work = { .data = &worked };

	for (i = 0; i < MANY; i++)
		reach_begin(&fixture->loop, "slow.example", fixture->port,
			LONG_MS, on_reached, &slow[i]);
	wait_for_entry();
	uv_queue_work(&fixture->loop, &work, nothing, on_worked);
	run_until(fixture, &worked);
	reach_begin(&fixture->loop, "127.0.0.1", fixture->port, LONG_MS,
		on_reached, &numbers);
	run_until(fixture, &numbers.times);
	assert_true(numbers.fd >= 0);
	assert_int_equal(slow[0].times, 0);
	finish(fixture);
	for (i = 0; i < MANY; i++) {
		assert_int_equal(slow[i].times, 1);
		assert_true(slow[i].fd >= 0);
	}
	assert_int_equal(gate.most_inside, WORKERS / 2);
}

/* Who waits behind a name that is not answered is told so in time, and so is
 * the one whose name it is; neither is told twice. */
static void test_names_have_a_time(void **state)
{
	struct fixture *fixture = *state;
	struct told slow[MANY] = { 0 };
	int i;

	for (i = 0; i < MANY; i++)
		reach_begin(&fixture->loop, "slow.example", fixture->port,
			SHORT_MS, on_reached, &slow[i]);
	for (i = 0; i < MANY; i++) {
		run_until(fixture, &slow[i].times);
		assert_int_equal(slow[i].fd, -1);
		assert_int_equal(slow[i].why, UV_ETIMEDOUT);
	}
	finish(fixture);
	for (i = 0; i < MANY; i++)
		assert_int_equal(slow[i].times, 1);
}

static void test_cancelled(void **state)
{
	struct fixture *fixture = *state;
	struct told told[MANY] = { 0 };
	struct reach *reaches[MANY];
	int i;

	for (i = 0; i < MANY; i++)
		reaches[i] = reach_begin(&fixture->loop,
			i % 2 ? "slow.example" : "127.0.0.1", fixture->port,
			i % 3 ? SHORT_MS : LONG_MS, on_reached, &told[i]);
	for (i = 0; i < MANY; i++)
		reach_cancel(reaches[i]);
	finish(fixture);
	for (i = 0; i < MANY; i++)
		assert_int_equal(told[i].times, 0);
}

/* The second address is tried where nobody listens at the first. */
static void test_nobody_listens(void **state)
{
	struct fixture *fixture = *state;
	struct told told = { 0 };

	close(fixture->listening);
	fixture->listening = -1;
	reach_begin(&fixture->loop, "127.0.0.1", fixture->port, LONG_MS,
		on_reached, &told);
	run_until(fixture, &told.times);
	assert_int_equal(told.fd, -1);
	assert_int_equal(told.why, UV_ECONNREFUSED);
	finish(fixture);
}

static void test_numbers(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "::ffff:127.0.0.1",
		"localhost" };
	struct fixture *fixture = *state;
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct told told = { 0 };

		reach_begin(&fixture->loop, hosts[i], fixture->port, LONG_MS,
			on_reached, &told);
		run_until(fixture, &told.times);
		assert_true(told.fd >= 0);
	}
	finish(fixture);
}

#define WITH_FIXTURE(test)                                                     \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_FIXTURE(test_names_hold_nobody_else),
		WITH_FIXTURE(test_names_have_a_time),
		WITH_FIXTURE(test_cancelled),
		WITH_FIXTURE(test_nobody_listens),
		WITH_FIXTURE(test_numbers),
	};

	setenv("UV_THREADPOOL_SIZE", "2", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
