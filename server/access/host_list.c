#include "server/access/host_list.h"

#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/input_file.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/options/options.h"

enum { LARGEST_FILE = 256 << 10 };

static bool fail(const struct host_source *source, const char *why)
{
	log_error("%s%s%s: %s", source->option, source->file ? " " : "",
		source->file ? source->file : "", why);
	return false;
}

/* ---- files ---- */

static bool read_file(struct host_source *source, enum input_file_when when)
{
	struct host_rules rules = { 0 };
	struct input_file_why unread;
	struct host_why why;
	size_t length;
	char *text;

	/* First: what is written meanwhile is read next time. */
	source->read_as = file_stamp_of(source->file);
	text = input_file_read(
		source->file, when, LARGEST_FILE, &length, &unread);
	if (text == NULL) {
		if (unread.passing)
			source->read_as = file_stamp_none;
		log_error("%s %s: %s%s", source->option, source->file,
			unread.text, input_file_making(source->how));
		return false;
	}
	if (!source->parse(&rules, text, &why)) {
		free(text);
		host_rules_finish(&rules);
		return fail(source, why.text);
	}
	free(text);
	host_rules_finish(&source->rules);
	source->rules = rules;
	return true;
}

/* ---- -allow's own words ---- */

/* Once, at the start: later a name server that does not answer would hold
 * everything up. */
static bool add_name(struct host_source *source, const char *name)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL, *at;
	int status = getaddrinfo(name, NULL, &hints, &found);

	if (status != 0) {
		log_error("-allow %s: %s", name, gai_strerror(status));
		return false;
	}
	for (at = found; at != NULL; at = at->ai_next) {
		struct address address = address_from(at->ai_addr);

		host_rules_add_address(&source->rules, HOST_YES, &address);
	}
	freeaddrinfo(found);
	return true;
}

static bool add_words(struct host_source *source, char *const *words)
{
	struct host_why why;

	for (; *words != NULL; words++)
		if (!host_rules_add(&source->rules, HOST_YES, *words, &why) &&
			!add_name(source, *words))
			return false;
	return true;
}

static bool open_allow(struct host_source *source, char *const *words)
{
	source->used = words != NULL;
	source->option = "-allow";
	source->how =
		"; it is a text of your own, an address or network a line";
	source->parse = host_rules_parse_allowed;
	if (words == NULL)
		return true;
	/* As x11vnc has it: a slash makes it a file; a CIDR mask is none. */
	if (words[0][0] == '/' || words[0][0] == '.') {
		source->file = words[0];
		return read_file(source, INPUT_FILE_AT_START);
	}
	return add_words(source, words);
}

bool host_list_open(struct host_list *list, const struct options *options)
{
	list->deny_all = options->deny_all;
	list->hosts.option = "-HostsFile";
	list->hosts.how =
		"; it is a text of your own, of lines like +192.168.0.0/16 "
		"and -";
	list->hosts.file = options->hosts_file;
	list->hosts.parse = host_rules_parse;
	list->hosts.used = options->hosts_file != NULL;
	if (!open_allow(&list->allow, options->allowed))
		return false;
	return !list->hosts.used ||
	       read_file(&list->hosts, INPUT_FILE_AT_START);
}

static enum host_answer find(
	struct host_source *source, const struct address *address)
{
	if (!source->used)
		return HOST_YES;
	if (source->file != NULL) {
		struct file_stamp now = file_stamp_of(source->file);

		if (!file_stamp_equal(&now, &source->read_as))
			read_file(source, INPUT_FILE_ANY_TIME);
	}
	return host_rules_find(&source->rules, address);
}

enum host_answer host_list_find(
	struct host_list *list, const struct address *address)
{
	enum host_answer allow = find(&list->allow, address);
	enum host_answer hosts = find(&list->hosts, address);

	if (list->deny_all || allow == HOST_NO || hosts == HOST_NO)
		return HOST_NO;
	return hosts;
}

void host_list_finish(struct host_list *list)
{
	host_rules_finish(&list->allow.rules);
	host_rules_finish(&list->hosts.rules);
}
