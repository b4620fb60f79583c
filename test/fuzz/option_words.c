/* Lines of an rc file, and $X11WSVNC_OPTIONS: words that the command line could
 * have had. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "server/options/option_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	struct option_words words = { 0 };
	char *text;
	size_t bytes = 0;

	if (length > 4096)
		return 0;
	text = xstrndup((const char *)input, length);
	option_words_add_phrase(&words, text);
	for (size_t i = 0; i < words.count; i++)
		bytes += strlen(words.list[i].text);
	assert(bytes <= strlen(text));
	option_words_finish(&words);

	bytes = strlen(text);
	option_words_add_line(&words, text, 1);
	for (size_t i = 0; i < words.count; i++) {
		assert(words.list[i].line == 1 && words.list[i].seen == NULL);
		assert(strchr(words.list[i].text, '\n') == NULL ||
			memchr(input, '\n', length) != NULL);
	}
	/* A dash is put before, once for each. */
	assert(words.count <= bytes);
	option_words_finish(&words);
	free(text);
	return 0;
}
