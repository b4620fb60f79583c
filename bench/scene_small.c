#include "bench/scene_small.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "bench/photo.h"

enum {
	WIDTH = 1600,
	HEIGHT = 940,
	PAPER = 0xfcfcfc,
	INK = 0x202020,
	PANEL = 0xd9d9d9,
	NOISE_WIDTH = 640,
	NOISE_HEIGHT = 480,
};

struct office {
	Window window;
	int column, line; /* of the typing */
};

struct noise {
	Window window;
	uint32_t *pixels;
};

static void label(struct easel *easel, Window window, int x, int y,
	const char *text, int length)
{
	XSetForeground(easel->display, easel->context, INK);
	XDrawString(easel->display, window, easel->context, x, y, text, length);
}

static void *open_desk(struct easel *easel)
{
	struct office *office = xcalloc(1, sizeof(*office));
	struct rect place = { 60, 50, WIDTH, HEIGHT };
	office->window = easel_window(easel, place, PAPER);
	struct rect bar = { 0, 0, WIDTH, 60 };
	easel_fill(easel, office->window, (struct rect){ 0, 0, WIDTH, HEIGHT },
		PAPER);
	easel_fill(easel, office->window, bar, PANEL);
	for (int i = 0; i < 36; i++)
		easel_write(easel, office->window, 220, 90 + i * 15, 160, INK,
			7000 + (uint32_t)i);
	return office;
}

void *scene_small_open_office(struct easel *easel)
{
	return open_desk(easel);
}

static void type_letter(
	struct easel *easel, struct office *office, unsigned number)
{
	char letter = (char)('a' + photo_hash(number, 1, 1) % 26);
	label(easel, office->window, 220 + office->column * 6,
		680 + office->line * 15, &letter, 1);
	if (++office->column == 150) {
		office->column = 0;
		office->line = (office->line + 1) % 15;
	}
}

static void tell_time(
	struct easel *easel, struct office *office, unsigned number)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%02u:%02u:%02u",
		number / 216000 % 24, number / 3600 % 60, number / 60 % 60);
	easel_fill(easel, office->window, (struct rect){ 1500, 20, 60, 16 },
		PANEL);
	label(easel, office->window, 1500, 32, text, length);
}

static void highlight(struct easel *easel, struct office *office,
	unsigned button, uint32_t colour)
{
	int x = 20 + (int)(button % 12) * 90;
	easel_fill(
		easel, office->window, (struct rect){ x, 12, 80, 34 }, colour);
	easel_write(easel, office->window, x + 8, 34, 10, INK, 40 + button);
}

static void menu(struct easel *easel, struct office *office, bool open)
{
	struct rect area = { 20, 60, 180, 260 };
	easel_fill(easel, office->window, area, open ? PANEL : PAPER);
	for (int i = 0; open && i < 12; i++)
		easel_write(easel, office->window, 30, 82 + i * 20, 24, INK,
			600 + (uint32_t)i);
}

void scene_small_office(struct easel *easel, void *state, unsigned number)
{
	struct office *office = state;
	type_letter(easel, office, number);
	if (number % 5 == 0)
		tell_time(easel, office, number * 12);
	if (number % 3 == 0) {
		int width = (int)(number * 4 % 400);
		easel_fill(easel, office->window,
			(struct rect){ 1180, 915, width ? width : 400, 14 },
			width ? 0x4e9a06 : PANEL);
	}
	if (number % 8 == 0) {
		highlight(easel, office, number / 8 + 11, PANEL);
		highlight(easel, office, number / 8, 0xf0e0a0);
	}
	if (number % 20 == 0)
		menu(easel, office, number % 40 == 0);
}

void *scene_small_open_caret(struct easel *easel)
{
	return open_desk(easel);
}

void scene_small_caret(struct easel *easel, void *state, unsigned number)
{
	struct office *office = state;
	easel_fill(easel, office->window, (struct rect){ 400, 700, 2, 16 },
		number % 2 ? INK : PAPER);
}

void *scene_small_open_noise(struct easel *easel)
{
	struct noise *noise = xcalloc(1, sizeof(*noise));
	struct rect place = { 500, 250, NOISE_WIDTH, NOISE_HEIGHT };
	noise->window = easel_window(easel, place, 0);
	noise->pixels = xcalloc(NOISE_WIDTH * NOISE_HEIGHT, 4);
	scene_small_noise(easel, noise, 0);
	return noise;
}

void scene_small_noise(struct easel *easel, void *state, unsigned number)
{
	struct noise *noise = state;
	for (uint32_t i = 0; i < NOISE_WIDTH * NOISE_HEIGHT; i++)
		noise->pixels[i] = photo_hash(i, number, 5) & 0xffffff;
	easel_put(easel, noise->window, noise->pixels,
		(struct rect){ 0, 0, NOISE_WIDTH, NOISE_HEIGHT });
}
