#include "server/options/option_check.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/input/input_rights.h"
#include "server/network/dial_target.h"
#include "server/network/proxy_url.h"
#include "server/options/option_check_process.h"
#include "server/options/option_check_relay.h"
#include "server/options/option_check_tls.h"
#include "server/options/option_check_web.h"
#include "server/options/options.h"

static void drop(char **text)
{
	free(*text);
	*text = NULL;
}

static void drop_list(char ***list)
{
	for (char **text = *list; *text; text++)
		free(*text);
	free(*list);
	*list = NULL;
}

static bool check_local_socket(struct options *options)
{
	const char *text = options->local_socket_mode_text;
	char *end;
	long mode;

	options->local_socket_mode = 0600;
	if (!text)
		return true;
	mode = strtol(text, &end, 8);
	options->local_socket_mode = (int)mode;
	if (!*end && mode > 0 && mode <= 0777)
		return true;
	log_error("-unixsockmode: '%s' is no octal mode such as 0660", text);
	return false;
}

/* libvncserver's word for it. */
static void check_rfb_wait(struct options *options)
{
	if (options->rfb_wait_ms > 0)
		options->read_timeout_s = (options->rfb_wait_ms + 999) / 1000;
}

static bool check_connect(const struct options *options)
{
	struct dial_target ignored;
	char **text = options->connect;
	struct proxy_url proxy;

	for (; text && *text; text++)
		if (!dial_target_parse(&ignored, *text)) {
			log_error(
				"-connect: '%s' is no host:port, "
				"repeater=ID:n+host:port or "
				"pre=TEXT+host:port",
				*text);
			return false;
		}
	text = options->proxies;
	for (int count = 1; text && *text; text++, count++)
		if (!proxy_url_parse(&proxy, *text) ||
			count > OPTIONS_MOST_PROXIES) {
			log_error(
				"-proxy: not socks5://HOST:PORT or "
				"http://HOST:PORT, with USER:PASSWORD@ before "
				"the host, and at most three of them");
			return false;
		}
	return true;
}

/* x11vnc opens the display of WAIT:N when a viewer comes, and looks for one by
 * WAIT:cmd=FINDDISPLAY, or what a command prints. */
static bool check_display(struct options *options)
{
	const char *rest;
	char *plain = NULL;

	if (!options->display || strncmp(options->display, "WAIT", 4))
		return true;
	rest = options->display + 4;
	rest += *rest == ':';
	options->display_waits = true;
	if (!strncmp(rest, "cmd=FINDDISPLAY", 15))
		options->find = true;
	else if (!strncmp(rest, "cmd=FIND", 8) || !strcmp(rest, "cmd=")) {
		log_error("-display: '%s' is not built; say -create",
			options->display);
		return false;
	} else if (!strncmp(rest, "cmd=", 4))
		options->display_command = xstrdup(rest + 4);
	else if (*rest)
		plain = xasprintf("%s%s", strchr(rest, ':') ? "" : ":", rest);
	free(options->display);
	options->display = plain;
	return true;
}

/* Where there are several, the first stands for them. The same again is no
 * second one. */
static void deal_out_displays(struct options *options)
{
	char **display = options->displays, **other;

	for (; display && *display; display++)
		for (other = display + 1; *other;) {
			char **rest = other;

			if (strcmp(*display, *other)) {
				other++;
				continue;
			}
			free(*other);
			do
				rest[0] = rest[1];
			while (*rest++);
		}
	free(options->display);
	options->display =
		options->displays ? xstrdup(options->displays[0]) : NULL;
}

static void check_authority(struct options *options)
{
	if (!options->authority || strcmp(options->authority, "guess"))
		return;
	options->guess_authority = true;
	drop(&options->authority);
}

/* A terminal that was opened in a desktop under systemd inherits its
 * INVOCATION_ID: what counts is that systemd started this very process. */
static bool is_under_systemd(void)
{
	const char *pid = getenv("SYSTEMD_EXEC_PID");

	if (getenv("NOTIFY_SOCKET"))
		return true;
	if (pid)
		return atol(pid) == (long)getpid();
	return getenv("INVOCATION_ID") && getppid() == 1;
}

static void check_reopen(struct options *options)
{
	if (options->no_reopen)
		options->reopen = false;
	else if (is_under_systemd())
		options->reopen = true;
}

/* -geometry is x11vnc's -scale, but for what is created. */
static void deal_out_geometry(struct options *options)
{
	if (!options->create && options->geometry && !options->scale)
		options->scale = xstrdup(options->geometry);
}

/* Of -clip, -id and -sid each says what is shared; what they say is looked at
 * when the display is open. */
static bool check_area(const struct options *options)
{
	if ((options->clip != NULL) + (options->window != NULL) +
			(options->window_place != NULL) <=
		1)
		return true;
	log_error("-clip, -id and -sid exclude each other: give one of them");
	return false;
}

/* Digits only, at most five: no sign, no blank, nothing to overflow. */
static bool read_number(const char **at, unsigned *number)
{
	size_t length = strspn(*at, "0123456789");

	*number = 0;
	if (!length || length > 5)
		return false;
	for (; length; length--, (*at)++)
		*number = *number * 10 + (unsigned)(**at - '0');
	return true;
}

static bool read_sign(const char **at, char sign)
{
	if (**at != sign)
		return false;
	++*at;
	return true;
}

/* -rfbport counts for more. */
static void check_port_of_display(struct options *options)
{
	const char *display = options->display;
	const char *number_text;
	unsigned number;

	if (!options->port_of_display || options->port_given)
		return;
	if (!display)
		display = getenv("DISPLAY");
	number_text = display ? strrchr(display, ':') : NULL;
	if (number_text && read_sign(&number_text, ':') &&
		read_number(&number_text, &number) && number <= 65535 - 5900)
		options->port = 5900 + (int)number;
	else
		log_warning(
			"-N: has no effect, because the X display has no "
			"number; the port is %d",
			options->port);
}

static bool has_full_password(const struct options *options)
{
	return options->password || options->password_file ||
	       options->vnc_password_file;
}

static bool check_input(const struct options *options)
{
	struct input_rights rights;

	if (!options->input || input_rights_parse(options->input, &rights))
		return true;
	log_error(
		"-input: '%s' is not made of the letters KMBCF, with at most "
		"one comma",
		options->input);
	return false;
}

static bool check_home_password(struct options *options)
{
	const char *home = getenv("HOME");
	char *file;

	if (!options->use_home_password || has_full_password(options))
		return true;
	if (!home || !*home) {
		log_error("-usepw: $HOME is not set");
		return false;
	}
	file = xasprintf("%s/.vnc/passwd", home);
	if (!access(file, F_OK)) {
		options->vnc_password_file = file;
		return true;
	}
	free(file);
	file = xasprintf("%s/.vnc/passwdfile", home);
	if (!access(file, F_OK)) {
		options->password_file = file;
		return true;
	}
	free(file);
	/* main() asks for it. */
	options->vnc_password_file = xasprintf("%s/.vnc/passwd", home);
	options->home_password_missing = true;
	return true;
}

static bool check_passwords(struct options *options)
{
	int sources = !!options->password + !!options->password_file +
		      !!options->vnc_password_file;

	if (sources > 1) {
		log_error(
			"only one of -passwd, -passwdfile and -rfbauth can "
			"be given");
		return false;
	}
	if (options->view_password && !sources) {
		log_error(
			"-viewpasswd: needs -passwd, -passwdfile or -rfbauth "
			"as well; '-passwd PASSWORD -viewonly' lets everybody "
			"only watch");
		return false;
	}
	if (options->no_password &&
		(options->users_file || options->pam_service)) {
		log_warning("-nopw: ignored, because users log in by name");
		options->no_password = false;
	}
	if (options->no_password && sources) {
		log_warning("-nopw: ignored, because a password is given");
		options->no_password = false;
	}
	return true;
}

/* x0vncserver's -SecurityTypes None: nobody is to be asked. */
static void check_security_types(struct options *options)
{
	static const char *const open[] = { "None", "TLSNone", "X509None" };
	char **name = options->security_types;
	size_t i;

	for (; name != NULL && *name != NULL; name++) {
		for (i = 0; i < 3 && strcasecmp(*name, open[i]) != 0; i++)
			;
		if (i == 3)
			return;
	}
	if (name != NULL && !has_full_password(options))
		options->no_password = true;
}

static char **split_names(const char *text)
{
	char **names = xcalloc(strlen(text) + 2, sizeof(*names));
	size_t count = 0, length;

	for (; *text; text += length + (text[length] == ',')) {
		length = strcspn(text, ",");
		if (length)
			names[count++] = xstrndup(text, length);
	}
	return names;
}

/* The users of this machine are PAM's. By a service of our own and not by su's:
 * that lets root in without a password, which we may be. */
static bool check_unix_users(struct options *options)
{
	const char *users = options->unix_users;

	if (!options->unix_given)
		return true;
	if (users && strpbrk(users, "!:=")) {
		log_error(
			"-unixpw: '%s' is not a list of names; those to leave "
			"out, and options of each, are not built",
			users);
		return false;
	}
	if (!options->pam_service)
		options->pam_service = xstrdup("x11wsvnc");
	if (users && !options->user_names)
		options->user_names = split_names(users);
	return true;
}

/* TigerVNC's %u in PlainUsers: who shares the desktop. */
static bool name_own_user(struct options *options)
{
	char **name = options->user_names;
	const struct passwd *own;

	for (; name != NULL && *name != NULL; name++) {
		if (strcmp(*name, "%u") != 0)
			continue;
		own = options->run_as ? getpwnam(options->run_as)
				      : getpwuid(getuid());
		if (own == NULL) {
			log_error(
				"-plainusers: %%u is whoever runs this "
				"program, and has no name; say it");
			return false;
		}
		free(*name);
		*name = xstrdup(own->pw_name);
	}
	return true;
}

bool option_check(struct options *options)
{
	deal_out_displays(options);
	if (options->help || options->version || options->license ||
		options->print_man || options->print_readme ||
		options->print_completion != NULL || options->find_display ||
		options->list_displays || options->find_authority ||
		options->stores_password || options->show_password ||
		options->remote || options->query)
		return true;
	if (!options->ipv4 && !options->ipv6) {
		log_error(
			"-noipv4 and -noipv6 together leave nothing to "
			"listen on");
		return false;
	}
	/* What x0vncserver calls everywhere. */
	if (options->listen && !strcmp(options->listen[0], "all"))
		drop_list(&options->listen);
	if (!option_check_process(options) || !check_local_socket(options) ||
		!check_connect(options))
		return false;
	check_rfb_wait(options);
	check_authority(options);
	check_reopen(options);
	deal_out_geometry(options);
	if (!check_display(options) || !check_area(options))
		return false;
	check_port_of_display(options);
	check_security_types(options);
	return check_unix_users(options) && name_own_user(options) &&
	       check_input(options) && check_home_password(options) &&
	       check_passwords(options) && option_check_web(options) &&
	       option_check_tls(options) && option_check_relay(options);
}
