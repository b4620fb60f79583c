/* security.h - the ways to log in.
 *
 * Adding a security type is one file with one descriptor, and one line in the
 * table in security.c. Only what security_is_offered() said can be chosen.
 *
 * Threads: the loop thread.
 * Source:  RFC 6143 section 7.2.
 */
#ifndef RFB_SECURITY_H
#define RFB_SECURITY_H

#include <stdbool.h>
#include <stdint.h>

struct session;

struct security_type {
	uint8_t number;
	const char *name;
	bool (*is_offered)(const struct session *session);
	/* Sends what the server says first; may log in at once. */
	void (*start)(struct session *session);
	/* The exact number of bytes the viewer answers, and what to do with
	 * them. 0 and NULL where the viewer says nothing. */
	unsigned answer_bytes;
	void (*answer)(struct session *session, const uint8_t *bytes);
};

/* In the order they are offered (CLIENTS rule 15), ended by NULL. */
extern const struct security_type *const security_table[];

/* The offered type of that number, or NULL. */
const struct security_type *security_find(
	const struct session *session, uint8_t number);
/* The first offered, for RFB 3.3 where the server decides; NULL if none. */
const struct security_type *security_first(const struct session *session);

/* What a type's functions end in: then the host decides. The reason is a
 * literal. */
void security_passed(struct session *session, bool view_only);
void security_failed(struct session *session, const char *reason);

#endif
