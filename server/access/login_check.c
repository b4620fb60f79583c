#include "server/access/login_check.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/broker/broker.h"
#include "server/broker/pam_check.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"

struct login_job {
	struct login_job *next;
	struct login_check *check;
	struct viewer *viewer; /* its connection is held */
	bool exists;           /* else the hash is another's */
	struct user user;      /* a copy, without the name */
	char *password;
	bool right;
	uv_work_t work;
};

bool login_check_init(struct login_check *check, struct share *share)
{
	*check = (struct login_check){ .share = share };
	check->end = &check->first;
	if (share->options->pam_service != NULL && !pam_check_is_there()) {
		log_error(
			"-pam: this program was built without PAM; "
			"-usersfile has users too");
		return false;
	}
	if (share->options->users_file == NULL)
		return true;
	check->read_as = file_stamp_of(share->options->users_file);
	return user_file_read(
		&check->users, share->options->users_file, INPUT_FILE_AT_START);
}

bool login_check_reload(struct login_check *check)
{
	const char *path = check->share->options->users_file;
	struct user_file fresh;

	check->read_as = file_stamp_of(path);
	if (!user_file_read(&fresh, path, INPUT_FILE_ANY_TIME)) {
		if (fresh.passing)
			check->read_as = file_stamp_none;
		return false;
	}
	user_file_finish(&check->users);
	check->users = fresh;
	return true;
}

static void look_again(struct login_check *check)
{
	const char *path = check->share->options->users_file;
	struct file_stamp now;

	if (path == NULL)
		return;
	now = file_stamp_of(path);
	if (file_stamp_equal(&now, &check->read_as))
		return;
	if (login_check_reload(check))
		log_info("-usersfile %s: read again", path);
	else
		log_warning("the users read before stay");
}

void login_check_finish(struct login_check *check)
{
	assert(check->first == NULL && !check->working);
	user_file_finish(&check->users);
}

bool login_check_knows_users(const struct login_check *check)
{
	return check->users.count > 0 ||
	       check->share->options->pam_service != NULL;
}

/* ---- PAM ---- */

/* Not the viewer's fault, so its address is not blamed. */
#define NOT_ASKED "who you are could not be found out; see the server's log"

static void could_not_ask(struct viewer *viewer)
{
	log_warning(
		"#%lu: PAM did not say who that is, or not in time; what "
		"its modules say of it is in the system's log",
		viewer->layer.connection->number);
	session_login_unknown(viewer->session, NOT_ASKED);
}

/* PAM says who somebody is, not what they may do: all. */
static void on_pam_answer(
	void *context, enum broker_verdict verdict, int status)
{
	struct viewer *viewer = context;

	viewer->login_question = 0;
	if (verdict == BROKER_DONE && status == PAM_CHECK_RIGHT)
		session_login_checked(viewer->session, &session_all_rights);
	else if (verdict == BROKER_DONE && status == PAM_CHECK_WRONG)
		session_login_checked(viewer->session, NULL);
	else
		could_not_ask(viewer);
}

static void ask_pam(
	struct viewer *viewer, const char *user, const char *password)
{
	const char *from = viewer->layer.connection->peer_text;
	struct broker_request request = { .job = BROKER_PAM };

	if (broker_wire_add(&request, user) &&
		broker_wire_add(&request, password) &&
		broker_wire_add(&request, from))
		viewer->login_question =
			broker_ask(viewer->share->server->door.broker, &request,
				on_pam_answer, viewer);
	explicit_bzero(&request, sizeof(request));
	if (viewer->login_question == 0)
		could_not_ask(viewer);
}

void login_check_forget(struct login_check *check, struct viewer *viewer)
{
	broker_forget(
		check->share->server->door.broker, viewer->login_question);
	viewer->login_question = 0;
}

/* ---- -usersfile ---- */

static void hash(uv_work_t *work)
{
	struct login_job *job = work->data;

	job->right =
		user_file_matches(job->user.hash, job->password) && job->exists;
}

static void start_next(struct login_check *check);

static void forget(struct login_job *job)
{
	struct connection *connection = job->viewer->layer.connection;

	explicit_bzero(job->password, strlen(job->password));
	explicit_bzero(job->user.hash, strlen(job->user.hash));
	free(job->password);
	free(job->user.hash);
	free(job->user.monitor);
	free(job);
	connection_release(connection);
}

/* NULL: somebody else, or with another password. */
static void answer(struct viewer *viewer, const struct user *user)
{
	if (user != NULL && user->monitor != NULL)
		viewer_keep_to(viewer, user->monitor);
	session_login_checked(
		viewer->session, user != NULL ? &user->rights : NULL);
}

static void hashed(uv_work_t *work, int status)
{
	struct login_job *job = work->data;
	struct login_check *check = job->check;

	assert(status == 0); /* never cancelled */
	check->working = false;
	if (job->viewer->layer.connection->state == CONNECTION_OPEN)
		answer(job->viewer, job->right ? &job->user : NULL);
	forget(job);
	start_next(check);
}

static struct login_job *take_first(struct login_check *check)
{
	struct login_job *job = check->first;

	if (job == NULL)
		return NULL;
	check->first = job->next;
	if (check->first == NULL)
		check->end = &check->first;
	return job;
}

static void start_next(struct login_check *check)
{
	struct login_job *job = NULL;

	if (check->working)
		return;
	while ((job = take_first(check)) != NULL &&
		job->viewer->layer.connection->state != CONNECTION_OPEN)
		forget(job); /* it did not wait */
	if (job == NULL)
		return;
	check->working = true;
	job->work.data = job;
	uv_queue_work(&check->share->server->loop, &job->work, hash, hashed);
}

static struct login_job *job_for(const struct user_file *users,
	const struct user *user, const char *password)
{
	struct login_job *job = xcalloc(1, sizeof(*job));

	job->exists = user != NULL;
	job->user.hash = xstrdup(user_file_hash(users, user));
	job->user.rights = user != NULL ? user->rights : session_watch_only;
	if (user != NULL && user->monitor != NULL)
		job->user.monitor = xstrdup(user->monitor);
	job->password = xstrdup(password);
	return job;
}

void login_check_begin(struct login_check *check, struct viewer *viewer,
	const char *user, const char *password)
{
	const bool has_pam = check->share->options->pam_service != NULL;
	const struct user *known = NULL;
	struct login_job *job;

	look_again(check);
	if (user != NULL)
		known = user_file_find(&check->users, user);
	if (known == NULL && user != NULL && has_pam) {
		ask_pam(viewer, user, password);
		return;
	}
	if (check->users.count == 0) {
		session_login_checked(viewer->session, NULL);
		return;
	}
	job = job_for(&check->users, known, password);
	job->check = check;
	job->viewer = viewer;
	connection_hold(viewer->layer.connection);
	*check->end = job;
	check->end = &job->next;
	start_next(check);
}
