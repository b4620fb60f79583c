#include "server/tls/cipher_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xmalloc.h"

/* Bits: what can be chosen, in GnuTLS's words. */
static const char *const exchanges[] = { "ECDHE-ECDSA", "ECDHE-RSA", "DHE-RSA",
	"RSA" };
static const char *const ciphers[] = { "AES-128-GCM", "AES-256-GCM",
	"CHACHA20-POLY1305", "AES-128-CCM", "AES-256-CCM", "AES-128-CBC",
	"AES-256-CBC" };
static const char *const hashes[] = { "AEAD", "SHA256", "SHA384", "SHA1" };

enum {
	EXCHANGES = sizeof(exchanges) / sizeof(exchanges[0]),
	CIPHERS = sizeof(ciphers) / sizeof(ciphers[0]),
	HASHES = sizeof(hashes) / sizeof(hashes[0]),
	ALL = 0xff,
	CBC = 1 << 5 | 1 << 6,
	AEAD = ALL & ~CBC,
};

struct choice {
	unsigned exchange, cipher, hash; /* bits of the tables above */
};

static const struct word {
	const char *name;
	struct choice choice;
} words[] = {
	/* a suite's beginning, and kinds of key exchange */
	{ "ECDHE-ECDSA-", { 1, ALL, ALL } },
	{ "ECDHE-RSA-", { 2, ALL, ALL } },
	{ "DHE-RSA-", { 4, ALL, ALL } },
	{ "ECDHE", { 3, ALL, ALL } },
	{ "EECDH", { 3, ALL, ALL } },
	{ "kECDHE", { 3, ALL, ALL } },
	{ "kEECDH", { 3, ALL, ALL } },
	{ "DHE", { 4, ALL, ALL } },
	{ "EDH", { 4, ALL, ALL } },
	{ "kDHE", { 4, ALL, ALL } },
	{ "kEDH", { 4, ALL, ALL } },
	{ "kRSA", { 8, ALL, ALL } },
	{ "RSA", { 8, ALL, ALL } },
	{ "aECDSA", { 1, ALL, ALL } },
	{ "ECDSA", { 1, ALL, ALL } },
	{ "aRSA", { 14, ALL, ALL } },
	/* a suite's end */
	{ "AES128-GCM-SHA256", { ALL, 1, 1 } },
	{ "AES256-GCM-SHA384", { ALL, 2, 1 } },
	{ "CHACHA20-POLY1305", { ALL, 4, 1 } },
	{ "AES128-CCM", { ALL, 8, 1 } },
	{ "AES256-CCM", { ALL, 16, 1 } },
	{ "AES128-SHA256", { ALL, 32, 2 } },
	{ "AES256-SHA256", { ALL, 64, 2 } },
	{ "AES256-SHA384", { ALL, 64, 4 } },
	{ "AES128-SHA", { ALL, 32, 8 } },
	{ "AES256-SHA", { ALL, 64, 8 } },
	{ "TLS_AES_128_GCM_SHA256", { ALL, 1, 1 } },
	{ "TLS_AES_256_GCM_SHA384", { ALL, 2, 1 } },
	{ "TLS_CHACHA20_POLY1305_SHA256", { ALL, 4, 1 } },
	{ "TLS_AES_128_CCM_SHA256", { ALL, 8, 1 } },
	/* kinds of cipher and hash */
	{ "AESGCM", { ALL, 3, ALL } },
	{ "AESCCM", { ALL, 24, ALL } },
	{ "CHACHA20", { ALL, 4, ALL } },
	{ "AES128", { ALL, 41, ALL } },
	{ "AES256", { ALL, 82, ALL } },
	{ "AES", { ALL, ALL & ~4, ALL } },
	{ "SHA1", { ALL, CBC, 8 } },
	{ "SHA", { ALL, CBC, 8 } },
	{ "SHA256", { ALL, ALL, 2 | 1 } },
	{ "SHA384", { ALL, ALL, 4 | 1 } },
	{ "HIGH", { ALL, ALL, ALL } },
	{ "DEFAULT", { ALL, ALL, ALL } },
	{ "ALL", { ALL, ALL, ALL } },
	{ "SECURE", { ALL, AEAD, 1 } },
};

/* Kinds that nobody gets here anyway; to take them away is granted. */
static const char absent[] =
	" aNULL eNULL NULL EXPORT EXP LOW MEDIUM DES 3DES RC2 RC4 MD5 PSK SRP "
	"DSS aDSS ADH AECDH CAMELLIA ARIA SEED IDEA GOST kPSK ";

static bool is_absent(const char *name, size_t length)
{
	const char *at = absent;

	while ((at = strchr(at, ' ')) != NULL && *++at != '\0')
		if (strncmp(at, name, length) == 0 && at[length] == ' ')
			return true;
	return false;
}

static const struct word *find(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].name) == length &&
			memcmp(words[i].name, name, length) == 0)
			return &words[i];
	return NULL;
}

static void narrow(struct choice *choice, const struct word *word)
{
	choice->exchange &= word->choice.exchange;
	choice->cipher &= word->choice.cipher;
	choice->hash &= word->choice.hash;
}

/* "ECDHE-RSA-" and what follows it; without one it is RSA's key exchange. */
static bool take_suite(const char *name, size_t length, struct choice *choice)
{
	const struct word *begin = NULL, *end;
	size_t i, skip = 0;

	for (i = 0; i < 3 && begin == NULL; i++) {
		skip = strlen(words[i].name);
		if (length > skip && memcmp(words[i].name, name, skip) == 0)
			begin = &words[i];
	}
	if (begin == NULL) {
		begin = find("kRSA", 4);
		skip = 0;
	}
	end = find(name + skip, length - skip);
	if (end == NULL || strchr(end->name, '-') == NULL)
		return false;
	narrow(choice, begin);
	narrow(choice, end);
	return true;
}

/* One word: a suite, or kinds joined by '+'. */
static bool take_word(const char *name, size_t length, struct choice *choice)
{
	*choice = (struct choice){ ALL, ALL, ALL };
	if (take_suite(name, length, choice))
		return true;
	while (length > 0) {
		const char *plus = memchr(name, '+', length);
		size_t part = plus ? (size_t)(plus - name) : length;
		const struct word *word = find(name, part);

		if (word == NULL || word->name[part - 1] == '-' ||
			(plus != NULL && part + 1 == length))
			return false;
		narrow(choice, word);
		part += plus != NULL;
		name += part;
		length -= part;
	}
	return true;
}

static void add(struct choice *sum, const struct choice *more)
{
	sum->exchange |= more->exchange;
	sum->cipher |= more->cipher;
	sum->hash |= more->hash;
}

/* "!SHA1" narrows one of the three, "!AES128-SHA" would narrow a combination:
 * then the cipher goes. */
static void take_away(struct choice *sum, const struct choice *less)
{
	if (less->cipher != ALL && less->cipher != CBC)
		sum->cipher &= ~less->cipher;
	else if (less->hash != ALL)
		sum->hash &= ~less->hash;
	else if (less->exchange != ALL)
		sum->exchange &= ~less->exchange;
}

static void write_bits(struct buffer *to, const char *none, unsigned bits,
	const char *const *names, unsigned count)
{
	unsigned i;

	buffer_printf(to, ":-%s", none);
	for (i = 0; i < count; i++)
		if (bits & 1u << i)
			buffer_printf(to, ":+%s", names[i]);
}

static char *write_choice(const struct choice *sum)
{
	struct buffer text = { 0 };
	char *result;

	write_bits(&text, "KX-ALL", sum->exchange, exchanges, EXCHANGES);
	write_bits(&text, "CIPHER-ALL", sum->cipher, ciphers, CIPHERS);
	write_bits(&text, "MAC-ALL", sum->hash, hashes, HASHES);
	result = xstrndup(
		(const char *)buffer_bytes(&text), buffer_length(&text));
	buffer_finish(&text);
	return result;
}

static bool take(
	const char *word, size_t length, struct choice *sum, char **error)
{
	struct choice choice;
	bool minus = word[0] == '!' || word[0] == '-';

	if (word[0] == '@') /* @STRENGTH, @SECLEVEL: an order, a level */
		return true;
	word += minus;
	length -= minus;
	if (minus && is_absent(word, length))
		return true;
	if (!take_word(word, length, &choice)) {
		*error = xasprintf(
			"'%.*s' is no cipher that is known here "
			"(-GnuTLSPriority takes GnuTLS's own words)",
			(int)length, word);
		return false;
	}
	if (minus)
		take_away(sum, &choice);
	else
		add(sum, &choice);
	return true;
}

char *cipher_list_translate(const char *list, char **error)
{
	static const char parting[] = ":, ";
	struct choice sum = { 0, 0, 0 };

	*error = NULL;
	while (*(list += strspn(list, parting)) != '\0') {
		size_t length = strcspn(list, parting);

		if (!take(list, length, &sum, error))
			return NULL;
		list += length;
	}
	if ((sum.exchange & 15) && (sum.cipher & 127) && (sum.hash & 15))
		return write_choice(&sum);
	*error = xstrdup("leaves no cipher at all");
	return NULL;
}
