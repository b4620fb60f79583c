/* selfcheck.h - -selfcheck: says why it would be slow or blind here, and what
 * to do, without serving anybody.
 *
 * One line on stdout for each thing that was looked at: "good", "note" for what
 * is worse than it could be, "bad" for what will not work.
 *
 * Adding a check is a call of selfcheck_say() in the file of its subject.
 *
 * Threads: before there is a second one.
 */
#ifndef SERVER_SELFCHECK_SELFCHECK_H
#define SERVER_SELFCHECK_SELFCHECK_H

struct options;

enum selfcheck_grade { SELFCHECK_GOOD, SELFCHECK_NOTE, SELFCHECK_BAD };

struct selfcheck {
	const struct options *options;
	const char *desktop; /* the one that is looked at, of several */
	int counts[3];       /* of each grade */
};

/* EXIT_OK, or EXIT_FAULT where something is bad. */
int selfcheck_run(const struct options *options);

void selfcheck_say(struct selfcheck *check, enum selfcheck_grade grade,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* selfcheck_display.c, selfcheck_network.c, selfcheck_system.c */
void selfcheck_display(struct selfcheck *check);
void selfcheck_network(struct selfcheck *check);
void selfcheck_system(struct selfcheck *check);

#endif
