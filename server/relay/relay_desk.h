/* relay_desk.h - knows where connections are relayed to: all to one target, or
 * each to the one that its token names.
 *
 * Tokens are looked up by a worker, one at a time: files wait for their disk,
 * and who asks much waits behind himself. The loop waits for none of it.
 *
 * Owner:   embedded in struct server.
 * Threads: the loop thread; the source is lent to the worker that has a
 *          question.
 */
#ifndef SERVER_RELAY_RELAY_DESK_H
#define SERVER_RELAY_RELAY_DESK_H

#include <stdbool.h>
#include <uv.h>

#include "server/relay/relay_target.h"
#include "server/relay/token_source.h"
#include "server/relay/token_text.h"

struct layer;
struct relay_desk;
struct server;
struct share;

/* A question. */
struct relay_ask {
	struct relay_ask *next; /* those that wait */
	struct relay_desk *desk;
	char token[TOKEN_MOST_BYTES];
	enum token_answer answer;
	struct relay_target target; /* TOKEN_FOUND */
	bool waits, answered;
	void (*done)(struct relay_ask *ask);
};

struct relay_desk {
	struct server *server;
	struct relay_target target; /* for all; RELAY_NOWHERE: there is none */
	struct token_source tokens;
	bool host_is_token; /* --host-token */
	struct relay_ask *first, *last;
	struct relay_ask *asking; /* NULL: forgotten meanwhile, or nobody */
	bool working;
	uv_work_t work;
	/* Lent to the worker. */
	char token[TOKEN_MOST_BYTES];
	enum token_answer answer;
	struct relay_target found;
};

/* False: a sentence was logged. */
bool relay_desk_open(struct relay_desk *desk, struct server *server);
/* After the loop. */
void relay_desk_close(struct relay_desk *desk);

/* Whether anybody is relayed anywhere. */
bool relay_desk_is_open(const struct relay_desk *desk);
bool relay_desk_has_tokens(const struct relay_desk *desk);

/* Keeps the question until it has called `done`, later, or it is forgotten.
 * False: the token is too long to be one. */
bool relay_desk_ask(struct relay_desk *desk, struct relay_ask *ask,
	const char *token, size_t length);
void relay_desk_forget(struct relay_ask *ask);

/* The layer that speaks RFB with who came: a viewer of one of our own displays
 * (`share` NULL: the first), or a relay. `target` is what his token led to,
 * NULL where he has none; `path` what his browser asked for, or NULL. */
struct layer *relay_desk_seat(struct server *server, struct share *share,
	const struct relay_target *target, const char *path);

#endif
