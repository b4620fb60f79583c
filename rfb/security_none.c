/* RFC 6143 section 7.2.1. */
#include "rfb/security_types.h"
#include "rfb/session_state.h"

static bool is_offered(const struct session *session)
{
	return session->config->full_password == NULL &&
	       session->config->view_password == NULL;
}

static void start(struct session *session)
{
	security_passed(session, false);
}

const struct security_type security_none = {
	.number = 1,
	.name = "None",
	.is_offered = is_offered,
	.start = start,
};
