/* token_source.h - where tokens and their targets are written down: one
 * descriptor and one file (token_source_*.c) for each way.
 *
 * Owner:   token_source_open() gives, token_source_close() frees.
 * Threads: opened before there is a second one; then one at a time, which may
 *          be a worker's: it reads files, and waits for their disk.
 * Errors:  TOKEN_BROKEN where the source could not be read; that was logged.
 */
#ifndef SERVER_RELAY_TOKEN_SOURCE_H
#define SERVER_RELAY_TOKEN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct relay_target;

enum token_answer {
	TOKEN_FOUND,
	TOKEN_UNKNOWN,
	TOKEN_BROKEN,
};

enum { TOKEN_SOURCE_MOST_FILE = 4 << 20 }; /* bytes */

struct token_source_ops {
	const char *name; /* websockify's class */
	/* What it needs beside the place, or NULL. *error gets a sentence. */
	bool (*open)(const char *place, void **state, char **error);
	enum token_answer (*find)(const char *place, void *state,
		const char *token, struct relay_target *target);
	void (*close)(void *state);
};

extern const struct token_source_ops token_source_file;
extern const struct token_source_ops token_source_read_only;
extern const struct token_source_ops token_source_names;
extern const struct token_source_ops token_source_sockets;

struct token_source {
	const struct token_source_ops *ops; /* NULL: there is none */
	const char *place;
	void *state;
};

/* By websockify's name for it, with or without its module. Keeps `place`.
 * False: *error gets a sentence, the caller's. */
bool token_source_open(struct token_source *source, const char *name,
	const char *place, char **error);
void token_source_close(struct token_source *source);

enum token_answer token_source_find(struct token_source *source,
	const char *token, struct relay_target *target);

#endif
