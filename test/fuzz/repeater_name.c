/* What a viewer says to a repeater, and the name by which it called us in TLS:
 * the tokens that may be meant. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/relay/repeater_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

/* Each is printable, stands in what was said, and is there once. */
static void check_tokens(
	const struct repeater_name *name, const char *said, bool named)
{
	int i;

	assert(named == (name->count > 0));
	assert(name->count <= REPEATER_NAME_MOST_TOKENS);
	for (i = 0; i < name->count; i++) {
		const char *token = name->tokens[i];

		assert(memchr(token, '\0', sizeof(name->tokens[i])) != NULL);
		assert(token[0] != '\0');
		for (; *token != '\0'; token++)
			assert(*token > ' ' && *token < 0x7f);
		assert(strstr(said, name->tokens[i]) != NULL);
	}
	assert(name->count < 2 ||
		strcmp(name->tokens[0], name->tokens[1]) != 0);
}

/* Of the whole answer: one that is refused was refused from some byte on, and
 * one that is taken never was. */
static void check_answer(const uint8_t *answer)
{
	struct repeater_name name;
	char said[REPEATER_NAME_BYTES + 1];
	bool may_be = true, named;
	size_t i;

	memcpy(said, answer, REPEATER_NAME_BYTES);
	said[REPEATER_NAME_BYTES] = '\0';
	memset(&name, 0xaa, sizeof(name));
	named = repeater_name_read(&name, answer);
	check_tokens(&name, said, named);
	for (i = 0; i <= REPEATER_NAME_BYTES; i++) {
		bool still = repeater_name_may_be(answer, i);

		assert(may_be || !still);
		may_be = still;
	}
	assert(may_be || !named);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	uint8_t *answer = xcalloc(1, REPEATER_NAME_BYTES);
	char *host = xstrndup((const char *)input, length);
	struct repeater_name name;

	memcpy(answer, input,
		length < REPEATER_NAME_BYTES ? length : REPEATER_NAME_BYTES);
	check_answer(answer);
	free(answer);
	memset(&name, 0xaa, sizeof(name));
	check_tokens(&name, host, repeater_name_from_host(&name, host));
	free(host);
	return 0;
}
