/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes from AWS or lies in its files; the first byte says which reader gets the rest. */
#include "fuzz.h"

#include "cloud/aws_cloudwatch.h"
#include "cloud/aws_ec2.h"
#include "cloud/aws_fault.h"
#include "cloud/aws_ini.h"

#include <string.h>

static enum rs_status take_resource(void *payload, const struct rs_resource *r,
                                    struct rs_error *err)
{
    (void)payload, (void)err;
    FUZZ_HOLDS(r->id != NULL && strlen(r->id) >= 1 && strlen(r->id) <= 255);
    return RS_OK;
}

static enum rs_status take_attachment(void *payload, const struct rs_attachment *a,
                                      struct rs_error *err)
{
    (void)payload, (void)err;
    FUZZ_HOLDS(a->volume != NULL && a->instance != NULL);
    return RS_OK;
}

static enum rs_status take_points(void *payload, const struct rs_cw_points *p, struct rs_error *err)
{
    (void)payload, (void)err;
    FUZZ_HOLDS(p->query < 3 && p->status != NULL);
    return RS_OK;
}

static enum rs_status take_listed(void *payload, const struct rs_cw_listed *l, struct rs_error *err)
{
    (void)payload, (void)err;
    FUZZ_HOLDS(l->instance[0] != '\0' && l->dimensions[0] == '[');
    return RS_OK;
}

static void read_instances(const char *text, size_t length)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_buffer token;
    const struct rs_sink sink = {NULL, take_resource, take_attachment, NULL};
    rs_buffer_init(&token);
    enum rs_status rc = rs_aws_instances_read(text, length, "r", 1, &sink, &token, &err);
    FUZZ_HOLDS(rc == RS_OK || rc == RS_EINPUT);
    rs_buffer_release(&token);
}

static void read_metrics(const char *text, size_t length)
{
    struct rs_error err = {RS_OK, ""};
    struct rs_cw_page page;
    rs_buffer_init(&page.token);
    rs_buffer_init(&page.message);
    enum rs_status rc = rs_cw_data_read(text, length, 3, take_points, NULL, &page, &err);
    FUZZ_HOLDS(rc == RS_OK || rc == RS_EINPUT);
    rc = rs_cw_list_read(text, length, take_listed, NULL, &page.token, &err);
    FUZZ_HOLDS(rc == RS_OK || rc == RS_EINPUT);
    rs_buffer_release(&page.token);
    rs_buffer_release(&page.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    const char *text = (const char *)data + 1;
    struct rs_error err = {RS_OK, ""};
    struct rs_aws_ini *ini = NULL;
    struct rs_aws_fault fault;
    switch (data[0]) {
    case 'e':
        read_instances(text, size - 1);
        break;
    case 'm':
        read_metrics(text, size - 1);
        break;
    case 'f':
        rs_aws_fault_read(text, size - 1, &fault);
        FUZZ_HOLDS(strchr(fault.message, '\n') == NULL);
        break;
    default:
        if (rs_aws_ini_parse(text, size - 1, &ini, &err) == RS_OK) {
            (void)rs_aws_ini_get(ini, "default", "region");
        }
        rs_aws_ini_free(ini);
        break;
    }
    return 0;
}
