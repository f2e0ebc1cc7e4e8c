/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * status.h - the one error pattern, shared by every room (level 0).
 *
 * A function that can fail returns enum rs_status and takes `struct rs_error *err` last.
 * On failure it fills *err once, where the fault is seen; on success it leaves *err alone.
 * err is never NULL. Misuse by our own code is an assert, not a status.
 */
#ifndef RIGHTSIZE_STATUS_H
#define RIGHTSIZE_STATUS_H

enum rs_status {
    RS_OK = 0,
    RS_EUSAGE,      /* the command line or a configuration is wrong; exit 2 */
    RS_EINPUT,      /* outside data is malformed or out of range; exit 1 */
    RS_ENODATA,     /* well-formed, but too little to answer with; exit 3 */
    RS_EPARTIAL,    /* done, but some input failed or lacked data; exit 3 */
    RS_EIO,         /* a file, device, database or connection failed; exit 1 */
    RS_ENOMEM,      /* an allocation failed; exit 1 */
    RS_ECREDENTIALS /* no credentials, or those there are were refused; exit 4 */
};

struct rs_error {
    enum rs_status code;
    char text[512]; /* one line, no capital, no full stop; cut off if longer */
};

#define RS_CHECKED __attribute__((warn_unused_result))
#define RS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

RS_PRINTF(3, 4) /* fill *err and return `code`: `return rs_fail(err, RS_EIO, ...)` */
enum rs_status rs_fail(struct rs_error *err, enum rs_status code, const char *format, ...);

/* Put "where: " before the text of a failure, once, at a file's boundary; returns err->code. */
RS_PRINTF(2, 3)
enum rs_status rs_fail_where(struct rs_error *err, const char *format, ...);

/* The process exit code listed above for `code`. */
int rs_status_exit_code(enum rs_status code);

#endif
