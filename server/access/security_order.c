#include "server/access/security_order.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "rfb/security_types.h"
#include "server/options/options.h"

/* ---- what suits ---- */

struct circumstances {
	const struct options *options;
	bool verifiable; /* viewers can verify our certificate */
};

/* A certificate that an authority vouches for goes before encryption without
 * one; any other only makes TigerVNC ask a question that nobody can answer, and
 * gtk-vnc go. Where there are users, a name is asked before a password alone.
 * Smaller is earlier. */
static int rank(const struct security_type *type,
	const struct circumstances *circumstances)
{
	bool users = circumstances->options->users_file != NULL ||
		     circumstances->options->pam_service != NULL;
	bool asks_name = type->inside == &security_plain;
	int rank = 4;

	if (type->needs & SECURITY_TLS_X509)
		rank = circumstances->verifiable ? 0 : 2;
	else if (type->needs & SECURITY_TLS_ANONYMOUS)
		rank = circumstances->verifiable ? 2 : 0;
	return rank < 4 && asks_name != users ? rank + 1 : rank;
}

static void add_ranked(struct security_list *list,
	const struct circumstances *circumstances,
	bool (*wanted)(const struct security_type *))
{
	int place, i;

	for (place = 0; place <= 4; place++)
		for (i = 0; security_table[i] != NULL; i++)
			if (wanted(security_table[i]) &&
				rank(security_table[i], circumstances) == place)
				security_list_add(list, security_table[i]);
}

static bool is_any(const struct security_type *type)
{
	(void)type;
	return true;
}

static bool is_subtype(const struct security_type *type)
{
	return type->number >= SECURITY_SUBTYPES;
}

/* ---- -sectypes ---- */

static bool add_named(struct security_list *list, const char *name,
	const struct circumstances *circumstances)
{
	int i;

	if (strcasecmp(name, "VNC") == 0) /* TurboVNC's word */
		name = "VncAuth";
	if (strcasecmp(name, security_vencrypt.name) == 0) {
		add_ranked(list, circumstances, is_subtype);
		return true;
	}
	for (i = 0; security_table[i] != NULL; i++) {
		if (strcasecmp(name, security_table[i]->name) != 0)
			continue;
		security_list_add(list, security_table[i]);
		return true;
	}
	return false;
}

static void say_unknown(const char *name)
{
	char known[256];
	size_t used = 0;
	int i;

	for (i = 0; security_table[i] != NULL && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used,
			"%s ", security_table[i]->name);
	log_error(
		"-sectypes: '%s' is no security type; there are %sand "
		"VeNCrypt for all that begin with TLS or X509",
		name, known);
}

static bool add_all_named(
	struct security_list *list, const struct circumstances *circumstances)
{
	char **name = circumstances->options->security_types;

	for (; *name != NULL; name++)
		if (!add_named(list, *name, circumstances)) {
			say_unknown(*name);
			return false;
		}
	return true;
}

/* ---- -vencrypt ---- */

static bool is_begun_with(const char **text, const char *word)
{
	if (strncmp(*text, word, strlen(word)) != 0)
		return false;
	*text += strlen(word);
	return true;
}

/* Bits of enum security_need that x11vnc's modes exclude; `only` that nothing
 * but VeNCrypt is left. */
struct vencrypt_mode {
	unsigned without;
	bool never, only;
};

static bool read_mode(const char *text, struct vencrypt_mode *mode)
{
	const char *whole = text;

	*mode = (struct vencrypt_mode){ 0 };
	for (;;) {
		if (is_begun_with(&text, "nodh:"))
			mode->without |= SECURITY_TLS_ANONYMOUS;
		else if (is_begun_with(&text, "nox509:"))
			mode->without |= SECURITY_TLS_X509;
		else if (!is_begun_with(&text, "newdh:") &&
			 !is_begun_with(&text, "plain:"))
			break;
	}
	mode->never = strcmp(text, "never") == 0;
	mode->only = strcmp(text, "only") == 0 || strcmp(text, "force") == 0;
	if (mode->never || mode->only || strcmp(text, "support") == 0)
		return true;
	log_error(
		"-vencrypt: '%s' is not never, support, only or force", whole);
	return false;
}

static bool apply_mode(struct security_list *list, const char *text)
{
	struct vencrypt_mode mode;
	int i, kept = 0;

	if (text == NULL)
		return true;
	if (!read_mode(text, &mode))
		return false;
	for (i = 0; i < list->count; i++) {
		const struct security_type *type = list->types[i];

		if ((type->needs & mode.without) == 0 &&
			!(mode.never && is_subtype(type)) &&
			!(mode.only && !is_subtype(type)))
			list->types[kept++] = type;
	}
	list->count = kept;
	return true;
}

bool security_order_init(struct security_order *order,
	const struct options *options, bool verifiable)
{
	const struct circumstances circumstances = { options, verifiable };
	struct security_list *list = &order->list;

	*order = (struct security_order){ 0 };
	if (options->security_types == NULL)
		add_ranked(list, &circumstances, is_any);
	else if (!add_all_named(list, &circumstances))
		return false;
	if (!apply_mode(list, options->vencrypt))
		return false;
	list->types[list->count] = NULL;
	return true;
}

bool security_order_needs(const struct security_order *order, unsigned needs)
{
	int i;

	for (i = 0; i < order->list.count; i++)
		if ((order->list.types[i]->needs & needs) == needs)
			return true;
	return false;
}

bool security_order_check(const struct session_config *config)
{
	static const struct session_transport transports[] = {
		{ .can_start_tls = true },
		{ .encrypted = true },
	};
	struct security_list types, subtypes;
	size_t i;

	for (i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
		security_offer(config, &transports[i], &types, &subtypes);
		if (types.count > 0)
			return true;
	}
	log_error("-sectypes and -vencrypt leave no way to log in: %s",
		config->full_password != NULL || config->checks_users
			? "None, TLSNone and X509None are for -nopw only, and "
			  "VncAuth needs a password"
			: "with -nopw there are only None, TLSNone and "
			  "X509None");
	return false;
}
