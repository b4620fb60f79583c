/* sandbox_numbers.h - system calls that not every machine or every version of
 * the C library has: -1 there, which no call is.
 *
 * Threads: any; constant.
 */
#ifndef SERVER_SANDBOX_SANDBOX_NUMBERS_H
#define SERVER_SANDBOX_SANDBOX_NUMBERS_H

#include <sys/syscall.h>

#ifndef SYS_fork
#define SYS_fork -1
#endif
#ifndef SYS_vfork
#define SYS_vfork -1
#endif
#ifndef SYS_mknod
#define SYS_mknod -1
#endif
#ifndef SYS_modify_ldt
#define SYS_modify_ldt -1
#endif
#ifndef SYS_iopl
#define SYS_iopl -1
#endif
#ifndef SYS_ioperm
#define SYS_ioperm -1
#endif
#ifndef SYS_lookup_dcookie
#define SYS_lookup_dcookie -1
#endif
#ifndef SYS_quotactl
#define SYS_quotactl -1
#endif
#ifndef SYS_open_tree
#define SYS_open_tree -1
#endif
#ifndef SYS_move_mount
#define SYS_move_mount -1
#endif
#ifndef SYS_fsopen
#define SYS_fsopen -1
#endif
#ifndef SYS_fsconfig
#define SYS_fsconfig -1
#endif
#ifndef SYS_fsmount
#define SYS_fsmount -1
#endif
#ifndef SYS_fspick
#define SYS_fspick -1
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr -1
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open -1
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd -1
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal -1
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise -1
#endif
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup -1
#endif
#ifndef SYS_kexec_load
#define SYS_kexec_load -1
#endif
#ifndef SYS_clone3
#define SYS_clone3 -1
#endif
#ifndef SYS_setfsuid
#define SYS_setfsuid -1
#endif
#ifndef SYS_setfsgid
#define SYS_setfsgid -1
#endif
#ifndef SYS_settimeofday
#define SYS_settimeofday -1
#endif
#ifndef SYS_clock_settime
#define SYS_clock_settime -1
#endif

#endif
