#include "rfb/encoder.h"

#include <assert.h>
#include <stddef.h>

extern const struct encoder encoder_tight;
extern const struct encoder encoder_tight_png;
extern const struct encoder encoder_jpeg;
extern const struct encoder encoder_zrle;
extern const struct encoder encoder_hextile;
extern const struct encoder encoder_trle;
extern const struct encoder encoder_zlib;
extern const struct encoder encoder_corre;
extern const struct encoder encoder_rre;
extern const struct encoder encoder_raw;

const struct encoder *const encoder_table[ENCODER_COUNT + 1] = {
	&encoder_tight,
	&encoder_tight_png,
	&encoder_jpeg,
	&encoder_zrle,
	&encoder_hextile,
	&encoder_trle,
	&encoder_zlib,
	&encoder_corre,
	&encoder_rre,
	&encoder_raw,
	NULL,
};

static const struct encoder *with_trait(unsigned trait)
{
	for (int i = 0; encoder_table[i] != NULL; i++)
		if (encoder_table[i]->traits & trait)
			return encoder_table[i];
	return NULL;
}

static const struct encoder *with_number(int32_t number)
{
	for (int i = 0; encoder_table[i] != NULL; i++)
		if (encoder_table[i]->number == number)
			return encoder_table[i];
	return NULL;
}

static bool is_allowed(
	const struct encoder *encoder, const struct encoding_list *list)
{
	if ((encoder->traits & ENCODER_BEHIND_TIGHT) &&
		encoding_list_has(list, ENCODING_TIGHT))
		return false;
	return !(encoder->traits & ENCODER_HAS_REST) ||
	       (encode_settings_allow_jpeg(list) &&
		       !encoding_list_has(list, ENCODING_TIGHT_PNG) &&
		       !(encoder_choose_rest(list)->traits & ENCODER_PLAIN));
}

static const struct encoder *choose(
	const struct encoding_list *list, unsigned unwanted_traits)
{
	const struct encoder *resort = with_trait(ENCODER_LAST_RESORT);
	bool resort_listed = false;

	for (int i = 0; i < list->count; i++) {
		const struct encoder *encoder = with_number(list->numbers[i]);

		if (encoder == NULL || (encoder->traits & unwanted_traits) ||
			!is_allowed(encoder, list))
			continue;
		if (encoder != resort) {
			/* Raw before all others: one machine. */
			bool may_be_raw =
				resort_listed &&
				!encoding_list_has(list, ENCODING_TIGHT);

			return may_be_raw ? resort : encoder;
		}
		resort_listed = true;
	}
	return resort;
}

const struct encoder *encoder_choose(const struct encoding_list *list)
{
	return choose(list, 0);
}

const struct encoder *encoder_choose_rest(const struct encoding_list *list)
{
	return choose(list, ENCODER_HAS_REST);
}

int encoder_index(const struct encoder *encoder)
{
	for (int i = 0; encoder_table[i] != NULL; i++)
		if (encoder_table[i] == encoder)
			return i;
	assert(!"an encoder that is not in the table");
	return 0;
}
