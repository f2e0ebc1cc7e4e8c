/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `rightsize catalog update`: the vendors' public price lists over HTTPS into the catalog. */
#include "cli/cmd_catalog.h"
#include "rightsize/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_PAGES 2000
#define PAGE_BYTES ((int64_t)64 << 20)
#define LIST_BYTES ((int64_t)4 << 30)
#define LIST_SECONDS 3600

static enum rs_status write_piece(void *payload, const char *bytes, size_t length,
                                  struct rs_error *err)
{
    int fd = *(int *)payload;
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno != EINTR) {
            return rs_fail(err, RS_EIO, "a temporary file cannot be written: %s", strerror(errno));
        }
        bytes += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
    return RS_OK;
}

/* A file without a name: what is fetched goes with the program, however that ends. */
static enum rs_status open_temporary(int *fd, struct rs_error *err)
{
    const char *folder = getenv("TMPDIR");
    struct rs_buffer path;
    rs_buffer_init(&path);
    rs_buffer_printf(&path, "%s/rightsize-XXXXXX",
                     folder != NULL && *folder != '\0' ? folder : "/tmp");
    enum rs_status rc = rs_buffer_status(&path, err);
    *fd = rc == RS_OK ? mkstemp(path.data) : -1;
    if (rc == RS_OK && (*fd < 0 || unlink(path.data) != 0)) {
        rc = rs_fail(err, RS_EIO, "%s: %s", path.data, strerror(errno));
    }
    rs_buffer_release(&path);
    return rc;
}

struct update {
    struct rs_context *context;
    struct rs_http *http;
    struct rs_catalog_patch *patch;
    struct rs_catalog_import import;
    struct rs_catalog_read read; /* of the last document */
};

static enum rs_status fetch(struct update *u, const char *url, int64_t limit, struct rs_error *err)
{
    int fd = -1;
    char name[32];
    struct rs_input *input = NULL;
    rs_say(u->context, RS_LEVEL_DETAIL, "fetching %s", url);
    enum rs_status rc = open_temporary(&fd, err);
    if (rc == RS_OK) {
        const struct rs_http_request request = {url, limit, LIST_SECONDS, write_piece, &fd};
        rc = rs_http_fetch(u->http, &request, err);
    }
    if (rc == RS_OK) {
        snprintf(name, sizeof(name), "/dev/fd/%d", fd);
        rc = rs_input_open(name, &input, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_patch_read(u->patch, input, &u->import, &u->read, err);
        if (rc != RS_OK) {
            rc = rs_fail_where(err, "%.200s", url);
        }
    }
    rs_input_close(input);
    if (fd >= 0) {
        close(fd);
    }
    return rc;
}

static enum rs_status update_aws(struct update *u, const char *url, struct rs_error *err)
{
    const char *region = u->import.region;
    bool china = strncmp(region, "cn-", 3) == 0;
    struct rs_buffer text;
    rs_buffer_init(&text);
    if (url != NULL) {
        rs_buffer_text(&text, url);
    } else {
        rs_buffer_printf(&text, "https://pricing.%s/offers/v1.0/%s/AmazonEC2/current/%s/index.json",
                         china ? "cn-north-1.amazonaws.com.cn" : "us-east-1.amazonaws.com",
                         china ? "cn" : "aws", region);
    }
    enum rs_status rc = rs_buffer_status(&text, err);
    if (rc == RS_OK) {
        rc = fetch(u, text.data, LIST_BYTES, err);
    }
    rs_buffer_release(&text);
    return rc;
}

/* The answer comes in pages; a page may lead to another of the same host only. */
static enum rs_status update_azure(struct update *u, const char *url, struct rs_error *err)
{
    struct rs_buffer page, next;
    size_t pages = 0, taken = 0;
    rs_buffer_init(&page);
    rs_buffer_init(&next);
    if (url != NULL) {
        rs_buffer_text(&page, url);
    } else {
        rs_buffer_printf(&page,
                         "https://prices.azure.com/api/retail/prices?$filter=serviceName%%20eq%%20"
                         "'Virtual%%20Machines'%%20and%%20armRegionName%%20eq%%20'%s'",
                         u->import.region);
    }
    enum rs_status rc = rs_buffer_status(&page, err);
    while (rc == RS_OK) {
        rc = fetch(u, page.data, PAGE_BYTES, err);
        /* A page of Windows meters only is an answer too. */
        if (rc == RS_ENODATA && pages > 0) {
            rc = RS_OK;
        }
        taken += u->read.taken;
        if (rc != RS_OK || u->read.next_page[0] == '\0') {
            break;
        }
        if (++pages == MAX_PAGES || !rs_http_same_origin(u->http, page.data, u->read.next_page)) {
            rc = rs_fail(err, RS_EINPUT, "page %zu leads to '%.200s', which is not followed", pages,
                         u->read.next_page);
            break;
        }
        rs_buffer_clear(&next);
        rs_buffer_text(&next, u->read.next_page);
        rc = rs_buffer_status(&next, err);
        struct rs_buffer swap = page;
        page = next;
        next = swap;
    }
    if (rc == RS_OK && taken == 0) {
        rc = rs_fail(err, RS_ENODATA, "no price of '%.63s' is in the answer", u->import.region);
    }
    rs_buffer_release(&page);
    rs_buffer_release(&next);
    return rc;
}

static const struct {
    const char *provider, *region;
    enum rs_status (*run)(struct update *u, const char *url, struct rs_error *err);
} feeds[] = {{"aws", "us-east-1", update_aws}, {"azure", "eastus", update_azure}};

static enum rs_status run(struct rs_context *context, const struct rs_catalog_options *o, size_t f,
                          const char *today, struct rs_error *err)
{
    struct update u = {context, NULL, NULL, {o->region, today}, {.format = NULL}};
    u.import.region = o->region != NULL ? o->region : feeds[f].region;
    if (strspn(u.import.region, "abcdefghijklmnopqrstuvwxyz0123456789-") !=
        strlen(u.import.region)) {
        return rs_fail(err, RS_EUSAGE, "--region '%.63s' is no region", u.import.region);
    }
    enum rs_status rc = rs_http_open(&u.http, err);
    if (rc == RS_OK) {
        rc = rs_catalog_patch_new(&u.patch, err);
    }
    if (rc == RS_OK) {
        rc = feeds[f].run(&u, o->url, err);
    }
    if (rc == RS_OK) {
        rc = rs_catalog_write_patch(context, o, u.patch, today, err);
    } else if (rc != RS_EUSAGE) {
        rs_say(context, RS_LEVEL_WARNING, "the catalog stays as it was");
    }
    rs_catalog_patch_free(u.patch);
    rs_http_close(u.http);
    return rc;
}

enum rs_status rs_catalog_cmd_update(struct rs_context *context, const struct rs_catalog_options *o,
                                     int argc, char **argv, struct rs_error *err)
{
    char today[RS_WHEN_TEXT];
    const char *provider = o->provider != NULL ? o->provider : "aws";
    (void)argv;
    if (argc != 1) {
        return rs_fail(err, RS_EUSAGE,
                       "usage: rightsize catalog update [--provider P] [--region R]");
    }
    rs_catalog_today(context, today);
    for (size_t f = 0; f < sizeof(feeds) / sizeof(feeds[0]); f++) {
        if (strcmp(provider, feeds[f].provider) == 0) {
            return run(context, o, f, today, err);
        }
    }
    return rs_fail(err, RS_EUSAGE,
                   "--provider '%.63s' has no price list without credentials (aws and azure have); "
                   "see 'catalog import'",
                   provider);
}
