/* cpu.h - how much processor time another process has used.
 *
 * Source: clock_getcpuclockid(3); proc(5): task/TID/status
 *         (voluntary_ctxt_switches).
 */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

#include <sys/types.h>

/* Of all its threads, in milliseconds. 0 when `pid` is 0 or there is no such
 * process. */
double cpu_ms(pid_t pid);

/* How often its threads have gone to sleep so far: how often something woke
 * them. 0 as above. */
unsigned long cpu_sleeps(pid_t pid);

/* The most memory it has had at a time, in kB (VmHWM). 0 as above. */
unsigned long cpu_peak_kb(pid_t pid);

#endif
