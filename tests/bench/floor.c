/* SPDX-License-Identifier: GPL-3.0-or-later */
/* floor.c - the least a reader of a store can take: every byte of it, once, a mebibyte at a time.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE ((size_t)1 << 20)

int main(int argc, char **argv)
{
    int file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    char *piece = malloc(PIECE);
    off_t at = 0;
    ssize_t got = file >= 0 && piece != NULL ? 1 : -1;
    while (got > 0) {
        got = pread(file, piece, PIECE, at);
        at += got > 0 ? got : 0;
    }
    if (got < 0) {
        fprintf(stderr, "usage: floor FILE, that can be read\n");
    } else {
        printf("%lld bytes\n", (long long)at);
    }
    free(piece);
    if (file >= 0) {
        (void)close(file);
    }
    return got < 0;
}
