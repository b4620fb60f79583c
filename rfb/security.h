/* security.h - the ways to log in.
 *
 * Adding a security type is one file with a descriptor, and one line in the
 * table in security.c. What a type needs is data: whether it is offered to a
 * viewer follows from that and from what the viewer's surroundings have. Only
 * what was offered can be chosen.
 *
 * A type's conversation goes in steps: security_expect() names the exact number
 * of bytes that come next and who takes them. So a length is checked against
 * its limit before anything waits for that many bytes.
 *
 * Threads: the loop thread.
 * Source:  RFC 6143 section 7.2; rfbproto.
 */
#ifndef RFB_SECURITY_H
#define RFB_SECURITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rfb/session.h"

/* What a type may need of a session. */
enum security_need {
	SECURITY_OPEN = 1 << 0,          /* nobody is asked for anything */
	SECURITY_PASSWORD = 1 << 1,      /* there is a password, */
	SECURITY_USERS = 1 << 2,         /* or somebody who knows users */
	SECURITY_ENCRYPTED = 1 << 3,     /* by what is below the session */
	SECURITY_TLS_ANONYMOUS = 1 << 4, /* the host can begin it below us */
	SECURITY_TLS_X509 = 1 << 5,
	SECURITY_RSA_KEY = 1 << 6,
	SECURITY_NATIVE = 1 << 7, /* a viewer that is no web page, */
	SECURITY_CRYPTO = 1 << 8, /* or one that its browser lets encrypt */
	SECURITY_LOGIN = SECURITY_PASSWORD | SECURITY_USERS,
};

/* Numbers from here up are VeNCrypt's subtypes, offered inside type 19. */
enum { SECURITY_SUBTYPES = 256 };

struct security_type {
	uint16_t number;
	const char *name;    /* as TigerVNC's SecurityTypes calls it */
	unsigned needs;      /* all of these, */
	unsigned needs_some; /* and one of these, unless 0 */
	/* What it is once the session is encrypted anyway: TLSVnc inside TLS is
	 * VncAuth. NULL: itself. */
	const struct security_type *inside;
	/* Says what the server says first; may log in at once. */
	void (*start)(struct session *session);
};

/* In the order in which they are offered where nothing else is said; ended by
 * NULL. */
extern const struct security_type *const security_table[];

enum { SECURITY_MOST = 24 };

struct security_list {
	int count;
	const struct security_type *types[SECURITY_MOST];
};

/* What is offered over such a transport: RFB's types, and inside VeNCrypt. */
void security_offer(const struct session_config *config,
	const struct session_transport *transport, struct security_list *types,
	struct security_list *subtypes);
/* Whether what the type needs is there. */
bool security_suits(const struct security_type *type,
	const struct session_config *config,
	const struct session_transport *transport);
const struct security_type *security_list_find(
	const struct security_list *list, uint32_t number);
void security_list_add(
	struct security_list *list, const struct security_type *type);

/* Starts a type that was chosen. */
void security_start(struct session *session, const struct security_type *type);
/* Waits for exactly so many bytes, at most SECURITY_MOST_BYTES and not 0. */
typedef void security_take(struct session *session, const uint8_t *bytes);
void security_expect(
	struct session *session, size_t bytes, security_take *take);
enum { SECURITY_MOST_BYTES = 4096 };
/* The same where taking them costs a millisecond: when they are there, the host
 * says when. */
void security_expect_costly(
	struct session *session, size_t bytes, security_take *take);
/* Frees what the type kept; it is freed with the session, too. */
void security_forget(struct session *session);

/* What a type's functions end in: then the host decides. The reason is a
 * literal. */
void security_passed(
	struct session *session, const struct session_rights *rights);
void security_failed(struct session *session, const char *reason);

#endif
