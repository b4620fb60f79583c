#include "bench/photo.h"

#include <stdlib.h>

#include "base/xmalloc.h"

enum {
	LARGEST = 512, /* pixels from hill to hill in the first layer */
	LAYERS = 8,
	HUE_LAYERS = 2,
	DISCS = 40,
};

uint32_t photo_hash(uint32_t x, uint32_t y, uint32_t seed)
{
	uint32_t hash = x * 0x9e3779b1u ^ y * 0x85ebca77u ^ seed * 0xc2b2ae3du;
	hash ^= hash >> 15;
	hash *= 0x2c1b3c6du;
	hash ^= hash >> 12;
	hash *= 0x297a2d39u;
	return hash ^ hash >> 15;
}

static float height_at(int x, int y, uint32_t seed)
{
	return (float)(photo_hash((uint32_t)x, (uint32_t)y, seed) & 0xffff) /
		       32768.0f -
	       1.0f;
}

static float smooth(float t)
{
	return t * t * (3 - 2 * t);
}

/* Adds one layer of hills, `cell` pixels apart, to a row. */
static void add_layer(
	float *row, int width, int y, int cell, float weight, uint32_t seed)
{
	float down = smooth((float)(y % cell) / (float)cell);
	for (int left = 0; left < width; left += cell) {
		int column = left / cell, line = y / cell;
		float west = height_at(column, line, seed) * (1 - down) +
			     height_at(column, line + 1, seed) * down;
		float east = height_at(column + 1, line, seed) * (1 - down) +
			     height_at(column + 1, line + 1, seed) * down;
		int count = width - left < cell ? width - left : cell;
		for (int i = 0; i < count; i++) {
			float right = smooth((float)i / (float)cell);
			row[left + i] +=
				weight * (west * (1 - right) + east * right);
		}
	}
}

static void add_hills(
	float *row, int width, int y, int layers, float weight, uint32_t seed)
{
	for (int i = 0; i < layers; i++) {
		add_layer(row, width, y, LARGEST >> i, weight, seed + i);
		weight *= 0.55f;
	}
}

/* Things in front: each shifts the brightness inside a circle. */
static void add_discs(float *row, int width, int height, int y, uint32_t seed)
{
	for (uint32_t i = 0; i < DISCS; i++) {
		int x0 = (int)(photo_hash(i, 1, seed) % (uint32_t)width);
		int y0 = (int)(photo_hash(i, 2, seed) % (uint32_t)height);
		int radius = 20 + (int)(photo_hash(i, 3, seed) % 140);
		float shift = (float)(photo_hash(i, 4, seed) % 100) - 50;
		if (abs(y - y0) > radius)
			continue;
		for (int x = x0 - radius; x <= x0 + radius; x++) {
			int dx = x - x0, dy = y - y0;
			if (x >= 0 && x < width &&
				dx * dx + dy * dy < radius * radius)
				row[x] += shift;
		}
	}
}

static uint32_t clip(float value)
{
	return value < 16 ? 16 : value > 235 ? 235 : (uint32_t)value;
}

uint32_t *photo_create(int width, int height, uint32_t seed)
{
	uint32_t *pixels = xcalloc((size_t)width * (size_t)height, 4);
	size_t row_bytes = (size_t)width * sizeof(float);
	float *rows = xmalloc(3 * row_bytes);
	float *bright = rows, *red = rows + width, *blue = red + width;
	for (int y = 0; y < height; y++) {
		for (int i = 0; i < 3 * width; i++)
			rows[i] = 0;
		add_hills(bright, width, y, LAYERS, 60, seed);
		add_hills(red, width, y, HUE_LAYERS, 30, seed + 100);
		add_hills(blue, width, y, HUE_LAYERS, 30, seed + 200);
		add_discs(bright, width, height, y, seed);
		/* A sensor's noise, without which rows repeat. */
		for (int x = 0; x < width; x++)
			bright[x] += (float)(photo_hash((uint32_t)x,
						     (uint32_t)y, seed) &
					     3);
		uint32_t *to = pixels + (size_t)y * (size_t)width;
		for (int x = 0; x < width; x++)
			to[x] = clip(125 + bright[x] + red[x]) << 16 |
				clip(125 + bright[x]) << 8 |
				clip(125 + bright[x] + blue[x]);
	}
	free(rows);
	return pixels;
}
