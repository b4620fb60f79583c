/* A libsystemd whose logind is a file that a test writes: "VT DISPLAY UID TYPE
 * CLASS", in the place of $FAKE_SEAT. A byte is added to "active.looks" beside
 * it for each time that somebody asks who is active. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/types.h>
#include <unistd.h>

struct state {
	unsigned vt, uid;
	char display[16], type[16], class[16];
};

static int read_state(struct state *state)
{
	FILE *file = fopen(getenv("FAKE_SEAT"), "r");
	int got;

	if (file == NULL)
		return -2;
	got = fscanf(file, "%u %15s %u %15s %15s", &state->vt, state->display,
		&state->uid, state->type, state->class);
	fclose(file);
	return got == 5 ? 0 : -6;
}

static void count_look(void)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s.looks", getenv("FAKE_SEAT"));
	file = fopen(path, "a");
	if (file == NULL)
		return;
	fputc('.', file);
	fclose(file);
}

int sd_seat_get_active(const char *seat, char **session, uid_t *uid)
{
	struct state state;

	count_look();
	if (strcmp(seat, "seat0") != 0 || read_state(&state) < 0)
		return -2;
	*session = strdup("c1");
	*uid = state.uid;
	return 0;
}

int sd_session_get_vt(const char *session, unsigned *vt)
{
	struct state state;

	(void)session;
	if (read_state(&state) < 0)
		return -2;
	*vt = state.vt;
	return 0;
}

static int get(char **value, size_t offset)
{
	struct state state;

	if (read_state(&state) < 0)
		return -2;
	*value = strdup((char *)&state + offset);
	return 0;
}

int sd_session_get_display(const char *session, char **value)
{
	(void)session;
	return get(value, offsetof(struct state, display));
}

int sd_session_get_type(const char *session, char **value)
{
	(void)session;
	return get(value, offsetof(struct state, type));
}

int sd_session_get_class(const char *session, char **value)
{
	(void)session;
	return get(value, offsetof(struct state, class));
}

int sd_login_monitor_new(const char *category, void **monitor)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	char *folder = strdup(getenv("FAKE_SEAT"));

	(void)category;
	*strrchr(folder, '/') = '\0';
	inotify_add_watch(fd, folder, IN_MOVED_TO);
	free(folder);
	*monitor = (void *)(intptr_t)(fd + 1);
	return 0;
}

int sd_login_monitor_get_fd(void *monitor)
{
	return (int)(intptr_t)monitor - 1;
}

int sd_login_monitor_flush(void *monitor)
{
	char events[4096];

	while (read(sd_login_monitor_get_fd(monitor), events, sizeof(events)) >
		0)
		;
	return 0;
}

void *sd_login_monitor_unref(void *monitor)
{
	close(sd_login_monitor_get_fd(monitor));
	return NULL;
}
