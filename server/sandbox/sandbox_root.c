/* What a process that was started as root does not need to keep. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "server/sandbox/sandbox.h"

static bool become(const struct passwd *user)
{
	return initgroups(user->pw_name, user->pw_gid) == 0 &&
	       setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0 &&
	       setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0;
}

/* The one that is kept reads the files of the user whose display this is, after
 * a new login: Landlock says which. */
static bool drop_powers(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct powers[2] = { { 0 } };

	if (syscall(SYS_capget, &header, powers) != 0)
		return false;
	powers[0].effective &= 1U << CAP_DAC_READ_SEARCH;
	powers[0].permitted &= 1U << CAP_DAC_READ_SEARCH;
	powers[0].inheritable = 0;
	memset(&powers[1], 0, sizeof(powers[1]));
	return syscall(SYS_capset, &header, powers) == 0;
}

bool sandbox_leave_root(const char *name, char **error)
{
	const struct passwd *user;

	if (geteuid() != 0) {
		if (name == NULL)
			return true;
		*error = xasprintf(
			"-runas %s: only root can become somebody else", name);
		return false;
	}
	if (name == NULL) {
		drop_powers(); /* what it cannot drop it has not */
		return true;
	}
	errno = 0;
	user = getpwnam(name);
	if (user == NULL || !become(user)) {
		*error = xasprintf("-runas %s: %s", name,
			user == NULL ? "there is no such user"
				     : strerror(errno));
		return false;
	}
	return true;
}
