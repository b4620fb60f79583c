#include "rfb/encode_settings.h"

#include <turbojpeg.h>

#include "rfb/encoder.h"

bool encode_settings_allow_jpeg(const struct encoding_list *list)
{
	int32_t number;

	return encoding_list_first_in(list, ENCODING_QUALITY_LOWEST,
		       ENCODING_QUALITY_HIGHEST, &number) ||
	       encoding_list_first_in(list, ENCODING_FINE_QUALITY_LOWEST,
		       ENCODING_FINE_QUALITY_HIGHEST, &number) ||
	       encoding_list_first_in(list, ENCODING_SUBSAMPLING_LOWEST,
		       ENCODING_SUBSAMPLING_HIGHEST, &number);
}

/* What the ten steps of the viewers' quality slider mean: libjpeg's scale is
 * steep at its upper end, and colour resolution is what text in pictures
 * needs first. Step 6, where noVNC starts, should look right at a glance;
 * 9 must stand a second look. */
static const struct {
	int quality, subsampling;
} quality_steps[] = {
	{ 15, TJSAMP_420 },
	{ 25, TJSAMP_420 },
	{ 35, TJSAMP_420 },
	{ 45, TJSAMP_420 },
	{ 55, TJSAMP_420 },
	{ 65, TJSAMP_422 },
	{ 75, TJSAMP_422 },
	{ 84, TJSAMP_444 },
	{ 91, TJSAMP_444 },
	{ 97, TJSAMP_444 },
};

/* From ENCODING_SUBSAMPLING_LOWEST up: chroma of every pixel, of 4, of 2,
 * none, of 8, of 16. TurboJPEG has nothing coarser than 4. */
static const int subsamplings[] = { TJSAMP_444, TJSAMP_420, TJSAMP_422,
	TJSAMP_GRAY, TJSAMP_420, TJSAMP_420 };

/* At the highest steps and percents the viewer asked for all there is. */
enum { HIGHEST_SOFT_QUALITY = 95 };

/* A third less time, and a tenth fewer bytes, where nobody can tell: unless
 * the viewer itself said how. */
static void soften(struct encode_settings *settings)
{
	settings->jpeg_soft_subsampling =
		settings->jpeg_quality <= HIGHEST_SOFT_QUALITY
			? TJSAMP_420
			: settings->jpeg_subsampling;
}

static void read_jpeg(
	struct encode_settings *settings, const struct encoding_list *list)
{
	int32_t number;

	if (encoding_list_first_in(list, ENCODING_QUALITY_LOWEST,
		    ENCODING_QUALITY_HIGHEST, &number)) {
		int step = number - ENCODING_QUALITY_LOWEST;

		settings->jpeg_quality = quality_steps[step].quality;
		settings->jpeg_subsampling = quality_steps[step].subsampling;
	}
	if (encoding_list_first_in(list, ENCODING_FINE_QUALITY_LOWEST,
		    ENCODING_FINE_QUALITY_HIGHEST, &number)) {
		int percent = number - ENCODING_FINE_QUALITY_LOWEST;

		/* libjpeg's scale starts at 1, and 0 means never here. */
		settings->jpeg_quality = percent > 0 ? percent : 1;
	}
	soften(settings);
	if (encoding_list_first_in(list, ENCODING_SUBSAMPLING_LOWEST,
		    ENCODING_SUBSAMPLING_HIGHEST, &number)) {
		settings->jpeg_subsampling =
			subsamplings[number - ENCODING_SUBSAMPLING_LOWEST];
		settings->jpeg_soft_subsampling = settings->jpeg_subsampling;
		/* Listed alone it allows JPEG too (rfbproto, Tight). */
		if (settings->jpeg_quality == 0)
			settings->jpeg_quality = quality_steps[8].quality;
	}
}

int encode_settings_step(const struct encode_settings *settings)
{
	int step = 9;

	while (step > 0 && quality_steps[step].quality > settings->jpeg_quality)
		step--;
	return step;
}

/* TJSAMP_* are in the order of ever coarser colours, down to none. */
void encode_settings_limit(struct encode_settings *settings, int most_step)
{
	if (settings->jpeg_quality == 0 ||
		settings->jpeg_quality <= quality_steps[most_step].quality)
		return;
	settings->jpeg_quality = quality_steps[most_step].quality;
	if (settings->jpeg_subsampling < quality_steps[most_step].subsampling)
		settings->jpeg_subsampling =
			quality_steps[most_step].subsampling;
	if (settings->jpeg_soft_subsampling < settings->jpeg_subsampling)
		settings->jpeg_soft_subsampling = settings->jpeg_subsampling;
}

struct encode_settings encode_settings_from(
	const struct encoding_list *list, const struct pixel_format *format)
{
	struct encode_settings settings = {
		.format = pixel_format_effective(format),
		.jpeg_subsampling = TJSAMP_444,
		.jpeg_soft_subsampling = TJSAMP_444,
		.compress_level = -1,
		.gradient = !encoding_list_has(list, ENCODING_TIGHT_PNG),
		.rest = encoder_choose_rest(list),
	};
	int32_t number;

	if (settings.format.bits_per_pixel >= 16)
		read_jpeg(&settings, list);
	if (encoding_list_first_in(list, ENCODING_COMPRESS_LOWEST,
		    ENCODING_COMPRESS_HIGHEST, &number))
		settings.compress_level = number - ENCODING_COMPRESS_LOWEST;
	return settings;
}

bool encode_settings_equal(
	const struct encode_settings *a, const struct encode_settings *b)
{
	return pixel_format_equal(&a->format, &b->format) &&
	       a->jpeg_quality == b->jpeg_quality &&
	       a->jpeg_subsampling == b->jpeg_subsampling &&
	       a->jpeg_soft_subsampling == b->jpeg_soft_subsampling &&
	       a->compress_level == b->compress_level && a->lends == b->lends &&
	       a->gradient == b->gradient;
}
