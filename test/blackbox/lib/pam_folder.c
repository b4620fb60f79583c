/* Shows PAM a folder instead of /etc/pam.d: $PAM_FOLDER. What libpam-wrapper
 * does besides (a copy of everything in /tmp/pam.? for each process, of which
 * two that begin at once may take the same) the tests have no use for.
 *
 * It is a module of PAM, too: one that ends the process that asks it, with
 * whatever status its argument says. */
#include <security/pam_appl.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <unistd.h>

int pam_start(const char *service, const char *user,
	const struct pam_conv *conversation, pam_handle_t **pam)
{
	return pam_start_confdir(
		service, user, conversation, getenv("PAM_FOLDER"), pam);
}

int pam_sm_authenticate(
	pam_handle_t *pam, int flags, int count, const char **arguments)
{
	(void)pam;
	(void)flags;
	_exit(count > 0 ? atoi(arguments[0]) : 0);
}

int pam_sm_setcred(
	pam_handle_t *pam, int flags, int count, const char **arguments)
{
	(void)pam;
	(void)flags;
	(void)count;
	(void)arguments;
	return PAM_SUCCESS;
}
