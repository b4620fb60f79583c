/* wrap_command.h - a command that is a VNC server, written anew so that it
 * listens on a port of our choice, on this machine alone.
 *
 * websockify preloads a library that puts another port into bind(), which
 * static programs, and those with more rights, do not heed. Here the server is
 * asked by its own option; of one that is not in the table, {port} in a word
 * of the command says where the port belongs.
 *
 * Threads: any; pure.
 */
#ifndef SERVER_RELAY_WRAP_COMMAND_H
#define SERVER_RELAY_WRAP_COMMAND_H

/* For sh -c, the caller's; NULL: it is not known how, and *error gets a
 * sentence. `words` is ended by NULL and not empty. */
char *wrap_command_write(const char *const *words, int port, char **error);

#endif
