/* parse.h - the answer every parser of peer bytes gives.
 *
 * A parser is a pure function over the bytes so far: every proper prefix of
 * something valid answers PARSE_MORE, a limit that is already exceeded answers
 * PARSE_BAD at once, without waiting for the rest.
 */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

enum parse_result {
	PARSE_DONE, /* whole; the parser says how many bytes it used */
	PARSE_MORE, /* a valid beginning */
	PARSE_BAD,  /* never will be valid; the parser says why */
};

#endif
