/* share_config.h - what the sessions of a desktop are told: its options, its
 * passwords, and what this server can do.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_SHARE_SHARE_CONFIG_H
#define SERVER_SHARE_SHARE_CONFIG_H

struct share;

/* Into share->session_config; its passwords, users and name are there. What it
 * points to is the share's. */
void share_config_fill(struct share *share);

#endif
