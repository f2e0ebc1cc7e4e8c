/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

struct entry { /* of the table: ISO C knows no cast from dlsym's answer to a function */
    const char *symbol;
    size_t offset;
};

enum rs_status rs_curl_open(struct rs_curl *out, struct rs_error *err)
{
    static const struct entry entries[] = {
#define RS_CURL_ENTRY(name) {"curl_" #name, offsetof(struct rs_curl, name)},
        RS_CURL_FUNCTIONS(RS_CURL_ENTRY)
#undef RS_CURL_ENTRY
    };
    /* what TLS libraries leave for the end of the process must still be there */
    const int how = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
    *out = (struct rs_curl){.library = dlopen(RS_CURL_LIBRARY, how)};
    if (out->library == NULL) {
        return rs_fail(err, RS_EIO, "libcurl cannot be loaded (is libcurl4 installed?): %.200s",
                       dlerror());
    }
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        void *function = dlsym(out->library, entries[i].symbol);
        if (function == NULL) {
            rs_curl_close(out);
            return rs_fail(err, RS_EIO, RS_CURL_LIBRARY " has no %s: it is too old",
                           entries[i].symbol);
        }
        memcpy((char *)out + entries[i].offset, &function, sizeof(function));
    }
    return RS_OK;
}

void rs_curl_close(struct rs_curl *curl)
{
    if (curl->library != NULL) {
        (void)dlclose(curl->library);
    }
    *curl = (struct rs_curl){.library = NULL};
}
