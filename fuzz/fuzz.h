/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz target: one parser, any bytes. It ends the process where the parser breaks a promise (abort()), and returns 0 else.
 * With --enable-fuzzing libFuzzer calls it; without, fuzz/replay.c does, with the seeds of fuzz/corpus/<gw_fuzz_corpus>/.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>

/* The folder of the kept seeds. */
extern const char gw_fuzz_corpus[];

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#endif
