/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz.h - one entry for libFuzzer, or with -DFUZZ_REPLAY a main that runs the files it is given:
 *   clang -fsanitize=fuzzer,address,undefined ... tests/fuzz/fuzz_X.c    then  fuzz_X corpus/X
 *   cc -DFUZZ_REPLAY ... tests/fuzz/fuzz_X.c                             then  fuzz_X corpus/X/...
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_HOLDS(statement)                                                                      \
    do {                                                                                           \
        if (!(statement)) {                                                                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#ifdef FUZZ_REPLAY
#include "rightsize/buffer.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct rs_error err;
        struct rs_buffer b;
        rs_buffer_init(&b);
        if (rs_buffer_read_file(&b, argv[i], (size_t)1 << 24, &err) != RS_OK) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)b.data, b.length);
        rs_buffer_release(&b);
    }
    printf("%d inputs replayed\n", argc - 1);
    return 0;
}
#endif

#endif
