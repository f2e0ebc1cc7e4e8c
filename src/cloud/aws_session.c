/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_session.h"

#include "rightsize/number.h"
#include "rightsize/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ATTEMPTS 5
#define BACKOFF_MS 1000
#define RENEWAL_PAUSE 60  /* seconds */
#define EXPIRY_MARGIN 300 /* seconds before the end at which credentials are renewed */

const char *rs_aws_variable(const struct rs_aws *aws, const char *name)
{
    const char *value = aws->world.variable(aws->world.payload, name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

void rs_aws_say(const struct rs_aws *aws, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (aws->world.say != NULL) {
        aws->world.say(aws->world.payload, text);
    }
}

enum rs_status rs_aws_profile_section(const char *profile, struct rs_buffer *out,
                                      struct rs_error *err)
{
    rs_buffer_clear(out);
    rs_buffer_printf(out, "%s%s", strcmp(profile, "default") == 0 ? "" : "profile ", profile);
    return rs_buffer_status(out, err);
}

static const char *config_get(const struct rs_aws *aws, const char *profile, const char *key)
{
    struct rs_buffer section;
    struct rs_error unused;
    const char *value = NULL;
    rs_buffer_init(&section);
    if (rs_aws_profile_section(profile, &section, &unused) == RS_OK) {
        value = rs_aws_ini_get(aws->config, section.data, key);
    }
    rs_buffer_release(&section);
    if (value == NULL && strcmp(profile, "default") == 0) {
        value = rs_aws_ini_get(aws->config, "profile default", key);
    }
    return value;
}

const char *rs_aws_profile_get(const struct rs_aws *aws, const char *profile, const char *key)
{
    const char *value = rs_aws_ini_get(aws->shared, profile, key);
    return value != NULL ? value : config_get(aws, profile, key);
}

bool rs_aws_profile_exists(const struct rs_aws *aws, const char *profile)
{
    struct rs_buffer section;
    struct rs_error unused;
    rs_buffer_init(&section);
    bool there = rs_aws_ini_has(aws->shared, profile) ||
                 (rs_aws_profile_section(profile, &section, &unused) == RS_OK &&
                  rs_aws_ini_has(aws->config, section.data));
    rs_buffer_release(&section);
    return there;
}

/* ~/.aws/NAME unless the variable names another file. */
static enum rs_status read_file(const struct rs_aws *aws, const char *variable, const char *name,
                                bool secret, struct rs_aws_ini **out, struct rs_error *err)
{
    struct rs_buffer path;
    struct stat st;
    const char *home = rs_aws_variable(aws, "HOME"), *named = rs_aws_variable(aws, variable);
    rs_buffer_init(&path);
    if (named != NULL && (named[0] != '~' || named[1] != '/' || home == NULL)) {
        rs_buffer_text(&path, named);
    } else {
        rs_buffer_printf(&path, "%s/%s%s", home != NULL ? home : "/nonexistent",
                         named != NULL ? "" : ".aws/", named != NULL ? named + 2 : name);
    }
    enum rs_status rc = rs_buffer_status(&path, err);
    if (rc == RS_OK && secret && stat(path.data, &st) == 0 && (st.st_mode & 077) != 0) {
        rs_aws_say(aws, "%s: others may read it; chmod 600 is advised", path.data);
    }
    if (rc == RS_OK) {
        rc = rs_aws_ini_read(path.data, out, err);
    }
    rs_buffer_release(&path);
    return rc;
}

static enum rs_status choose_profile(struct rs_aws *aws, const char *option, struct rs_error *err)
{
    const char *name = option;
    if (name == NULL) {
        name = rs_aws_variable(aws, "AWS_PROFILE");
    }
    if (name == NULL) {
        name = rs_aws_variable(aws, "AWS_DEFAULT_PROFILE");
    }
    aws->named = option != NULL;
    aws->profile = strdup(name != NULL ? name : "default");
    if (aws->profile == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    if (name != NULL && strcmp(name, "default") != 0 && !rs_aws_profile_exists(aws, name)) {
        return rs_fail(err, RS_EUSAGE,
                       "profile '%.100s' is neither in the AWS config file nor in the credentials "
                       "file",
                       name);
    }
    return RS_OK;
}

enum rs_status rs_aws_check_region(const char *region, struct rs_error *err)
{
    size_t length = strlen(region);
    if (length == 0 || length >= RS_AWS_REGION_SIZE || region[0] == '-' ||
        region[strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0') {
        return rs_fail(err, RS_EUSAGE, "'%.60s' is not the name of a region, as us-east-1 is",
                       region);
    }
    return RS_OK;
}

/* Not the machine's own: to ask for it takes a second where there is none to answer. */
static enum rs_status choose_region(struct rs_aws *aws, const char *option, struct rs_error *err)
{
    const char *region = option;
    if (region == NULL) {
        region = rs_aws_variable(aws, "AWS_REGION");
    }
    if (region == NULL) {
        region = rs_aws_variable(aws, "AWS_DEFAULT_REGION");
    }
    if (region == NULL) {
        region = rs_aws_profile_get(aws, aws->profile, "region");
    }
    if (region == NULL) {
        return RS_OK;
    }
    enum rs_status rc = rs_aws_check_region(region, err);
    if (rc == RS_OK) {
        memcpy(aws->region, region, strlen(region) + 1);
    }
    return rc;
}

static enum rs_status count_of(const struct rs_aws *aws, const char *name, int64_t fallback,
                               int64_t most, int64_t *out, struct rs_error *err)
{
    const char *text = rs_aws_variable(aws, name);
    *out = fallback;
    if (text != NULL && rs_parse_int(text, 1, most, out, err) != RS_OK) {
        err->code = RS_EUSAGE;
        return rs_fail_where(err, "%s", name);
    }
    return RS_OK;
}

static enum rs_status open_exchange(struct rs_aws *aws, struct rs_error *err)
{
    struct rs_exchange_settings settings = {.ca_bundle = rs_aws_variable(aws, "AWS_CA_BUNDLE")};
    int64_t attempts = 0;
    if (settings.ca_bundle == NULL) {
        settings.ca_bundle = rs_aws_profile_get(aws, aws->profile, "ca_bundle");
    }
    enum rs_status rc = count_of(aws, "AWS_MAX_ATTEMPTS", ATTEMPTS, 20, &attempts, err);
    if (rc == RS_OK) {
        rc = count_of(aws, "RIGHTSIZE_STALL_SECONDS", 60, 3600, &settings.stall, err);
    }
    aws->attempts = (int)attempts;
    aws->backoff_ms = BACKOFF_MS;
    if (rc == RS_OK) {
        rc = rs_exchange_open(&settings, &aws->exchange, err);
    }
    return rc == RS_OK ? rs_exchange_open(&settings, &aws->aside, err) : rc;
}

enum rs_status rs_aws_open(const struct rs_aws_settings *settings, const struct rs_aws_world *world,
                           struct rs_aws **out, struct rs_error *err)
{
    struct rs_aws *aws = calloc(1, sizeof(*aws));
    if (aws == NULL) {
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    aws->world = *world;
    enum rs_status rc =
        read_file(aws, "AWS_SHARED_CREDENTIALS_FILE", "credentials", true, &aws->shared, err);
    if (rc == RS_OK) {
        rc = read_file(aws, "AWS_CONFIG_FILE", "config", false, &aws->config, err);
    }
    if (rc == RS_OK) {
        rc = choose_profile(aws, settings->profile, err);
    }
    if (rc == RS_OK) {
        rc = choose_region(aws, settings->region, err);
    }
    if (rc == RS_OK && settings->endpoint != NULL &&
        (rc = rs_exchange_check_url(settings->endpoint, false, err)) == RS_OK) {
        aws->endpoint = strdup(settings->endpoint);
        rc = aws->endpoint != NULL ? RS_OK : rs_fail(err, RS_ENOMEM, "out of memory");
    }
    if (rc == RS_OK) {
        rc = open_exchange(aws, err);
    }
    if (rc != RS_OK) {
        rs_aws_close(aws);
        return rc;
    }
    *out = aws;
    return RS_OK;
}

void rs_aws_close(struct rs_aws *aws)
{
    if (aws != NULL) {
        rs_exchange_close(aws->exchange);
        rs_exchange_close(aws->aside);
        rs_aws_ini_free(aws->config);
        rs_aws_ini_free(aws->shared);
        rs_aws_credentials_release(&aws->own);
        rs_aws_credentials_release(&aws->acting);
        free(aws->profile);
        free(aws->endpoint);
        free(aws);
    }
}

void rs_aws_act_as(struct rs_aws *aws, const char *role)
{
    rs_aws_credentials_release(&aws->acting);
    aws->has_acting = false;
    aws->role = role;
}

enum rs_status rs_aws_region(struct rs_aws *aws, const char **out, struct rs_error *err)
{
    if (aws->region[0] == '\0' && (!rs_aws_instance_region(aws, aws->region, sizeof(aws->region)) ||
                                   rs_aws_check_region(aws->region, err) != RS_OK)) {
        aws->region[0] = '\0';
        return rs_fail(err, RS_EUSAGE,
                       "no region: give --region, set AWS_REGION, or put one into the profile");
    }
    *out = aws->region;
    return RS_OK;
}

static int64_t now_of(const struct rs_aws *aws)
{
    return aws->world.clock.now(aws->world.clock.payload);
}

/* Where only keys about to end are given out, they are not fetched for each call anew. */
static bool is_stale(const struct rs_aws *aws, const struct rs_aws_credentials *c, int64_t got_at)
{
    return c->expires >= 0 && now_of(aws) > c->expires - EXPIRY_MARGIN &&
           now_of(aws) > got_at + RENEWAL_PAUSE;
}

static enum rs_status find_own(struct rs_aws *aws, bool again, struct rs_error *err)
{
    if (aws->has_own && !again && !is_stale(aws, &aws->own, aws->own_at)) {
        return RS_OK;
    }
    aws->has_own = false;
    rs_aws_credentials_release(&aws->own);
    enum rs_status rc = rs_aws_credentials_find(aws, &aws->own, err);
    aws->has_own = rc == RS_OK;
    aws->own_at = now_of(aws);
    aws->generation++;
    return rc;
}

enum rs_status rs_aws_credentials_now(struct rs_aws *aws, bool again,
                                      const struct rs_aws_credentials **out, struct rs_error *err)
{
    bool acting = aws->role != NULL;
    bool fresh =
        acting && aws->has_acting && !again && !is_stale(aws, &aws->acting, aws->acting_at);
    enum rs_status rc = fresh ? RS_OK : find_own(aws, again, err);
    if (rc == RS_OK && acting && !fresh) {
        struct rs_aws_role role = {.arn = aws->role, .session = "rightsize"};
        aws->has_acting = false;
        rs_aws_credentials_release(&aws->acting);
        rc = rs_aws_credentials_role(aws, &role, &aws->own, &aws->acting, err);
        aws->has_acting = rc == RS_OK;
        aws->acting_at = now_of(aws);
        aws->generation++;
    }
    if (rc == RS_OK) {
        *out = acting ? &aws->acting : &aws->own;
    }
    return rc;
}

/* The names under which a service's own endpoint may be set. */
static const struct {
    const char *service, *variable;
} endpoint_variables[] = {
    {"ec2", "AWS_ENDPOINT_URL_EC2"},
    {"monitoring", "AWS_ENDPOINT_URL_CLOUDWATCH"},
    {"sts", "AWS_ENDPOINT_URL_STS"},
};

static const char *configured_endpoint(const struct rs_aws *aws, const char *service)
{
    const char *ignore = rs_aws_variable(aws, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if (aws->endpoint != NULL) {
        return aws->endpoint;
    }
    if (ignore != NULL && strcmp(ignore, "true") == 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(endpoint_variables) / sizeof(endpoint_variables[0]); i++) {
        const char *own = strcmp(endpoint_variables[i].service, service) == 0
                              ? rs_aws_variable(aws, endpoint_variables[i].variable)
                              : NULL;
        if (own != NULL) {
            return own;
        }
    }
    const char *all = rs_aws_variable(aws, "AWS_ENDPOINT_URL");
    return all != NULL ? all : rs_aws_profile_get(aws, aws->profile, "endpoint_url");
}

static const char *domain_of(const char *region)
{
    return strncmp(region, "cn-", 3) == 0        ? "amazonaws.com.cn"
           : strncmp(region, "us-iso-", 7) == 0  ? "c2s.ic.gov"
           : strncmp(region, "us-isob-", 8) == 0 ? "sc2s.sgov.gov"
                                                 : "amazonaws.com";
}

enum rs_status rs_aws_endpoint(const struct rs_aws *aws, const char *service, const char *region,
                               struct rs_buffer *out, struct rs_error *err)
{
    const char *configured = configured_endpoint(aws, service);
    if (configured == NULL) {
        rs_buffer_printf(out, "https://%s.%s.%s/", service, region, domain_of(region));
        return rs_buffer_status(out, err);
    }
    size_t length = strlen(configured);
    const char *host = strstr(configured, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    if (path != NULL && strcmp(path, "/") != 0) { /* libcurl signs "/" right, and little else */
        return rs_fail(err, RS_EUSAGE,
                       "endpoint '%.200s' has a path: only scheme, host and port "
                       "are expected",
                       configured);
    }
    rs_buffer_printf(out, "%s%s", configured, configured[length - 1] == '/' ? "" : "/");
    return rs_buffer_status(out, err);
}
