#include "server/broker/pam_check.h"

#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

bool pam_check_is_there(void)
{
	return true;
}

static void free_answers(struct pam_response *answers, int count)
{
	int i;

	for (i = 0; i < count; i++)
		free(answers[i].resp);
	free(answers);
}

/* Gives the password to whatever asks without echo. A module that wants more
 * than one secret, or a conversation, gets none: RFB has one field. */
static int converse(int count, const struct pam_message **messages,
	struct pam_response **gives, void *context)
{
	const char *password = context;
	struct pam_response *answers;
	int i;

	if (count <= 0 || count > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	answers = calloc((size_t)count, sizeof(*answers));
	if (answers == NULL)
		return PAM_BUF_ERR;
	for (i = 0; i < count; i++) {
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			answers[i].resp = strdup(password);
		else if (messages[i]->msg_style == PAM_PROMPT_ECHO_ON) {
			free_answers(answers, count);
			return PAM_CONV_ERR;
		}
	}
	*gives = answers;
	return PAM_SUCCESS;
}

/* What else a status may be was said of the answer, or cannot be told from it:
 * pam_exec's is PAM_SYSTEM_ERR for whatever its command does not like, and what
 * asks for a second secret gets PAM_CONV_ERR, which who guesses the first one
 * must not learn. */
static bool is_unknown(int status)
{
	static const int unknown[] = {
		PAM_OPEN_ERR,
		PAM_SYMBOL_ERR,
		PAM_SERVICE_ERR,
		PAM_BUF_ERR,
		PAM_CRED_INSUFFICIENT,
		PAM_AUTHINFO_UNAVAIL,
		PAM_ABORT,
		PAM_MODULE_UNKNOWN,
	};
	size_t i;

	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (unknown[i] == status)
			return true;
	return false;
}

enum pam_check_answer pam_check(const char *service, const char *user,
	const char *password, const char *from)
{
	const struct pam_conv conversation = { converse, (void *)password };
	pam_handle_t *pam = NULL;
	int status = pam_start(service, user, &conversation, &pam);

	if (status != PAM_SUCCESS)
		return PAM_CHECK_UNKNOWN;
	pam_set_item(pam, PAM_RHOST, from);
	status = pam_authenticate(pam, PAM_DISALLOW_NULL_AUTHTOK | PAM_SILENT);
	if (status == PAM_SUCCESS)
		status = pam_acct_mgmt(
			pam, PAM_DISALLOW_NULL_AUTHTOK | PAM_SILENT);
	pam_end(pam, status);
	if (status == PAM_SUCCESS)
		return PAM_CHECK_RIGHT;
	return is_unknown(status) ? PAM_CHECK_UNKNOWN : PAM_CHECK_WRONG;
}
