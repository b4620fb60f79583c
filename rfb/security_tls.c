/* VeNCrypt's subtypes that put TLS below the session first (rfbproto): without
 * a certificate (TLS...) or with one (X509...), and inside it a way to log in
 * that exists by itself. */
#include "base/initialiser.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"

/* The viewer is told whether there will be TLS; what it said behind its choice
 * is its first TLS record. */
static void begin(struct session *session, enum session_tls kind)
{
	struct buffer early = session->input;

	session->input = (struct buffer){ 0 };
	session->stage = STAGE_SECURING;
	session_send(session, "\1", 1);
	if (!session->host->start_tls(session->context, kind,
		    buffer_bytes(&early), buffer_length(&early)))
		session_close(session, "cannot begin TLS");
	buffer_finish(&early);
}

static void start_tls(struct session *session)
{
	begin(session, SESSION_TLS_ANONYMOUS);
}

static void start_x509(struct session *session)
{
	begin(session, SESSION_TLS_X509);
}

void session_secured(struct session *session)
{
	if (session->stage != STAGE_SECURING)
		return;
	session->stage = STAGE_SECURITY;
	session->security.type->inside->start(session);
}

#define SUBTYPE(number_, name_, tls_, start_, inside_, who_)                   \
	INITIALISER(.number = number_, .name = name_,                          \
		.needs = SECURITY_##tls_, .needs_some = SECURITY_##who_,       \
		.inside = &security_##inside_, .start = start_)

const struct security_type security_tls_none =
	SUBTYPE(257, "TLSNone", TLS_ANONYMOUS, start_tls, none, OPEN);
const struct security_type security_tls_vnc =
	SUBTYPE(258, "TLSVnc", TLS_ANONYMOUS, start_tls, vncauth, PASSWORD);
const struct security_type security_tls_plain =
	SUBTYPE(259, "TLSPlain", TLS_ANONYMOUS, start_tls, plain, LOGIN);
const struct security_type security_x509_none =
	SUBTYPE(260, "X509None", TLS_X509, start_x509, none, OPEN);
const struct security_type security_x509_vnc =
	SUBTYPE(261, "X509Vnc", TLS_X509, start_x509, vncauth, PASSWORD);
const struct security_type security_x509_plain =
	SUBTYPE(262, "X509Plain", TLS_X509, start_x509, plain, LOGIN);
