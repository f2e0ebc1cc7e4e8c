/* SPDX-License-Identifier: GPL-3.0-or-later */
/* files.h - kept-open files below a root, and the decimal fields in them. */
#ifndef SAMPLE_FILES_H
#define SAMPLE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_FILE_BYTES ((size_t)128 << 10) /* /proc/stat of a thousand processors */

struct rs_root { /* a folder with proc and sys in it, and the one buffer all is read into */
    int fd;
    char buffer[RS_FILE_BYTES + 1];
};

struct rs_file {
    const char *path; /* below the root, without a leading slash; not owned */
    int fd;           /* -1: not open */
    bool missing;     /* was not there when last looked for */
    bool at_once;     /* the kernel gives all of it to one read that has room */
};

struct rs_cursor { /* text yet to be read; `end` is readable and NUL */
    const char *at, *end;
};

/*
 * Read a file from its start; false: not there or not readable, or more than the buffer holds.
 * A file that was missing is looked for again only with `retry`.
 */
bool rs_file_read(struct rs_root *root, struct rs_file *file, bool retry, struct rs_cursor *out);
void rs_file_close(struct rs_file *file);
/* The same for a file that is read once. */
bool rs_file_read_once(struct rs_root *root, const char *path, struct rs_cursor *out);
/* The start of a small file as text, without the shared buffer; false: not readable, or empty. */
bool rs_root_peek(const struct rs_root *root, const char *path, char *out, size_t size);
bool rs_root_has(const struct rs_root *root, const char *path);

/* The next line without its newline; false at the end. */
bool rs_cursor_line(struct rs_cursor *text, struct rs_cursor *line);
/* Skip blanks, then take a word, ended by a blank or one of `stops`. */
bool rs_cursor_word(struct rs_cursor *line, const char *stops, char *out, size_t size);
/* Skip blanks, then take a decimal; one beyond 64 bits reads as the greatest. */
bool rs_cursor_u64(struct rs_cursor *line, uint64_t *out);
bool rs_cursor_skip(struct rs_cursor *line, const char *prefix); /* true: was there, is passed */
/* Trailing blanks and newline off, copied; false: empty or longer than size - 1. */
bool rs_cursor_copy(struct rs_cursor text, char *out, size_t size);

#endif
