#include "server/view/view_axis.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"

/* The area that pixel i covers is from i*from to (i+1)*from, in units of 1/to
 * pixel; its parts are turned into weights so that the rest of the division
 * goes to the last of them. */
static void set_mean(struct view_axis *axis, int i)
{
	int64_t begin = (int64_t)i * axis->from;
	int64_t end = begin + axis->from;
	int first = (int)(begin / axis->to);
	int last = (int)((end - 1) / axis->to);
	uint16_t *weights = axis->weights + (size_t)i * (size_t)axis->taps;
	int64_t given = 0, covered = 0;
	int at;

	axis->first[i] = first;
	axis->count[i] = last - first + 1;
	for (at = first; at <= last; at++) {
		int64_t left = (int64_t)at * axis->to;
		int64_t right = left + axis->to;
		int64_t sum;

		covered += (right < end ? right : end) -
			   (left > begin ? left : begin);
		sum = covered * VIEW_AXIS_ONE / axis->from;
		weights[at - first] = (uint16_t)(sum - given);
		given = sum;
	}
}

/* Between the middles of two pixels, by how far it is from each. */
static void set_between(struct view_axis *axis, int i)
{
	int64_t twice = 2 * (int64_t)axis->to;
	int64_t place = (2 * (int64_t)i + 1) * axis->from - axis->to;
	uint16_t *weights = axis->weights + (size_t)i * (size_t)axis->taps;
	int far;

	if (place < 0)
		place = 0;
	axis->first[i] = (int)(place / twice);
	axis->count[i] = axis->first[i] + 1 < axis->from ? 2 : 1;
	far = (int)(place % twice * VIEW_AXIS_ONE / twice);
	if (axis->count[i] == 1)
		far = 0;
	weights[0] = (uint16_t)(VIEW_AXIS_ONE - far);
	if (axis->count[i] == 2)
		weights[1] = (uint16_t)far;
}

static void set_nearest(struct view_axis *axis, int i)
{
	axis->first[i] = (int)((int64_t)i * axis->from / axis->to);
	axis->count[i] = 1;
	axis->weights[(size_t)i * (size_t)axis->taps] = VIEW_AXIS_ONE;
}

void view_axis_init(struct view_axis *axis, int from, int to, bool blends)
{
	void (*set)(struct view_axis *, int) = set_nearest;
	int i;

	memset(axis, 0, sizeof(*axis));
	axis->from = from;
	axis->to = to;
	axis->taps = 1;
	if (blends && to < from) {
		axis->taps = from / to + 2;
		set = set_mean;
	} else if (blends && to % from != 0) {
		axis->taps = 2;
		set = set_between;
	}
	axis->first = xcalloc((size_t)to, sizeof(int));
	axis->count = xcalloc((size_t)to, sizeof(int));
	axis->weights =
		xcalloc((size_t)to * (size_t)axis->taps, sizeof(uint16_t));
	for (i = 0; i < to; i++)
		set(axis, i);
}

void view_axis_finish(struct view_axis *axis)
{
	free(axis->first);
	free(axis->count);
	free(axis->weights);
	memset(axis, 0, sizeof(*axis));
}

/* `first` never falls along the side: the ends of what reaches a pixel are
 * found by halving. */
static int first_beyond(const struct view_axis *axis, int pixel, bool by_last)
{
	int low = 0, high = axis->to;

	while (low < high) {
		int middle = low + (high - low) / 2;
		int at = axis->first[middle];

		if (by_last)
			at += axis->count[middle] - 1;
		if (at < pixel)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void view_axis_reach(const struct view_axis *axis, int *at, int *length)
{
	int begin = first_beyond(axis, *at, true);
	int end = first_beyond(axis, *at + *length, false);

	*at = begin;
	*length = end > begin ? end - begin : 0;
}
