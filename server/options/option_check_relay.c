#include "server/options/option_check_relay.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/options/option_value.h"
#include "server/options/options.h"
#include "server/relay/relay_target.h"

bool option_check_relay_is_source(const char *text)
{
	const char *colon = strrchr(text, ':');

	return text[0] != ':' &&
	       option_value_is_number(colon ? colon + 1 : text);
}

bool option_check_relay_say_stray(const char *text)
{
	if (text[0] == ':')
		log_error(
			"'%s' is not an option; for the X display say "
			"-display %s",
			text, text);
	else if (option_value_is_number(text))
		log_error(
			"'%s' is not an option; for the port say -rfbport "
			"%s, for the X display -display :%s, and to relay to "
			"another server %s HOST:PORT",
			text, text, text, text);
	else if (strchr(text, ':'))
		log_error(
			"'%s' is not an option; to relay to another server "
			"say [ADDR:]PORT HOST:PORT, and the address and port "
			"to listen on are -listen ADDR -rfbport N",
			text);
	else
		log_error(
			"'%s' is not an option: options begin with '-', and a "
			"server to relay to is HOST:PORT",
			text);
	return false;
}

static void add(char ***list, char *text)
{
	size_t count = 0;

	while (*list && (*list)[count])
		count++;
	*list = xrealloc(*list, (count + 2) * sizeof(**list));
	(*list)[count] = text;
	(*list)[count + 1] = NULL;
}

/* Where the socket to listen on is told otherwise, the only one is the
 * target, as with websockify. */
static void deal_out_sole(struct options *options)
{
	if ((!options->local_socket && !options->inetd) || !options->source ||
		options->target || options->unix_target ||
		options->token_source || options->session ||
		!strchr(options->source, ':'))
		return;
	options->target = xstrdup(options->source);
	options->source = NULL;
}

/* [ADDR:]PORT, an IPv6 address perhaps in brackets. */
static bool deal_out_source(struct options *options)
{
	const char *source = options->source, *colon, *port;
	bool bracketed;
	long number;

	if (!source)
		return true;
	if (!options->target && !options->unix_target &&
		!options->token_source && !options->session)
		return option_check_relay_say_stray(source);
	colon = strrchr(source, ':');
	port = colon ? colon + 1 : source;
	number = strtol(port, NULL, 10);
	if (strlen(port) > 5 || number < 1 || number > 65535) {
		log_error("'%s': the port is none of 1 to 65535", source);
		return false;
	}
	options->port = (int)number;
	options->port_given = true;
	if (!colon)
		return true;
	bracketed = source[0] == '[' && colon[-1] == ']';
	add(&options->listen,
		xstrndup(source + bracketed,
			(size_t)(colon - source) - 2 * bracketed));
	return true;
}

/* Of desktops. */
static bool has_names(const struct options *options)
{
	return options->desktops_file || options->one_of_several ||
	       (options->displays && options->displays[1]);
}

static bool deal_out_tokens(struct options *options)
{
	if (options->token_config && options->token_source) {
		log_error(
			"-target-config and -token-source say the same: "
			"give one of them");
		return false;
	}
	if (options->token_config) {
		options->token_source = options->token_config;
		options->token_config = NULL;
	}
	if (!options->token_source && options->token_plugin) {
		log_error("-token-plugin: needs -token-source");
		return false;
	}
	if (!options->token_source && options->host_token) {
		log_error(
			"-host-token: needs -token-source: where do the "
			"names lead?");
		return false;
	}
	if (!options->token_source && !has_names(options) &&
		options->repeater) {
		log_error(
			"-repeater: needs -token-source, or several desktops: "
			"who is there?");
		return false;
	}
	if (options->token_source && !options->token_plugin)
		options->token_plugin = xstrdup("TokenFile");
	return true;
}

static bool check_target(const struct options *options)
{
	struct relay_target target;

	if (!options->target)
		return true;
	if (!relay_target_parse(
		    &target, options->target, strlen(options->target)) ||
		target.kind == RELAY_DISPLAY) {
		log_error("-target: '%s' is no HOST:PORT", options->target);
		return false;
	}
	return true;
}

struct protection {
	bool given;
	const char *name;
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* NULL: none of them is given. */
static const char *first_given(const struct protection *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].given)
			return list[i].name;
	return NULL;
}

static const char *find_of_display(const struct options *options)
{
	const struct protection list[] = {
		{ options->password != NULL, "-passwd" },
		{ options->password_file != NULL, "-passwdfile" },
		{ options->vnc_password_file != NULL, "-rfbauth" },
		{ options->users_file != NULL, "-usersfile" },
		{ options->pam_service != NULL, "-pam" },
		{ options->view_only, "-viewonly" },
		{ !options->shared, "-noshared" },
		{ options->security_types != NULL, "-sectypes" },
		{ options->vencrypt != NULL, "-vencrypt" },
		{ options->input != NULL, "-input" },
		{ !options->key_events, "-nokeyevents" },
		{ !options->pointer_events, "-nopointerevents" },
		{ !options->selections, "-nosel" },
		{ options->selection_way != NULL, "-seldir" },
		{ !options->clipboard_out, "-noclipboardsend" },
		{ !options->clipboard_in, "-noclipboardrecv" },
		{ options->clip != NULL, "-clip" },
		{ options->blackout != NULL, "-blackout" },
	};

	return first_given(list, COUNT(list));
}

/* What protects a display would be passed by. */
static bool check_protection(const struct options *options)
{
	const struct protection ours[] = {
		{ options->query_connect, "-QueryConnect" },
		{ options->accept != NULL, "-accept" },
		{ options->after_accept != NULL, "-afteraccept" },
		{ options->gone != NULL, "-gone" },
	};
	const char *given = first_given(ours, COUNT(ours));

	if (given != NULL) {
		log_error(
			"%s: nobody is asked about those who are relayed to "
			"other servers; leave it out, or the targets",
			given);
		return false;
	}
	if (options->serves_display)
		return true;
	given = find_of_display(options);
	if (given != NULL)
		log_error(
			"%s: is of a display, and the target has its own; "
			"-auth-source asks browsers before that",
			given);
	return given == NULL;
}

/* $DISPLAY is there in every terminal, and asks for nothing. */
static bool asks_for_display(const struct options *options)
{
	return options->display || options->desktops_file || options->create ||
	       options->find || options->display_command ||
	       options->wait_display;
}

static bool check_rest(const struct options *options)
{
	if (options->ssl_target) {
		log_error("-ssl-target: to which target?");
		return false;
	}
	if (options->wrap_mode) {
		log_error("-wrap-mode: of which command? It stands behind --");
		return false;
	}
	return true;
}

bool option_check_relay(struct options *options)
{
	int fixed;

	options->wraps = options->session && !options->create;
	deal_out_sole(options);
	fixed = !!options->target + !!options->unix_target + options->wraps;

	options->serves_display = true;
	if (!deal_out_tokens(options) || !deal_out_source(options) ||
		!check_target(options))
		return false;
	if (!fixed && !options->token_source)
		return check_rest(options);
	if (fixed + !!options->token_source > 1 ||
		(fixed && asks_for_display(options))) {
		log_error(
			"a target is for everybody: it excludes -display, "
			"-token-source and a second one");
		return false;
	}
	options->serves_display = asks_for_display(options);
	if (!options->serves_display && options->connect) {
		log_error("-connect: there is no display to show");
		return false;
	}
	return check_protection(options);
}
