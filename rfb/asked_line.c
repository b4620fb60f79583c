#include "rfb/asked_line.h"

static void note_trip(struct asked_line *line, uint64_t trip_us)
{
	if (line->shortest_us == 0 || trip_us < line->shortest_us)
		line->shortest_us = trip_us;
}

void asked_line_greets(struct asked_line *line, uint64_t now_us)
{
	line->greeted_us = now_us;
}

void asked_line_greeted(struct asked_line *line, uint64_t now_us)
{
	if (line->greeted_us != 0)
		note_trip(line, now_us - line->greeted_us);
	line->greeted_us = 0;
}

void asked_line_sent(struct asked_line *line, uint64_t bytes, uint64_t now_us)
{
	line->sent_us = now_us;
	line->bytes = bytes;
}

void asked_line_asked(struct asked_line *line, uint64_t now_us)
{
	uint64_t trip_us = now_us - line->sent_us;

	if (line->sent_us == 0)
		return;
	line->sent_us = 0;
	note_trip(line, trip_us);
	line_rate_carried(
		&line->rate, line->bytes, trip_us - line->shortest_us);
}

uint64_t asked_line_rate(const struct asked_line *line)
{
	return line_rate_median(&line->rate);
}
