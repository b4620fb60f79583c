#include "base/transliteration.h"

#include <stddef.h>

struct substitute {
	uint32_t code_point;
	char latin1[TRANSLITERATION_MOST_BYTES + 1];
};

/* By code point: searched by halves. */
static const struct substitute substitutes[] = {
	{ 0x0132, "IJ" },
	{ 0x0133, "ij" },
	{ 0x0149, "'n" },
	{ 0x0152, "OE" },
	{ 0x0153, "oe" },
	{ 0x0192, "f" },
	{ 0x01c4, "DZ" },
	{ 0x01c6, "dz" },
	{ 0x01c7, "LJ" },
	{ 0x01c9, "lj" },
	{ 0x01ca, "NJ" },
	{ 0x01cc, "nj" },
	{ 0x0218, "S" },
	{ 0x0219, "s" },
	{ 0x021a, "T" },
	{ 0x021b, "t" },
	{ 0x02bc, "'" },
	{ 0x02c6, "^" },
	{ 0x02dc, "~" },
	{ 0x037e, ";" },
	{ 0x1e9e, "SS" },
	{ 0x2000, " " },
	{ 0x2001, " " },
	{ 0x2002, " " },
	{ 0x2003, " " },
	{ 0x2004, " " },
	{ 0x2005, " " },
	{ 0x2006, " " },
	{ 0x2007, "\xa0" },
	{ 0x2008, " " },
	{ 0x2009, " " },
	{ 0x200a, " " },
	{ 0x200b, "" },
	{ 0x200c, "" },
	{ 0x200d, "" },
	{ 0x200e, "" },
	{ 0x200f, "" },
	{ 0x2010, "-" },
	{ 0x2011, "-" },
	{ 0x2012, "-" },
	{ 0x2013, "-" },
	{ 0x2014, "--" },
	{ 0x2015, "--" },
	{ 0x2016, "||" },
	{ 0x2018, "'" },
	{ 0x2019, "'" },
	{ 0x201a, "," },
	{ 0x201b, "'" },
	{ 0x201c, "\"" },
	{ 0x201d, "\"" },
	{ 0x201e, "\"" },
	{ 0x201f, "\"" },
	{ 0x2020, "+" },
	{ 0x2021, "++" },
	{ 0x2022, "\xb7" },
	{ 0x2024, "." },
	{ 0x2025, ".." },
	{ 0x2026, "..." },
	{ 0x2028, "\n" },
	{ 0x2029, "\n" },
	{ 0x202f, "\xa0" },
	{ 0x2030, "o/oo" },
	{ 0x2032, "'" },
	{ 0x2033, "\"" },
	{ 0x2039, "<" },
	{ 0x203a, ">" },
	{ 0x203c, "!!" },
	{ 0x2044, "/" },
	{ 0x2060, "" },
	{ 0x20ac, "EUR" },
	{ 0x2116, "No" },
	{ 0x2122, "(TM)" },
	{ 0x2153, "1/3" },
	{ 0x2154, "2/3" },
	{ 0x215b, "1/8" },
	{ 0x2190, "<-" },
	{ 0x2192, "->" },
	{ 0x21d2, "=>" },
	{ 0x2212, "-" },
	{ 0x2215, "/" },
	{ 0x2217, "*" },
	{ 0x2219, "\xb7" },
	{ 0x2248, "~" },
	{ 0x2260, "!=" },
	{ 0x2264, "<=" },
	{ 0x2265, ">=" },
	{ 0x22c5, "\xb7" },
	{ 0x2500, "-" },
	{ 0x2502, "|" },
	{ 0x2713, "v" },
	{ 0x3000, " " },
	{ 0xfb00, "ff" },
	{ 0xfb01, "fi" },
	{ 0xfb02, "fl" },
	{ 0xfb03, "ffi" },
	{ 0xfb04, "ffl" },
	{ 0xfb05, "st" },
	{ 0xfb06, "st" },
	{ 0xfe0f, "" },
	{ 0xfeff, "" },
};

/* Latin Extended-A, 0x100 to 0x17f, without the accents. */
static const char plain_letters[] =
	"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi?"
	"?JjKkkLlLlLlL"
	"lLlNnNnNn?NnOoOoOo?"
	"?RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
_Static_assert(sizeof(plain_letters) == 0x80 + 1, "one for each");

static const char *find_letter(uint32_t code_point)
{
	/* Each a string of its own. */
	static const char ascii[26 * 2][2] = { "A", "B", "C", "D", "E", "F",
		"G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S",
		"T", "U", "V", "W", "X", "Y", "Z", "a", "b", "c", "d", "e", "f",
		"g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
		"t", "u", "v", "w", "x", "y", "z" };
	char letter;

	if (code_point < 0x100 || code_point > 0x17f)
		return NULL;
	letter = plain_letters[code_point - 0x100];
	if (letter >= 'a')
		return ascii[26 + letter - 'a'];
	return letter >= 'A' ? ascii[letter - 'A'] : NULL;
}

const char *transliteration_find(uint32_t code_point)
{
	size_t low = 0;
	size_t high = sizeof(substitutes) / sizeof(substitutes[0]);
	const char *letter;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (substitutes[middle].code_point == code_point)
			return substitutes[middle].latin1;
		if (substitutes[middle].code_point < code_point)
			low = middle + 1;
		else
			high = middle;
	}
	letter = find_letter(code_point);
	return letter != NULL ? letter : "?";
}
