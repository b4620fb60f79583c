#include "server/access/host_rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"

enum { ALL_BITS = 128, MAPPED_BITS = 96, MOST_TEXT = 64 };

static bool refuse(struct host_why *why, const char *text, const char *what)
{
	snprintf(why->text, sizeof(why->text), "'%.60s' %s", text, what);
	return false;
}

static void add(struct host_rules *rules, const struct host_rule *rule)
{
	if (rules->count == HOST_RULES_MOST)
		return;
	if (rules->rules == NULL)
		rules->rules = xcalloc(HOST_RULES_MOST, sizeof(*rules->rules));
	rules->rules[rules->count++] = *rule;
}

void host_rules_add_address(struct host_rules *rules, enum host_answer answer,
	const struct address *address)
{
	const struct host_rule rule = { *address, ALL_BITS, answer };

	add(rules, &rule);
}

/* *is4 tells the family. */
static bool read_address(const char *text, struct address *address, bool *is4)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };

	*is4 = inet_pton(AF_INET, text, &four.sin_addr) == 1;
	if (*is4)
		*address = address_from((const struct sockaddr *)&four);
	else if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
		*address = address_from((const struct sockaddr *)&six);
	else
		return false;
	return true;
}

/* "10." or "192.168.1.": one to three numbers, each with its dot. */
static bool read_prefix(const char *text, struct host_rule *rule)
{
	char whole[MOST_TEXT];
	size_t length = strlen(text);
	int dots = 0;
	bool is4;
	const char *at;

	for (at = text; *at != '\0'; at++)
		dots += *at == '.';
	if (length < 2 || length > 12 || text[length - 1] != '.' || dots > 3)
		return false;
	snprintf(whole, sizeof(whole), "%s%s", text,
		dots == 1 ? "0.0.0" : (dots == 2 ? "0.0" : "0"));
	if (!read_address(whole, &rule->network, &is4) || !is4)
		return false;
	rule->bits = MAPPED_BITS + 8 * (unsigned)dots;
	return true;
}

/* A number of bits, or IPv4's 255.255.0.0. */
static bool read_mask(const char *text, bool is4, unsigned *bits)
{
	unsigned most = is4 ? 32 : ALL_BITS, number = 0;
	struct in_addr mask;
	uint32_t holes;

	if (is4 && strchr(text, '.') != NULL) {
		if (inet_pton(AF_INET, text, &mask) != 1)
			return false;
		holes = ~ntohl(mask.s_addr);
		if ((holes & (holes + 1)) != 0)
			return false;
		*bits = MAPPED_BITS + 32 - (unsigned)__builtin_popcount(holes);
		return true;
	}
	if (*text == '\0' || strlen(text) > 3)
		return false;
	for (; *text != '\0'; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		number = number * 10 + (unsigned)(*text - '0');
	}
	*bits = number + (is4 ? MAPPED_BITS : 0);
	return number <= most;
}

static bool read_rule(
	const char *text, struct host_rule *rule, struct host_why *why)
{
	char copy[MOST_TEXT], *start = copy, *slash;
	bool is4;
	size_t length = strlen(text);

	if (length >= sizeof(copy))
		return refuse(why, text, "is too long for an address");
	memcpy(copy, text, length + 1);
	slash = strchr(copy, '/');
	if (slash != NULL)
		*slash++ = '\0';
	length = strlen(copy);
	if (copy[0] == '[' && length > 1 && copy[length - 1] == ']') {
		copy[length - 1] = '\0';
		start++;
	}
	if (slash == NULL && read_prefix(start, rule))
		return true;
	if (!read_address(start, &rule->network, &is4))
		return refuse(why, text, "is no IP address");
	rule->bits = ALL_BITS;
	if (slash != NULL && !read_mask(slash, is4, &rule->bits))
		return refuse(why, text, "has no valid prefix length");
	return true;
}

bool host_rules_add(struct host_rules *rules, enum host_answer answer,
	const char *text, struct host_why *why)
{
	struct host_rule rule = { .answer = answer };

	if (rules->count == HOST_RULES_MOST)
		return refuse(why, text, "is one address too many");
	if (text[0] != '\0' && !read_rule(text, &rule, why))
		return false;
	add(rules, &rule);
	return true;
}

/* The next line without comment and blanks around it; NULL at the end. */
static char *next_line(char **at)
{
	char *line, *end;

	if (*at == NULL)
		return NULL;
	line = strsep(at, "\n");
	line[strcspn(line, "#\r")] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	end = line + strlen(line);
	while (end > line && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return line;
}

bool host_rules_parse(
	struct host_rules *rules, char *text, struct host_why *why)
{
	char *at = text, *line;

	while ((line = next_line(&at)) != NULL) {
		const char *address = line + 1;

		if (*line == '\0')
			continue;
		if (strchr("+-?", *line) == NULL)
			return refuse(why, line,
				"does not begin with '+', '-' or '?'");
		address += strspn(address, " \t");
		if (!host_rules_add(
			    rules, (enum host_answer) * line, address, why))
			return false;
	}
	return true;
}

bool host_rules_parse_allowed(
	struct host_rules *rules, char *text, struct host_why *why)
{
	char *at = text, *line;

	while ((line = next_line(&at)) != NULL)
		if (*line != '\0' &&
			!host_rules_add(rules, HOST_YES, line, why))
			return false;
	return true;
}

static bool agrees(const struct host_rule *rule, const struct address *address)
{
	unsigned whole = rule->bits / 8, rest = rule->bits % 8;

	if (memcmp(rule->network.bytes, address->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	       (rule->network.bytes[whole] ^ address->bytes[whole]) >>
			       (8 - rest) ==
		       0;
}

enum host_answer host_rules_find(
	const struct host_rules *rules, const struct address *address)
{
	static const struct address none;
	size_t i;

	if (address_equal(address, &none))
		return HOST_YES;
	for (i = 0; i < rules->count; i++)
		if (agrees(&rules->rules[i], address))
			return rules->rules[i].answer;
	return HOST_NO;
}

void host_rules_finish(struct host_rules *rules)
{
	free(rules->rules);
	*rules = (struct host_rules){ 0 };
}
