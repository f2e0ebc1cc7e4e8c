/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curl.h - libcurl, loaded when it is first needed (private to net). */
#ifndef RIGHTSIZE_NET_CURL_H
#define RIGHTSIZE_NET_CURL_H

#include "rightsize/status.h"

#include <curl/curl.h>

/*
 * With TLS, Kerberos and LDAP behind it libcurl brings thirty libraries: 4 of the 5 ms in which a
 * command starts, and 6 MB. Most commands and the sampler never ask the network.
 */
#define RS_CURL_LIBRARY "libcurl.so.4"

#define RS_CURL_FUNCTIONS(X)                                                                       \
    X(global_init)                                                                                 \
    X(global_cleanup)                                                                              \
    X(easy_init)                                                                                   \
    X(easy_cleanup)                                                                                \
    X(easy_reset)                                                                                  \
    X(easy_setopt)                                                                                 \
    X(easy_getinfo)                                                                                \
    X(easy_perform)                                                                                \
    X(easy_strerror)                                                                               \
    X(multi_init)                                                                                  \
    X(multi_cleanup)                                                                               \
    X(multi_add_handle)                                                                            \
    X(multi_remove_handle)                                                                         \
    X(multi_info_read)                                                                             \
    X(multi_perform)                                                                               \
    X(multi_poll)                                                                                  \
    X(slist_append)                                                                                \
    X(slist_free_all)                                                                              \
    X(url)                                                                                         \
    X(url_set)                                                                                     \
    X(url_get)                                                                                     \
    X(url_cleanup)                                                                                 \
    X(free)                                                                                        \
    X(getdate)

struct rs_curl { /* curl_NAME is called as curl->NAME, with the type that its header gives it */
    void *library;
#define RS_CURL_MEMBER(name) __typeof__(&(curl_##name)) name;
    RS_CURL_FUNCTIONS(RS_CURL_MEMBER)
#undef RS_CURL_MEMBER
};

/* Cheap when it is loaded already. RS_EIO: it is not installed, or too old; nothing to close. */
RS_CHECKED enum rs_status rs_curl_open(struct rs_curl *out, struct rs_error *err);
/* Of a table that is all zero: nothing. */
void rs_curl_close(struct rs_curl *curl);

#endif
