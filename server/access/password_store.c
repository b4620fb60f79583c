#include "server/access/password_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/password_file.h"
#include "server/options/options.h"
#include "server/process/hidden_line.h"

/* ---- the terminal ---- */

/* From the terminal, even where stdin is something else; without one, from
 * stdin. */
static bool ask(const char *option, char password[HIDDEN_LINE_BYTES])
{
	char again[HIDDEN_LINE_BYTES] = "";
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool good;

	if (fd < 0)
		fd = STDIN_FILENO;
	good = hidden_line_ask(fd, "Password: ", password) &&
	       hidden_line_ask(fd, "The same again: ", again);
	if (fd != STDIN_FILENO)
		close(fd);
	if (!good)
		log_error("%s: no password was given", option);
	else if (strcmp(password, again) != 0)
		log_error("%s: these were not the same", option);
	good = good && strcmp(password, again) == 0;
	explicit_bzero(again, sizeof(again));
	return good;
}

/* ---- the file ---- */

static bool check(const char *password)
{
	if (password[0] == '\0') {
		log_error("-storepasswd: an empty password is never accepted");
		return false;
	}
	if (strlen(password) > PASSWORD_FILE_OBFUSCATED)
		log_warning(
			"-storepasswd: only the first 8 characters of the "
			"password count, and are kept");
	return true;
}

static void make_folder(const char *file)
{
	const char *slash = strrchr(file, '/');
	char *folder;

	if (slash == NULL || slash == file)
		return;
	folder = xstrndup(file, (size_t)(slash - file));
	mkdir(folder, 0700);
	free(folder);
}

static bool write_file(const char *file, const uint8_t *bytes, size_t length)
{
	int fd;
	bool good;

	make_folder(file);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	good = fd >= 0 && fchmod(fd, 0600) == 0 && ftruncate(fd, 0) == 0 &&
	       write(fd, bytes, length) == (ssize_t)length;
	if (!good)
		log_error("cannot write %s: %s", file, strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

/* `view` may be NULL. */
static bool store(const char *file, const char *full, const char *view)
{
	uint8_t bytes[2 * PASSWORD_FILE_OBFUSCATED];
	size_t length = PASSWORD_FILE_OBFUSCATED;

	if (!check(full) || (view != NULL && !check(view)))
		return false;
	password_file_obfuscate(full, bytes);
	if (view != NULL) {
		password_file_obfuscate(view, bytes + length);
		length = sizeof(bytes);
	}
	if (!write_file(file, bytes, length))
		return false;
	printf("The password is in %s; use it with -rfbauth %s\n", file, file);
	return true;
}

bool password_store_ask(const char *file)
{
	char password[HIDDEN_LINE_BYTES];
	bool good;

	log_info("-usepw: there is no %s yet; what is asked for now goes there",
		file);
	good = ask("-usepw", password) && store(file, password, NULL);
	explicit_bzero(password, sizeof(password));
	return good;
}

/* ---- options ---- */

static char *usual_file(void)
{
	const char *home = getenv("HOME");

	if (home == NULL || home[0] == '\0') {
		log_error("-storepasswd: $HOME is not set; name a file");
		return NULL;
	}
	return xasprintf("%s/.vnc/passwd", home);
}

/* [[PASSWORD] FILE] */
static bool store_as_told(const struct options *options)
{
	char *const *words = options->store_password;
	int count = words == NULL ? 0 : (words[1] == NULL ? 1 : 2);
	char *file = count > 0 ? xstrdup(words[count - 1]) : usual_file();
	char typed[HIDDEN_LINE_BYTES] = "";
	bool good = file != NULL &&
		    (count == 2 || ask("-storepasswd", typed)) &&
		    store(file, count == 2 ? words[0] : typed,
			    options->view_password);

	explicit_bzero(typed, sizeof(typed));
	free(file);
	return good;
}

static bool show(const char *file)
{
	const struct options only = { .vnc_password_file = (char *)file };
	struct passwords passwords;
	bool good = password_file_read(&passwords, &only, INPUT_FILE_AT_START);

	if (good)
		printf("%s\n", passwords.full);
	if (good && passwords.has_view)
		printf("%s (only watches)\n", passwords.view);
	password_file_forget(&passwords);
	return good;
}

int password_store_run(const struct options *options)
{
	bool good = options->stores_password ? store_as_told(options)
					     : show(options->show_password);

	return good ? EXIT_OK : EXIT_FILE;
}
