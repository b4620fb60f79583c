/* pointer_news.h - tells viewers where the pointer is: those that have it
 * painted into their pictures, and those that ask for its place.
 *
 * Where the X server tells of motion (XInput2) nothing runs while the pointer
 * rests; else it is asked for 30 times a second, while anybody wants to know.
 *
 * Owner:   embedded in struct share.
 * Threads: the loop thread.
 */
#ifndef SERVER_INPUT_POINTER_NEWS_H
#define SERVER_INPUT_POINTER_NEWS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct share;

struct pointer_news {
	struct share *share;
	uv_timer_t timer;
	bool watching;
	bool told; /* the X server tells of motion */
	uint64_t asked_us;
};

void pointer_news_init(struct pointer_news *news, struct share *share);

/* A viewer wants to know. Goes on until none does. */
void pointer_news_want(struct pointer_news *news);

/* There is another display now. */
void pointer_news_restart(struct pointer_news *news);

/* It may have moved: the X server said so, or drew something; what a program
 * does to it (XWarpPointer) is not told otherwise. */
void pointer_news_moved(struct pointer_news *news);

/* A viewer moved it there, in pixels of the shared area. */
void pointer_news_place(struct pointer_news *news, int x, int y);

#endif
