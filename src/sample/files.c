/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Files made record by record come a page at a time. */
static bool read_whole(struct rs_root *root, const struct rs_file *file, struct rs_cursor *out)
{
    size_t length = 0;
    while (length < RS_FILE_BYTES) {
        ssize_t n = pread(file->fd, root->buffer + length, RS_FILE_BYTES - length, (off_t)length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return false;
        }
        if (n == 0) {
            break;
        }
        length += (size_t)n;
        if (file->at_once) {
            break;
        }
    }
    root->buffer[length] = '\0';
    *out = (struct rs_cursor){root->buffer, root->buffer + length};
    return length < RS_FILE_BYTES;
}

bool rs_file_read(struct rs_root *root, struct rs_file *file, bool retry, struct rs_cursor *out)
{
    if (file->fd < 0) {
        if (file->missing && !retry) {
            return false;
        }
        file->fd = openat(root->fd, file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        file->missing = file->fd < 0;
        if (file->missing) {
            return false;
        }
    }
    if (!read_whole(root, file, out)) {
        rs_file_close(file);
        file->missing = true;
        return false;
    }
    return true;
}

void rs_file_close(struct rs_file *file)
{
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    file->fd = -1;
}

bool rs_file_read_once(struct rs_root *root, const char *path, struct rs_cursor *out)
{
    struct rs_file file = {path, -1, false, false};
    bool read = rs_file_read(root, &file, true, out);
    rs_file_close(&file);
    return read;
}

bool rs_root_peek(const struct rs_root *root, const char *path, char *out, size_t size)
{
    int fd = openat(root->fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);
    if (fd >= 0) {
        (void)close(fd);
    }
    out[n > 0 ? n : 0] = '\0';
    for (; n > 0 && strchr(" \t\r\n", out[n - 1]) != NULL; n--) {
        out[n - 1] = '\0';
    }
    return out[0] != '\0';
}

bool rs_root_has(const struct rs_root *root, const char *path)
{
    return faccessat(root->fd, path, F_OK, 0) == 0;
}

bool rs_cursor_line(struct rs_cursor *text, struct rs_cursor *line)
{
    if (text->at >= text->end) {
        return false;
    }
    const char *end = memchr(text->at, '\n', (size_t)(text->end - text->at));
    *line = (struct rs_cursor){text->at, end == NULL ? text->end : end};
    text->at = end == NULL ? text->end : end + 1;
    return true;
}

static void skip_blanks(struct rs_cursor *line)
{
    while (line->at < line->end && (*line->at == ' ' || *line->at == '\t')) {
        line->at++;
    }
}

bool rs_cursor_word(struct rs_cursor *line, const char *stops, char *out, size_t size)
{
    size_t length = 0;
    skip_blanks(line);
    while (line->at < line->end && *line->at != ' ' && *line->at != '\t' && *line->at != '\0' &&
           strchr(stops, *line->at) == NULL) {
        if (length + 1 < size) {
            out[length] = *line->at;
        }
        length++;
        line->at++;
    }
    out[length < size ? length : size - 1] = '\0';
    return length > 0 && length < size;
}

bool rs_cursor_u64(struct rs_cursor *line, uint64_t *out)
{
    uint64_t value = 0;
    skip_blanks(line);
    const char *start = line->at;
    for (; line->at < line->end && *line->at >= '0' && *line->at <= '9'; line->at++) {
        uint64_t digit = (uint64_t)(*line->at - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *out = value;
    return line->at > start;
}

bool rs_cursor_skip(struct rs_cursor *line, const char *prefix)
{
    size_t length = strlen(prefix);
    if ((size_t)(line->end - line->at) < length || memcmp(line->at, prefix, length) != 0) {
        return false;
    }
    line->at += length;
    return true;
}

bool rs_cursor_copy(struct rs_cursor text, char *out, size_t size)
{
    while (text.end > text.at && strchr(" \t\r\n", text.end[-1]) != NULL) {
        text.end--; /* NUL counts as blank too: strchr finds it */
    }
    size_t length = (size_t)(text.end - text.at);
    if (length == 0 || length >= size) {
        return false;
    }
    memcpy(out, text.at, length);
    out[length] = '\0';
    return true;
}
