/* Landlock: which files may still be opened, and for what. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/sandbox/sandbox.h"

/* The kernel's interface, which grows: headers may be older than the kernel.
 * include/uapi/linux/landlock.h. */
enum {
	CREATE_RULESET = 444,
	ADD_RULE = 445,
	RESTRICT_SELF = 446,
	ASK_VERSION = 1,
	RULE_PATH_BENEATH = 1,
};

enum access {
	ACCESS_EXECUTE = 1 << 0,
	ACCESS_WRITE_FILE = 1 << 1,
	ACCESS_READ_FILE = 1 << 2,
	ACCESS_READ_DIR = 1 << 3,
	ACCESS_REMOVE_FILE = 1 << 5,
	ACCESS_MAKE_REG = 1 << 8,
	ACCESS_ALL_1 = (1 << 13) - 1, /* what version 1 knows */
	ACCESS_REFER = 1 << 13,       /* since 2 */
	ACCESS_TRUNCATE = 1 << 14,    /* since 3 */
	ACCESS_READING = ACCESS_READ_FILE | ACCESS_READ_DIR,
	ACCESS_WRITING = ACCESS_READING | ACCESS_WRITE_FILE |
			 ACCESS_REMOVE_FILE | ACCESS_MAKE_REG | ACCESS_TRUNCATE,
	ACCESS_OF_FILES = ACCESS_EXECUTE | ACCESS_WRITE_FILE |
			  ACCESS_READ_FILE | ACCESS_TRUNCATE,
};

/* No signal leaves the process; since 6. */
enum { SCOPE_SIGNAL = 1 << 1 };

struct ruleset {
	uint64_t files, ports, scoped;
};

struct path_rule {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

/* Read by libraries at any time. /etc as a whole is not among them: where we
 * are root, it has everybody's password hashes. */
static const char *const always_read[] = { "/usr", "/lib", "/lib32", "/lib64",
	"/etc/ld.so.cache", "/etc/localtime", "/etc/resolv.conf", "/etc/hosts",
	"/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
	"/etc/services", "/etc/ssl", "/etc/gnutls", "/etc/crypto-policies",
	"/etc/pki", "/dev/urandom", "/dev/random", "/dev/null", "/proc/self",
	"/sys/devices/system/cpu" };

struct rules {
	int fd;
	uint64_t handled;
};

static void allow(const struct rules *rules, const char *path, uint64_t allowed)
{
	struct path_rule rule = { .allowed = allowed & rules->handled };
	struct stat about;

	rule.parent = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent < 0)
		return; /* what is not there cannot be opened either */
	if (fstat(rule.parent, &about) == 0 && !S_ISDIR(about.st_mode))
		rule.allowed &= ACCESS_OF_FILES;
	syscall(ADD_RULE, rules->fd, RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent);
}

static void allow_folder_of(
	const struct rules *rules, const char *file, uint64_t allowed)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(file, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - file);

	if (length >= sizeof(folder))
		return;
	memcpy(folder, file, length);
	folder[length] = '\0';
	if (slash == NULL)
		strcpy(folder, ".");
	allow(rules, length == 0 && slash != NULL ? "/" : folder, allowed);
}

/* Its own folder, and that of the file a link leads to: certificates are often
 * renewed behind links. */
static void allow_file(
	const struct rules *rules, const char *file, uint64_t allowed)
{
	char *real = realpath(file, NULL);

	allow_folder_of(rules, file, allowed);
	if (real != NULL)
		allow_folder_of(rules, real, allowed);
	free(real);
}

static void allow_all(
	const struct rules *rules, const struct sandbox_paths *paths)
{
	size_t i;
	int j;

	for (i = 0; i < sizeof(always_read) / sizeof(always_read[0]); i++)
		allow(rules, always_read[i], ACCESS_READING);
	allow(rules, "/dev/null", ACCESS_READING | ACCESS_WRITE_FILE);
	for (j = 0; j < paths->exact_count; j++)
		allow(rules, paths->exact[j], ACCESS_READING);
	for (j = 0; j < paths->folder_count; j++)
		allow(rules, paths->folders[j], ACCESS_READING);
	for (j = 0; j < paths->read_count; j++)
		allow_file(rules, paths->read[j], ACCESS_READING);
	for (j = 0; j < paths->write_count; j++)
		allow_file(rules, paths->write[j], ACCESS_WRITING);
	for (j = 0; j < paths->remove_count; j++)
		allow_folder_of(rules, paths->remove[j], ACCESS_REMOVE_FILE);
}

static uint64_t handled_by(long version)
{
	uint64_t handled = ACCESS_ALL_1;

	if (version >= 2)
		handled |= ACCESS_REFER;
	if (version >= 3)
		handled |= ACCESS_TRUNCATE;
	return handled;
}

const char *sandbox_files_enter(const struct sandbox_paths *paths)
{
	long version = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
	struct ruleset ruleset = { 0 };
	struct rules rules;
	bool good;

	if (version < 1)
		return "the kernel has no Landlock";
	ruleset.files = rules.handled = handled_by(version);
	ruleset.scoped = version >= 6 ? SCOPE_SIGNAL : 0;
	rules.fd = (int)syscall(CREATE_RULESET, &ruleset,
		version >= 6 ? sizeof(ruleset) : sizeof(ruleset.files), 0);
	if (rules.fd < 0)
		return "the kernel's Landlock refused";
	allow_all(&rules, paths);
	good = syscall(RESTRICT_SELF, rules.fd, 0) == 0;
	close(rules.fd);
	return good ? NULL : "the kernel's Landlock refused";
}
