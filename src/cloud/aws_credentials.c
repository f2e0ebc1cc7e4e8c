/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud/aws_credentials.h"

#include "cloud/aws_session.h"
#include "rightsize/json.h"
#include "rightsize/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_MAX 8 /* roles that lean on roles */

void rs_aws_credentials_release(struct rs_aws_credentials *c)
{
    rs_secret_free(c->key);
    rs_secret_free(c->secret);
    rs_secret_free(c->token);
    memset(c, 0, sizeof(*c));
}

/* A line break would end the header and begin another. */
static bool is_printable(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7F) {
            return false;
        }
    }
    return text[0] != '\0';
}

enum rs_status rs_aws_credentials_set(struct rs_aws_credentials *out, const char *key,
                                      const char *secret, const char *token, int64_t expires,
                                      const char *origin, struct rs_error *err)
{
    struct rs_aws_credentials c = {.expires = expires};
    if (key == NULL || secret == NULL) {
        return rs_fail(err, RS_ECREDENTIALS, "%.120s has no %s", origin,
                       key == NULL ? "access key id" : "secret access key");
    }
    if (!is_printable(key) || !is_printable(secret) || (token != NULL && !is_printable(token))) {
        return rs_fail(err, RS_ECREDENTIALS, "%.120s has a key with blanks or control characters",
                       origin);
    }
    c.key = strdup(key);
    c.secret = strdup(secret);
    c.token = token != NULL ? strdup(token) : NULL;
    snprintf(c.origin, sizeof(c.origin), "%s", origin);
    if (c.key == NULL || c.secret == NULL || (token != NULL && c.token == NULL)) {
        rs_aws_credentials_release(&c);
        return rs_fail(err, RS_ENOMEM, "out of memory");
    }
    *out = c;
    return RS_OK;
}

static void wipe_texts(const cJSON *tree)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, tree)
    {
        if (item->valuestring != NULL) {
            rs_secret_wipe(item->valuestring, strlen(item->valuestring));
        }
    }
}

static bool expiry_of(const cJSON *tree, int64_t *out)
{
    const char *text = rs_json_optional_text(tree, "Expiration");
    struct rs_civil civil;
    struct rs_error unused;
    bool zoned = false;
    *out = -1;
    return text == NULL ||
           (rs_when_parse_parts(text, strlen(text), &civil, out, &zoned, &unused) == RS_OK &&
            zoned);
}

enum rs_status rs_aws_credentials_parse(struct rs_aws_credentials *out, const char *text,
                                        size_t length, const char *token_key, const char *origin,
                                        struct rs_error *err)
{
    cJSON *tree = NULL;
    int64_t expires = -1;
    if (rs_json_parse(text, length, &tree, err) != RS_OK || !cJSON_IsObject(tree)) {
        cJSON_Delete(tree);
        return rs_fail(err, RS_ECREDENTIALS, "%.120s gives something else than credentials as JSON",
                       origin);
    }
    enum rs_status rc = RS_OK;
    if (!expiry_of(tree, &expires)) {
        rc = rs_fail(err, RS_ECREDENTIALS, "%.120s: its Expiration is no time", origin);
    } else {
        rc = rs_aws_credentials_set(out, rs_json_optional_text(tree, "AccessKeyId"),
                                    rs_json_optional_text(tree, "SecretAccessKey"),
                                    rs_json_optional_text(tree, token_key), expires, origin, err);
    }
    wipe_texts(tree);
    cJSON_Delete(tree);
    return rc;
}

struct chain { /* profiles a role leans on, to find circles */
    const char *seen[CHAIN_MAX];
    size_t count;
};

static enum rs_status from_profile(struct rs_aws *aws, const char *profile, struct chain *chain,
                                   bool *found, struct rs_aws_credentials *out,
                                   struct rs_error *err);

static enum rs_status from_environment(const struct rs_aws *aws, bool *found,
                                       struct rs_aws_credentials *out, struct rs_error *err)
{
    const char *key = rs_aws_variable(aws, "AWS_ACCESS_KEY_ID");
    *found = key != NULL;
    if (key == NULL) {
        return RS_OK;
    }
    const char *token = rs_aws_variable(aws, "AWS_SESSION_TOKEN");
    return rs_aws_credentials_set(out, key, rs_aws_variable(aws, "AWS_SECRET_ACCESS_KEY"),
                                  token != NULL ? token
                                                : rs_aws_variable(aws, "AWS_SECURITY_TOKEN"),
                                  -1, "the environment", err);
}

static enum rs_status from_named_source(struct rs_aws *aws, const char *source, bool *found,
                                        struct rs_aws_credentials *out, struct rs_error *err)
{
    if (strcmp(source, "Environment") == 0) {
        return from_environment(aws, found, out, err);
    }
    if (strcmp(source, "EcsContainer") == 0) {
        return rs_aws_credentials_container(aws, found, out, err);
    }
    if (strcmp(source, "Ec2InstanceMetadata") == 0) {
        return rs_aws_credentials_instance(aws, found, out, err);
    }
    return rs_fail(err, RS_ECREDENTIALS,
                   "credential_source '%.60s' is not Environment, Ec2InstanceMetadata or "
                   "EcsContainer",
                   source);
}

/* What a role is assumed with: credential_source, or another profile. */
static enum rs_status role_base(struct rs_aws *aws, const char *profile, struct chain *chain,
                                struct rs_aws_credentials *out, struct rs_error *err)
{
    const char *source = rs_aws_profile_get(aws, profile, "credential_source");
    const char *other = rs_aws_profile_get(aws, profile, "source_profile");
    bool found = false;
    if (source != NULL) {
        enum rs_status rc = from_named_source(aws, source, &found, out, err);
        return rc != RS_OK || found
                   ? rc
                   : rs_fail(err, RS_ECREDENTIALS,
                             "profile '%.60s': credential_source %.40s gives no credentials",
                             profile, source);
    }
    if (!rs_aws_profile_exists(aws, other)) {
        return rs_fail(err, RS_ECREDENTIALS,
                       "profile '%.60s': its source_profile '%.60s' is in no "
                       "file",
                       profile, other);
    }
    enum rs_status rc = RS_OK;
    bool itself = strcmp(other, profile) == 0; /* keys of its own beside the role: no circle */
    for (size_t i = 0; !itself && i < chain->count; i++) {
        if (strcmp(chain->seen[i], other) == 0) {
            return rs_fail(err, RS_ECREDENTIALS,
                           "profile '%.60s' leads back to itself by source_profile", other);
        }
    }
    if (itself) {
        const char *key = rs_aws_profile_get(aws, profile, "aws_access_key_id");
        return rs_aws_credentials_set(out, key,
                                      rs_aws_profile_get(aws, profile, "aws_secret_access_key"),
                                      rs_aws_profile_get(aws, profile, "aws_session_token"), -1,
                                      "the profile that is its own source", err);
    }
    rc = from_profile(aws, other, chain, &found, out, err);
    return rc != RS_OK || found
               ? rc
               : rs_fail(err, RS_ECREDENTIALS, "source_profile '%.60s' has no credentials", other);
}

static enum rs_status from_role(struct rs_aws *aws, const char *profile, struct chain *chain,
                                bool *found, struct rs_aws_credentials *out, struct rs_error *err)
{
    struct rs_aws_role role = {
        .arn = rs_aws_profile_get(aws, profile, "role_arn"),
        .session = rs_aws_profile_get(aws, profile, "role_session_name"),
        .external_id = rs_aws_profile_get(aws, profile, "external_id"),
        .duration = rs_aws_profile_get(aws, profile, "duration_seconds"),
    };
    *found = role.arn != NULL && (rs_aws_profile_get(aws, profile, "source_profile") != NULL ||
                                  rs_aws_profile_get(aws, profile, "credential_source") != NULL);
    if (!*found) {
        return RS_OK;
    }
    if (rs_aws_profile_get(aws, profile, "mfa_serial") != NULL) {
        return rs_fail(err, RS_ECREDENTIALS,
                       "profile '%.60s' asks for an MFA code, and a nightly job has nobody to type "
                       "it: use a role without mfa_serial",
                       profile);
    }
    if (chain->count == CHAIN_MAX) {
        return rs_fail(err, RS_ECREDENTIALS,
                       "profile '%.60s': more than %d roles lean on each "
                       "other",
                       profile, CHAIN_MAX);
    }
    chain->seen[chain->count++] = profile;
    struct rs_aws_credentials base = {.key = NULL};
    enum rs_status rc = role_base(aws, profile, chain, &base, err);
    if (rc == RS_OK) {
        rc = rs_aws_credentials_role(aws, &role, &base, out, err);
    }
    rs_aws_credentials_release(&base);
    return rc;
}

/* The variables do not count when a profile was named by option. */
static enum rs_status from_web_identity(struct rs_aws *aws, const char *profile, bool *found,
                                        struct rs_aws_credentials *out, struct rs_error *err)
{
    struct rs_aws_role role = {.arn = NULL};
    if (!aws->named && strcmp(profile, aws->profile) == 0) {
        role.token_file = rs_aws_variable(aws, "AWS_WEB_IDENTITY_TOKEN_FILE");
        role.arn = rs_aws_variable(aws, "AWS_ROLE_ARN");
        role.session = rs_aws_variable(aws, "AWS_ROLE_SESSION_NAME");
    }
    if (role.token_file == NULL || role.arn == NULL) {
        role.token_file = rs_aws_profile_get(aws, profile, "web_identity_token_file");
        role.arn = rs_aws_profile_get(aws, profile, "role_arn");
        role.session = rs_aws_profile_get(aws, profile, "role_session_name");
    }
    *found = role.token_file != NULL && role.arn != NULL;
    return *found ? rs_aws_credentials_role(aws, &role, NULL, out, err) : RS_OK;
}

/* The token cache and its renewal belong to the AWS CLI; it hands out what it has. */
static enum rs_status from_sso(struct rs_aws *aws, const char *profile, bool *found,
                               struct rs_aws_credentials *out, struct rs_error *err)
{
    *found = rs_aws_profile_get(aws, profile, "sso_account_id") != NULL;
    if (!*found) {
        return RS_OK;
    }
    struct rs_buffer command;
    rs_buffer_init(&command);
    rs_buffer_text(&command, "aws configure export-credentials --format process --profile '");
    for (const char *p = profile; *p != '\0'; p++) {
        rs_buffer_printf(&command, *p == '\'' ? "'\\''" : "%c", *p);
    }
    rs_buffer_char(&command, '\'');
    enum rs_status rc = rs_buffer_status(&command, err);
    if (rc == RS_OK &&
        (rc = rs_aws_credentials_process(command.data, "IAM Identity Center", out, err)) != RS_OK) {
        rc = rs_fail(err, RS_ECREDENTIALS,
                     "profile '%.60s' uses IAM Identity Center, and `aws configure "
                     "export-credentials` gave nothing: is the AWS CLI here, and did you run `aws "
                     "sso login`?",
                     profile);
    }
    rs_buffer_release(&command);
    return rc;
}

static enum rs_status from_keys(const struct rs_aws_ini *ini, const char *section, const char *what,
                                const char *profile, bool *found, struct rs_aws_credentials *out,
                                struct rs_error *err)
{
    char origin[160];
    const char *key = rs_aws_ini_get(ini, section, "aws_access_key_id");
    *found = key != NULL;
    if (key == NULL) {
        return RS_OK;
    }
    snprintf(origin, sizeof(origin), "profile '%.60s' of the %s file", profile, what);
    return rs_aws_credentials_set(out, key, rs_aws_ini_get(ini, section, "aws_secret_access_key"),
                                  rs_aws_ini_get(ini, section, "aws_session_token"), -1, origin,
                                  err);
}

static enum rs_status from_process(const struct rs_aws *aws, const char *profile, bool *found,
                                   struct rs_aws_credentials *out, struct rs_error *err)
{
    char origin[160];
    const char *command = rs_aws_profile_get(aws, profile, "credential_process");
    *found = command != NULL;
    snprintf(origin, sizeof(origin), "the credential_process of profile '%.60s'", profile);
    return *found ? rs_aws_credentials_process(command, origin, out, err) : RS_OK;
}

static enum rs_status from_config(const struct rs_aws *aws, const char *profile, bool *found,
                                  struct rs_aws_credentials *out, struct rs_error *err)
{
    struct rs_buffer section;
    rs_buffer_init(&section);
    enum rs_status rc = rs_aws_profile_section(profile, &section, err);
    if (rc == RS_OK) {
        rc = from_keys(aws->config, section.data, "config", profile, found, out, err);
    }
    rs_buffer_release(&section);
    return rc;
}

static enum rs_status from_profile(struct rs_aws *aws, const char *profile, struct chain *chain,
                                   bool *found, struct rs_aws_credentials *out,
                                   struct rs_error *err)
{
    enum rs_status rc = from_role(aws, profile, chain, found, out, err);
    if (rc == RS_OK && !*found) {
        rc = from_web_identity(aws, profile, found, out, err);
    }
    if (rc == RS_OK && !*found) {
        rc = from_sso(aws, profile, found, out, err);
    }
    if (rc == RS_OK && !*found) {
        rc = from_keys(aws->shared, profile, "credentials", profile, found, out, err);
    }
    if (rc == RS_OK && !*found) {
        rc = from_process(aws, profile, found, out, err);
    }
    if (rc == RS_OK && !*found) {
        rc = from_config(aws, profile, found, out, err);
    }
    return rc;
}

enum rs_status rs_aws_credentials_find(struct rs_aws *aws, struct rs_aws_credentials *out,
                                       struct rs_error *err)
{
    struct chain chain = {.count = 0};
    bool found = false;
    enum rs_status rc = aws->named ? RS_OK : from_environment(aws, &found, out, err);
    if (rc == RS_OK && !found) {
        rc = from_profile(aws, aws->profile, &chain, &found, out, err);
    }
    if (rc == RS_OK && !found) {
        rc = rs_aws_credentials_container(aws, &found, out, err);
    }
    if (rc == RS_OK && !found) {
        rc = rs_aws_credentials_instance(aws, &found, out, err);
    }
    if (rc == RS_OK && !found) {
        rc = rs_fail(err, RS_ECREDENTIALS,
                     "no credentials: not in %sprofile '%.60s', and neither a container nor an "
                     "instance role gives any",
                     aws->named ? "" : "the environment, not in ", aws->profile);
    }
    return rc;
}
