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
#include "server/viewer.h"

struct login_job {
	struct login_job *next;
	struct login_check *check;
	struct viewer *viewer;   /* its connection is held */
	const struct user *user; /* NULL: nobody */
	char *password;
	bool right;
	uv_work_t work;
};

bool login_check_init(struct login_check *check, struct server *server)
{
	*check = (struct login_check){ .server = server };
	check->end = &check->first;
	if (server->options->pam_service != NULL && !pam_check_is_there()) {
		log_error(
			"-pam: this program was built without PAM; "
			"-usersfile has users too");
		return false;
	}
	return server->options->users_file == NULL ||
	       user_file_read(&check->users, server->options->users_file);
}

/* Those who wait for a hash point into the old file. */
bool login_check_reload(struct login_check *check)
{
	struct user_file fresh = { .count = 0 };

	check->reload_wanted = check->working || check->first != NULL;
	if (check->reload_wanted)
		return true;
	if (!user_file_read(&fresh, check->server->options->users_file))
		return false;
	user_file_finish(&check->users);
	check->users = fresh;
	return true;
}

void login_check_finish(struct login_check *check)
{
	assert(check->first == NULL && !check->working);
	user_file_finish(&check->users);
}

bool login_check_knows_users(const struct login_check *check)
{
	return check->users.count > 0 ||
	       check->server->options->pam_service != NULL;
}

/* ---- PAM ---- */

/* PAM says who somebody is, not what they may do: all. */
static void on_pam_answer(
	void *context, enum broker_verdict verdict, int status)
{
	struct viewer *viewer = context;
	bool right = verdict == BROKER_DONE && status == 0;

	viewer->login_question = 0;
	session_login_checked(
		viewer->session, right ? &session_all_rights : NULL);
}

static void ask_pam(
	struct viewer *viewer, const char *user, const char *password)
{
	const char *from = viewer->layer.connection->peer_text;
	struct broker_request request = { .job = BROKER_PAM };

	if (broker_wire_add(&request, user) &&
		broker_wire_add(&request, password) &&
		broker_wire_add(&request, from))
		viewer->login_question = broker_ask(viewer->server->door.broker,
			&request, on_pam_answer, viewer);
	explicit_bzero(&request, sizeof(request));
	if (viewer->login_question == 0)
		session_login_checked(viewer->session, NULL);
}

void login_check_forget(struct login_check *check, struct viewer *viewer)
{
	broker_forget(check->server->door.broker, viewer->login_question);
	viewer->login_question = 0;
}

/* ---- -usersfile ---- */

static void hash(uv_work_t *work)
{
	struct login_job *job = work->data;
	const struct user_file *users = &job->check->users;
	/* Whoever is not there is as slow as the first who is. */
	const char *against =
		job->user != NULL ? job->user->hash : users->users[0].hash;

	job->right =
		user_file_matches(against, job->password) && job->user != NULL;
}

static void start_next(struct login_check *check);

static void forget(struct login_job *job)
{
	struct connection *connection = job->viewer->layer.connection;

	explicit_bzero(job->password, strlen(job->password));
	free(job->password);
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
		answer(job->viewer, job->right ? job->user : NULL);
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
	if (job == NULL && check->reload_wanted)
		login_check_reload(check);
	if (job == NULL)
		return;
	check->working = true;
	job->work.data = job;
	uv_queue_work(&check->server->loop, &job->work, hash, hashed);
}

void login_check_begin(struct login_check *check, struct viewer *viewer,
	const char *user, const char *password)
{
	const struct user *known = user_file_find(&check->users, user);
	struct login_job *job;

	if (known == NULL && check->server->options->pam_service != NULL) {
		ask_pam(viewer, user, password);
		return;
	}
	job = xcalloc(1, sizeof(*job));
	job->check = check;
	job->viewer = viewer;
	job->user = known;
	job->password = xstrdup(password);
	connection_hold(viewer->layer.connection);
	*check->end = job;
	check->end = &job->next;
	start_next(check);
}
