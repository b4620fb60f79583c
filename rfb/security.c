#include "rfb/security.h"

#include <assert.h>

#include "rfb/handshake.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"

const struct security_type *const security_table[] = {
	&security_tls_none,
	&security_tls_vnc,
	&security_tls_plain,
	&security_x509_none,
	&security_x509_vnc,
	&security_x509_plain,
	&security_ra2_256,
	&security_ra2,
	&security_ra2ne_256,
	&security_vncauth,
	&security_plain,
	&security_none,
	&security_tight,
	&security_ra2ne,
	NULL,
};

/* What there is, as bits of enum security_need. */
static unsigned surroundings(const struct session_config *config,
	const struct session_transport *transport)
{
	unsigned has = 0;

	if (config->full_password != NULL || config->view_password != NULL)
		has |= SECURITY_PASSWORD;
	if (config->checks_users)
		has |= SECURITY_USERS;
	if (has == 0)
		has |= SECURITY_OPEN;
	if (transport->encrypted)
		has |= SECURITY_ENCRYPTED;
	if (transport->can_start_tls && config->tls_anonymous)
		has |= SECURITY_TLS_ANONYMOUS;
	if (transport->can_start_tls && config->tls_x509)
		has |= SECURITY_TLS_X509;
	if (config->rsa_key != NULL)
		has |= SECURITY_RSA_KEY;
	if (!transport->is_websocket)
		has |= SECURITY_NATIVE;
	if (!transport->is_websocket || transport->encrypted ||
		transport->is_local)
		has |= SECURITY_CRYPTO;
	return has;
}

/* Types that begin TLS are those that know what they are inside it. */
static bool is_bare(const struct security_type *type, unsigned has)
{
	return !(has & SECURITY_ENCRYPTED) && type->inside == NULL;
}

static bool is_usable(const struct security_type *type, unsigned has)
{
	return (type->needs & ~has) == 0 &&
	       (type->needs_some == 0 || (type->needs_some & has) != 0);
}

bool security_suits(const struct security_type *type,
	const struct session_config *config,
	const struct session_transport *transport)
{
	return is_usable(type, surroundings(config, transport));
}

void security_list_add(
	struct security_list *list, const struct security_type *type)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (list->types[i] == type)
			return;
	assert(list->count < SECURITY_MOST);
	list->types[list->count++] = type;
}

const struct security_type *security_list_find(
	const struct security_list *list, uint32_t number)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (list->types[i]->number == number)
			return list->types[i];
	return NULL;
}

static bool begins_tls(const struct security_type *type)
{
	return type->number >= SECURITY_SUBTYPES;
}

static bool encrypts(const struct security_type *type)
{
	return begins_tls(type) || (type->needs & SECURITY_RSA_KEY) != 0;
}

struct offer {
	const struct session_config *config;
	unsigned has;
	struct security_list *types, *subtypes;
};

static void offer_add(
	const struct offer *offer, const struct security_type *type)
{
	if (type->inside != NULL && offer->has & SECURITY_ENCRYPTED)
		type = type->inside;
	if (!is_usable(type, offer->has) ||
		(offer->config->tls_only && is_bare(type, offer->has)))
		return;
	if (begins_tls(type)) {
		security_list_add(offer->types, &security_vencrypt);
		security_list_add(offer->subtypes, type);
	} else {
		security_list_add(offer->types, type);
	}
}

void security_offer(const struct session_config *config,
	const struct session_transport *transport, struct security_list *types,
	struct security_list *subtypes)
{
	const struct security_type *const *order =
		config->security ? config->security : security_table;
	const struct security_type *const *next;
	const struct offer offer = { config, surroundings(config, transport),
		types, subtypes };
	bool plain_first = config->local_plain_first && transport->is_local &&
			   transport->can_start_tls;

	types->count = subtypes->count = 0;
	for (next = order; plain_first && *next != NULL; next++)
		if (!encrypts(*next))
			offer_add(&offer, *next);
	for (next = order; *next != NULL; next++)
		offer_add(&offer, *next);
}

void security_start(struct session *session, const struct security_type *type)
{
	session->security.type = type;
	session->security.bytes = 0;
	if (session_enter(session, STAGE_SECURITY))
		type->start(session);
}

void security_expect(struct session *session, size_t bytes, security_take *take)
{
	assert(bytes > 0 && bytes <= SECURITY_MOST_BYTES);
	session->security.bytes = bytes;
	session->security.take = take;
	session->security.costly = false;
}

void security_expect_costly(
	struct session *session, size_t bytes, security_take *take)
{
	security_expect(session, bytes, take);
	session->security.costly = session->host->costs != NULL;
}

void security_forget(struct session *session)
{
	if (session->security.state != NULL)
		session->security.destroy(session->security.state);
	session->security.state = NULL;
}

void security_passed(
	struct session *session, const struct session_rights *rights)
{
	session->rights =
		session->config->view_only ? session_watch_only : *rights;
	session->answered_rightly = true;
	session->stage = STAGE_ANSWERED;
	if (session->host->answered != NULL)
		session->host->answered(session->context, true);
	else
		session_let_in(session, false);
}

void security_failed(struct session *session, const char *reason)
{
	session->failure = reason;
	session->stage = STAGE_ANSWERED;
	if (session->host->answered != NULL)
		session->host->answered(session->context, false);
	else
		handshake_turn_away(session, reason);
}
