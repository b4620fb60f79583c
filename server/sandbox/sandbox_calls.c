/* The filter of system calls.
 *
 * It names what is denied, not what is allowed. A program with libX11, GnuTLS,
 * libuv and the C library's resolver below it uses a hundred calls, others with
 * the next version of each of them and on each machine; a list of what is
 * allowed would break it there, in the middle of a day, for somebody who can
 * only switch the whole off. What an attacker wants is the short list, and it
 * does not change: another program, another process's memory, the machine's
 * configuration, more privileges. These fail as if one had no right to (EPERM),
 * which every library knows how to bear; what no library ever asks for ends the
 * process.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config.h"
#include "server/sandbox/sandbox.h"
#include "server/sandbox/sandbox_numbers.h"

/* Most are not even available without privileges; a process that is root in a
 * container may have them. */
static const int hostile[] = { SYS_kexec_load, SYS_init_module,
	SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon,
	SYS_swapoff, SYS_acct, SYS_pivot_root, SYS_settimeofday,
	SYS_clock_settime, SYS_sethostname, SYS_setdomainname };

/* What the sanitizers do at the end and for their reports: leaks are looked for
 * by a tracer, lines by another program. */
static const int for_sanitizers[] = { SYS_ptrace, SYS_execve, SYS_fork,
	SYS_vfork };

static const int denied[] = {
	/* other programs; clone() is looked at more closely below */
	SYS_execveat,
	/* other processes */
	SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise,
	SYS_kcmp, SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal,
	SYS_perf_event_open,
	/* the kernel's larger surfaces */
	SYS_bpf, SYS_userfaultfd, SYS_io_uring_setup, SYS_add_key,
	SYS_request_key, SYS_keyctl, SYS_fanotify_init, SYS_open_by_handle_at,
	SYS_name_to_handle_at, SYS_quotactl, SYS_lookup_dcookie, SYS_vhangup,
	SYS_syslog, SYS_personality, SYS_modify_ldt, SYS_iopl, SYS_ioperm,
	/* other views of the machine */
	SYS_mount, SYS_umount2, SYS_chroot, SYS_unshare, SYS_setns,
	SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount,
	SYS_fspick, SYS_mount_setattr, SYS_mknod, SYS_mknodat,
	/* more privileges */
	SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid,
	SYS_setresgid, SYS_setfsuid, SYS_setfsgid, SYS_setgroups, SYS_capset,
	SYS_seccomp
};

/* The kinds of sockets that the program has a use for: names are looked up and
 * interfaces listed through netlink. */
static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };

enum {
	MOST_INSTRUCTIONS = 512,
	X32_BIT = 0x40000000, /* another table of calls on x86-64 */
};

struct program {
	struct sock_filter code[MOST_INSTRUCTIONS];
	unsigned short length;
};

static void add(struct program *program, uint16_t code, uint8_t if_true,
	uint8_t if_false, uint32_t k)
{
	program->code[program->length++] =
		(struct sock_filter){ code, if_true, if_false, k };
}

static void add_load(struct program *program, size_t offset)
{
	add(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void add_return(struct program *program, uint32_t action)
{
	add(program, BPF_RET | BPF_K, 0, 0, action);
}

static const uint32_t action_deny = SECCOMP_RET_ERRNO | EPERM;

static void add_calls(struct program *program, const int *numbers, size_t count,
	uint32_t action)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (numbers[i] < 0)
			continue; /* not on this machine */
		add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1,
			(uint32_t)numbers[i]);
		add_return(program, action);
	}
}

static size_t argument(int number)
{
	return offsetof(struct seccomp_data, args) + 8 * (size_t)number;
}

/* A thread shares the memory; a process does not, or is about to be another
 * program. */
static void add_clone(struct program *program)
{
	/* Its flags are in memory, where a filter cannot look: as if this
	 * kernel had none, so that the C library takes clone(). */
	add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_clone3);
	add_return(program, SECCOMP_RET_ERRNO | ENOSYS);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_clone);
	add_load(program, argument(0));
	add(program, BPF_JMP | BPF_JSET | BPF_K, 0, 2, CLONE_VM);
	add(program, BPF_JMP | BPF_JSET | BPF_K, 1, 0, CLONE_VFORK);
	add_return(program, SECCOMP_RET_ALLOW);
	add_return(program, action_deny);
}

static void add_socket(struct program *program)
{
	const uint8_t count = sizeof(families) / sizeof(families[0]);
	uint8_t i;

	add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(count + 3),
		SYS_socket);
	add_load(program, argument(0));
	for (i = 0; i < count; i++)
		add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint8_t)(count - i), 0,
			(uint32_t)families[i]);
	add_return(program, SECCOMP_RET_ERRNO | EAFNOSUPPORT);
	add_return(program, SECCOMP_RET_ALLOW);
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void compose(struct program *program, bool sanitized)
{
	add_load(program, offsetof(struct seccomp_data, arch));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SANDBOX_ARCH);
	add_return(program, SECCOMP_RET_KILL_PROCESS);
	add_load(program, offsetof(struct seccomp_data, nr));
	add(program, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
	add_return(program, action_deny);
	add_calls(program, hostile, COUNT(hostile), SECCOMP_RET_KILL_PROCESS);
	add_calls(program, denied, COUNT(denied), action_deny);
	if (!sanitized) {
		add_calls(program, for_sanitizers, COUNT(for_sanitizers),
			action_deny);
		add_clone(program);
		add_load(program, offsetof(struct seccomp_data, nr));
	}
	add_socket(program);
	add_return(program, SECCOMP_RET_ALLOW);
}

const char *sandbox_calls_enter(bool sanitized)
{
	struct program program = { .length = 0 };
	struct sock_fprog whole;

	if (SANDBOX_ARCH == 0)
		return "not for this kind of processor";
	compose(&program, sanitized);
	whole = (struct sock_fprog){ program.length, program.code };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return "the kernel has no no_new_privs";
	/* All threads, should there be some already. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    SECCOMP_FILTER_FLAG_TSYNC, &whole) != 0)
		return "the kernel has no filters of system calls";
	return NULL;
}
