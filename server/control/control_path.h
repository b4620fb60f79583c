/* control_path.h - where the control socket is when nobody says:
 * $XDG_RUNTIME_DIR/x11wsvnc/NUMBER.sock, by the display's number.
 *
 * Owner:   paths are the caller's.
 * Threads: any.
 */
#ifndef SERVER_CONTROL_CONTROL_PATH_H
#define SERVER_CONTROL_CONTROL_PATH_H

/* For a server; makes the folder. NULL: there is no folder that is ours alone.
 */
char *control_path_make(const char *display);
/* For who looks for one: of that display; NULL: of $DISPLAY, else the only one
 * there is. NULL: *error gets a sentence. */
char *control_path_find(const char *display, char **error);

#endif
