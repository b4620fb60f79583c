/* In the sandbox: what must fail fails, what must work works. Each in a child
 * of its own, which tells by its status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/sandbox/sandbox.h"

struct scene {
	char folder[64];
	char inside[100], link[100], outside[100];
};

static void make_file(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("text", file);
	fclose(file);
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	char path[128];

	strcpy(scene->folder, "/tmp/x11wsvnc-sandbox-XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	snprintf(path, sizeof(path), "%s/a", scene->folder);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/b", scene->folder);
	mkdir(path, 0700);
	snprintf(scene->inside, sizeof(scene->inside), "%s/a/file",
		scene->folder);
	snprintf(scene->link, sizeof(scene->link), "%s/a/link", scene->folder);
	snprintf(scene->outside, sizeof(scene->outside), "%s/b/file",
		scene->folder);
	make_file(scene->inside);
	make_file(scene->outside);
	assert_int_equal(symlink(scene->outside, scene->link), 0);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", scene->folder);
	assert_int_equal(system(command), 0);
	free(scene);
	return 0;
}

typedef int deed(const struct scene *scene);

/* What the deed returned in a child that has entered the sandbox; 128 and more:
 * killed by that signal. */
static int in_sandbox(const struct scene *scene, deed *what, bool may_write)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct sandbox_paths paths = { .read_count = 0 };
		struct sandbox_result result;

		if (may_write)
			sandbox_paths_write(&paths, scene->inside);
		else
			sandbox_paths_read(&paths, scene->inside);
		sandbox_enter(&result, &paths, false);
		_exit(result.calls && result.files ? what(scene) : 120);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

#define FAILS_WITH(call, why) ((call) < 0 && errno == (why) ? 0 : 1)

static int run_program(const struct scene *scene)
{
	(void)scene;
	return FAILS_WITH(execl("/bin/true", "true", (char *)NULL), EPERM);
}

static int run_descriptor(const struct scene *scene)
{
	char *const none[] = { NULL };
	int fd = open("/usr/bin/true", O_RDONLY);

	(void)scene;
	if (fd < 0)
		return 2;
	return FAILS_WITH(
		syscall(SYS_execveat, fd, "", none, none, AT_EMPTY_PATH),
		EPERM);
}

static int make_process(const struct scene *scene)
{
	pid_t pid = fork();

	(void)scene;
	if (pid == 0)
		_exit(0);
	return pid < 0 && errno == EPERM ? 0 : 1;
}

static int make_shell(const struct scene *scene)
{
	(void)scene;
	return popen("true", "r") == NULL ? 0 : 1;
}

static int trace(const struct scene *scene)
{
	(void)scene;
	return FAILS_WITH(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL), EPERM);
}

static int read_other_memory(const struct scene *scene)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &byte, 1 };

	(void)scene;
	return FAILS_WITH(
		process_vm_readv(getppid(), &here, 1, &there, 1, 0), EPERM);
}

static int signal_parent(const struct scene *scene)
{
	(void)scene;
	return FAILS_WITH(kill(getppid(), 0), EPERM);
}

static int open_elsewhere(const struct scene *scene)
{
	static const char *const secret[] = { "/etc/shadow", "/etc/passwd",
		"/root/.bashrc", "/proc/1/environ", "/home", "/tmp", "/" };
	size_t i;

	for (i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		if (open(secret[i], O_RDONLY) >= 0 ||
			(errno != EACCES && errno != ENOENT))
			return 2 + (int)i;
	return FAILS_WITH(open(scene->outside, O_RDONLY), EACCES);
}

static int follow_link(const struct scene *scene)
{
	return FAILS_WITH(open(scene->link, O_RDONLY), EACCES);
}

static int write_where_it_reads(const struct scene *scene)
{
	return FAILS_WITH(open(scene->inside, O_WRONLY), EACCES) ||
	       FAILS_WITH(unlink(scene->inside), EACCES) ||
	       FAILS_WITH(truncate(scene->inside, 0), EACCES) ||
	       FAILS_WITH(open("/usr/x", O_CREAT | O_WRONLY, 0600), EACCES);
}

static int become_root(const struct scene *scene)
{
	(void)scene;
	return FAILS_WITH(setuid(0), EPERM) ||
	       FAILS_WITH(unshare(0x10000000), EPERM) ||
	       FAILS_WITH(mount("a", "/", "tmpfs", 0, NULL), EPERM) ||
	       FAILS_WITH(chroot("/"), EPERM);
}

static int odd_socket(const struct scene *scene)
{
	(void)scene;
	return FAILS_WITH(socket(AF_PACKET, SOCK_RAW, 0), EAFNOSUPPORT) ||
	       FAILS_WITH(socket(AF_ALG, SOCK_SEQPACKET, 0), EAFNOSUPPORT);
}

static int load_module(const struct scene *scene)
{
	(void)scene;
	syscall(SYS_init_module, "x", 1, "");
	return 1;
}

static void assert_denied(const struct scene *scene, deed *what)
{
	assert_int_equal(in_sandbox(scene, what, false), 0);
}

static void test_no_programs(void **state)
{
	assert_denied(*state, run_program);
	assert_denied(*state, run_descriptor);
	assert_denied(*state, make_process);
	assert_denied(*state, make_shell);
}

static void test_no_other_processes(void **state)
{
	assert_denied(*state, trace);
	assert_denied(*state, read_other_memory);
	assert_denied(*state, signal_parent);
}

static void test_no_other_files(void **state)
{
	assert_denied(*state, open_elsewhere);
	assert_denied(*state, follow_link);
	assert_denied(*state, write_where_it_reads);
}

static void test_no_privileges(void **state)
{
	assert_denied(*state, become_root);
	assert_denied(*state, odd_socket);
	assert_int_equal(in_sandbox(*state, load_module, false), 128 + SIGSYS);
}

/* ---- what must go on ---- */

static int read_named_file(const struct scene *scene)
{
	char other[128];

	snprintf(other, sizeof(other), "%.*s/new",
		(int)(strrchr(scene->inside, '/') - scene->inside),
		scene->inside);
	/* Replaced, as an editor or certbot does. */
	return open(scene->inside, O_RDONLY) >= 0 &&
			       open(other, O_RDONLY) < 0 && errno == ENOENT
		       ? 0
		       : 1;
}

static int write_named_file(const struct scene *scene)
{
	char other[128];
	int fd;

	snprintf(other, sizeof(other), "%s.new", scene->inside);
	fd = open(other, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	return fd >= 0 && write(fd, "x", 1) == 1 &&
			       rename(other, scene->inside) == 0
		       ? 0
		       : 1;
}

static void *return_it(void *it)
{
	return it;
}

static int make_thread(const struct scene *scene)
{
	pthread_t thread;
	void *back = NULL;

	if (pthread_create(&thread, NULL, return_it, (void *)scene) != 0)
		return 1;
	pthread_join(thread, &back);
	return back == scene ? 0 : 2;
}

static int look_up_name(const struct scene *scene)
{
	struct addrinfo *found = NULL;

	(void)scene;
	return getaddrinfo("localhost", NULL, NULL, &found) == 0 ? 0 : 1;
}

static int use_sockets(const struct scene *scene)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)scene;
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0 &&
			       listen(fd, 1) == 0 &&
			       socket(AF_UNIX, SOCK_STREAM, 0) >= 0 &&
			       socket(AF_INET6, SOCK_STREAM, 0) >= 0
		       ? 0
		       : 1;
}

static int abort_as_ever(const struct scene *scene)
{
	(void)scene;
	signal(SIGABRT, SIG_DFL);
	abort();
}

static void test_what_must_go_on(void **state)
{
	assert_int_equal(in_sandbox(*state, read_named_file, false), 0);
	assert_int_equal(in_sandbox(*state, write_named_file, true), 0);
	assert_int_equal(in_sandbox(*state, make_thread, false), 0);
	assert_int_equal(in_sandbox(*state, look_up_name, false), 0);
	assert_int_equal(in_sandbox(*state, use_sockets, false), 0);
	assert_int_equal(
		in_sandbox(*state, abort_as_ever, false), 128 + SIGABRT);
}

/* Without root the powers are none, with it they become one. */
static int has_no_powers(const struct scene *scene)
{
	char *error = NULL;

	if (!sandbox_leave_root(NULL, &error))
		return 1;
	if (geteuid() != 0)
		return 0;
	return FAILS_WITH(chown(scene->inside, 1, 1), EPERM);
}

static void test_root_without_powers(void **state)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(has_no_powers(*state));
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static int become_nobody(void)
{
	char *error = NULL;

	if (geteuid() != 0) /* cannot, and says so */
		return !sandbox_leave_root("nobody", &error) ? 0 : 1;
	if (sandbox_leave_root("no-such-user-here", &error))
		return 2;
	if (!sandbox_leave_root("nobody", &error))
		return 3;
	return geteuid() != 0 && getegid() != 0 && setuid(0) < 0 ? 0 : 4;
}

static void test_run_as(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(become_nobody());
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

int main(void)
{
#define ONE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		ONE(test_no_programs),
		ONE(test_no_other_processes),
		ONE(test_no_other_files),
		ONE(test_no_privileges),
		ONE(test_what_must_go_on),
		ONE(test_root_without_powers),
		ONE(test_run_as),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
