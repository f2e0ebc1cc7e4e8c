/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of places, with variables and files of the test's own; nothing reaches a network. */
#include "cloud/aws_session.h"

#include "../support/check.h"
#include "../support/scratch.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct world {
    char folder[200];
    const char *variables[16][2]; /* name, value */
    char said[512];
    int64_t now;
};

static const char *variable(void *payload, const char *name)
{
    const struct world *w = payload;
    for (size_t i = 0; i < COUNT_OF(w->variables) && w->variables[i][0] != NULL; i++) {
        if (strcmp(w->variables[i][0], name) == 0) {
            return w->variables[i][1];
        }
    }
    return strcmp(name, "HOME") == 0                        ? w->folder
           : strcmp(name, "AWS_EC2_METADATA_DISABLED") == 0 ? "true"
                                                            : NULL;
}

static void say(void *payload, const char *text)
{
    struct world *w = payload;
    snprintf(w->said, sizeof(w->said), "%s", text);
}

static int64_t now(void *payload)
{
    return ((const struct world *)payload)->now;
}

static void write_file(const struct world *w, const char *name, const char *text, mode_t mode)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/%s", w->folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
}

static int make_world(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    char path[300];
    assert_non_null(w);
    assert_non_null(mkdtemp(scratch_name(w->folder, sizeof(w->folder), "aws")));
    snprintf(path, sizeof(path), "%s/.aws", w->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    w->now = 1795400000;
    *state = w;
    return 0;
}

static int end_world(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {
        ".aws/config", ".aws/credentials", "keys.json", "token", ".aws", ""};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[300];
        snprintf(path, sizeof(path), "%s/%s", w->folder, names[i]);
        remove(path);
    }
    free(w);
    return 0;
}

static enum rs_status open_as(struct world *w, const char *profile, struct rs_aws **out,
                              struct rs_error *err)
{
    const struct rs_aws_world world = {variable, say, w, {now, w}};
    const struct rs_aws_settings settings = {.profile = profile};
    return rs_aws_open(&settings, &world, out, err);
}

/* The key found, or the message. */
static void check_found(struct world *w, const char *profile, enum rs_status status,
                        const char *want)
{
    struct rs_aws *aws = NULL;
    struct rs_aws_credentials c = {.key = NULL};
    struct rs_error err = {RS_OK, ""};
    enum rs_status rc = open_as(w, profile, &aws, &err);
    if (rc == RS_OK) {
        rc = rs_aws_credentials_find(aws, &c, &err);
    }
    const char *got = rc == RS_OK ? c.key : err.text;
    if (rc != status || strstr(got, want) == NULL) {
        print_error("%d '%s' is not %d '%s'\n", (int)rc, got, (int)status, want);
        fail();
    }
    assert_null(strstr(err.text, "SECRET"));
    rs_aws_credentials_release(&c);
    rs_aws_close(aws);
}

static const char config[] =
    "[default]\nregion = eu-central-1\n"
    "[profile named]\nregion = us-west-2\naws_access_key_id = AKCONFIG\n"
    "aws_secret_access_key = SECRET\n"
    "[profile noregion]\nx = y\n"
    "[profile both]\ncredential_process = false\n"
    "[profile process]\ncredential_process = /bin/cat 'KEYS'\n"
    "[profile broken]\ncredential_process = /bin/echo hello\n"
    "[profile failing]\ncredential_process = /bin/false\n"
    "[profile absent]\ncredential_process = /nonexistent/program\n"
    "[profile quote]\ncredential_process = /bin/echo 'open\n"
    "[profile mfa]\nrole_arn = arn:x\nsource_profile = both\nmfa_serial = arn:y\n"
    "[profile circle]\nrole_arn = arn:x\nsource_profile = around\n"
    "[profile around]\nrole_arn = arn:x\nsource_profile = circle\n"
    "[profile lost]\nrole_arn = arn:x\nsource_profile = nowhere\n"
    "[profile odd]\nrole_arn = arn:x\ncredential_source = Moon\n"
    "[profile env]\nrole_arn = arn:x\ncredential_source = Environment\n"
    "[profile web]\nrole_arn = arn:x\nweb_identity_token_file = /nonexistent/token\n"
    "[profile half]\naws_access_key_id = AKHALF\n"
    "[profile blank]\naws_access_key_id = AK BLANK\naws_secret_access_key = SECRET\n";

static void write_files(struct world *w)
{
    char text[4096], keys[300];
    snprintf(keys, sizeof(keys), "%s/keys.json", w->folder);
    const char *at = strstr(config, "KEYS");
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - config), config, keys, at + 4);
    write_file(w, ".aws/config", text, 0600);
    write_file(w, ".aws/credentials",
               "[default]\naws_access_key_id = AKDEFAULT\naws_secret_access_key = SECRET\n"
               "[both]\naws_access_key_id = AKSHARED\naws_secret_access_key = SECRET\n",
               0600);
    write_file(w, "keys.json",
               "{\"Version\": 1, \"AccessKeyId\": \"AKPROCESS\", \"SecretAccessKey\": \"SECRET\", "
               "\"SessionToken\": \"TOKEN\", \"Expiration\": \"2026-11-23T10:17:06Z\"}",
               0600);
}

static void places_are_looked_at_in_order(void **state)
{
    struct world *w = *state;
    write_files(w);
    check_found(w, NULL, RS_OK, "AKDEFAULT");
    check_found(w, "named", RS_OK, "AKCONFIG");
    check_found(w, "both", RS_OK, "AKSHARED"); /* before its credential_process */
    check_found(w, "process", RS_OK, "AKPROCESS");
    check_found(w, "noregion", RS_ECREDENTIALS, "no credentials: not in profile 'noregion'");
    w->variables[0][0] = "AWS_ACCESS_KEY_ID";
    w->variables[0][1] = "AKENV";
    check_found(w, NULL, RS_ECREDENTIALS, "the environment has no secret access key");
    w->variables[1][0] = "AWS_SECRET_ACCESS_KEY";
    w->variables[1][1] = "SECRET";
    check_found(w, NULL, RS_OK, "AKENV");
    check_found(w, "named", RS_OK,
                "AKCONFIG"); /* named by option: the environment does not count */
    w->variables[2][0] = "AWS_PROFILE";
    w->variables[2][1] = "named";
    check_found(w, NULL, RS_OK, "AKENV"); /* named by a variable: it does */
}

static void what_is_wrong_with_a_profile_is_said(void **state)
{
    static const struct {
        const char *profile;
        enum rs_status status;
        const char *says;
    } rows[] = {{"nowhere", RS_EUSAGE, "profile 'nowhere' is neither in"},
                {"broken", RS_ECREDENTIALS, "gives something else than credentials as JSON"},
                {"failing", RS_ECREDENTIALS, "'/bin/false' failed with status 1"},
                {"absent", RS_ECREDENTIALS, "cannot run '/nonexistent/program': No such file"},
                {"quote", RS_ECREDENTIALS, "a quote stays open"},
                {"mfa", RS_ECREDENTIALS, "profile 'mfa' asks for an MFA code"},
                {"circle", RS_ECREDENTIALS, "leads back to itself"},
                {"lost", RS_ECREDENTIALS, "its source_profile 'nowhere' is in no file"},
                {"odd", RS_ECREDENTIALS, "credential_source 'Moon' is not"},
                {"env", RS_ECREDENTIALS, "credential_source Environment gives no credentials"},
                {"web", RS_ECREDENTIALS, "/nonexistent/token"},
                {"half", RS_ECREDENTIALS, "profile 'half' of the config file has no secret"},
                {"blank", RS_ECREDENTIALS, "has a key with blanks or control characters"}};
    struct world *w = *state;
    write_files(w);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_found(w, rows[i].profile, rows[i].status, rows[i].says);
    }
}

static void a_process_may_say_when_its_keys_end(void **state)
{
    struct world *w = *state;
    struct rs_aws *aws = NULL;
    const struct rs_aws_credentials *c = NULL;
    struct rs_error err = {RS_OK, ""};
    write_files(w);
    check_ok(open_as(w, "process", &aws, &err));
    check_ok(rs_aws_credentials_now(aws, false, &c, &err));
    assert_string_equal(c->token, "TOKEN");
    assert_int_equal(c->expires, 1795429026);
    unsigned generation = aws->generation;
    check_ok(rs_aws_credentials_now(aws, false, &c, &err));
    assert_int_equal(aws->generation, generation);
    w->now = c->expires - 10; /* five minutes before the end they are asked for again */
    check_ok(rs_aws_credentials_now(aws, false, &c, &err));
    assert_int_equal(aws->generation, generation + 1);
    rs_aws_close(aws);
}

static void other_readers_of_the_keys_are_warned_of(void **state)
{
    struct world *w = *state;
    struct rs_aws *aws = NULL;
    struct rs_error err = {RS_OK, ""};
    write_file(w, ".aws/credentials", "[default]\n", 0600);
    check_ok(open_as(w, NULL, &aws, &err));
    rs_aws_close(aws);
    assert_string_equal(w->said, "");
    write_file(w, ".aws/credentials", "[default]\n", 0644);
    check_ok(open_as(w, NULL, &aws, &err));
    rs_aws_close(aws);
    assert_non_null(strstr(w->said, "others may read it"));
}

static void a_profile_does_not_inherit_the_default_region(void **state)
{
    struct world *w = *state;
    struct rs_aws *aws = NULL;
    const char *region = NULL;
    struct rs_error err = {RS_OK, ""};
    static const char *const profiles[][2] = {{NULL, "eu-central-1"}, {"named", "us-west-2"}};
    write_files(w);
    for (size_t i = 0; i < COUNT_OF(profiles); i++) {
        check_ok(open_as(w, profiles[i][0], &aws, &err));
        check_ok(rs_aws_region(aws, &region, &err));
        assert_string_equal(region, profiles[i][1]);
        rs_aws_close(aws);
    }
    check_ok(open_as(w, "noregion", &aws, &err));
    check_fails(rs_aws_region(aws, &region, &err), RS_EUSAGE, "no region");
    rs_aws_close(aws);
    w->variables[0][0] = "AWS_DEFAULT_REGION";
    w->variables[0][1] = "us-east-1";
    w->variables[1][0] = "AWS_REGION";
    w->variables[1][1] = "ap-south-1";
    check_ok(open_as(w, "named", &aws, &err));
    check_ok(rs_aws_region(aws, &region, &err));
    assert_string_equal(region, "ap-south-1");
    rs_aws_close(aws);
    w->variables[1][1] = "us-east-1.evil.example/";
    check_fails(open_as(w, "named", &aws, &err), RS_EUSAGE, "is not the name of a region");
}

static void endpoints_are_chosen_as_the_cli_does(void **state)
{
    struct world *w = *state;
    struct rs_aws *aws = NULL;
    struct rs_error err = {RS_OK, ""};
    static const struct {
        const char *service, *region, *want;
    } rows[] = {{"ec2", "us-east-1", "https://ec2.us-east-1.amazonaws.com/"},
                {"monitoring", "cn-north-1", "https://monitoring.cn-north-1.amazonaws.com.cn/"},
                {"sts", "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com/"}};
    struct rs_buffer url;
    rs_buffer_init(&url);
    check_ok(open_as(w, NULL, &aws, &err));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rs_buffer_clear(&url);
        check_ok(rs_aws_endpoint(aws, rows[i].service, rows[i].region, &url, &err));
        assert_string_equal(url.data, rows[i].want);
    }
    w->variables[0][0] = "AWS_ENDPOINT_URL";
    w->variables[0][1] = "http://127.0.0.1:5000";
    w->variables[1][0] = "AWS_ENDPOINT_URL_CLOUDWATCH";
    w->variables[1][1] = "https://own.example/";
    rs_buffer_clear(&url);
    check_ok(rs_aws_endpoint(aws, "ec2", "us-east-1", &url, &err));
    check_ok(rs_aws_endpoint(aws, "monitoring", "us-east-1", &url, &err));
    assert_string_equal(url.data, "http://127.0.0.1:5000/https://own.example/");
    w->variables[0][1] = "https://host/with/path";
    check_fails(rs_aws_endpoint(aws, "ec2", "us-east-1", &url, &err), RS_EUSAGE, "has a path");
    rs_buffer_release(&url);
    rs_aws_close(aws);
}

static void command_lines_are_split_as_a_shell_does(void **state)
{
    static const struct {
        const char *line, *want;
    } rows[] = {{"a b  c", "a|b|c|"},
                {"  a 'b c' \"d 'e'\" ", "a|b c|d 'e'|"},
                {"a\\ b \"c\\\"d\\n\" 'e\\f'", "a b|c\"d\\n|e\\f|"},
                {"''", "|"},
                {"a''b", "ab|"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char **words = NULL, got[128] = "";
        struct rs_error err = {RS_OK, ""};
        check_ok(rs_aws_words_split(rows[i].line, &words, &err));
        for (size_t k = 0; words[k] != NULL; k++) {
            snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s|", words[k]);
        }
        assert_string_equal(got, rows[i].want);
        rs_aws_words_free(words);
    }
    char **words = NULL;
    struct rs_error err = {RS_OK, ""};
    check_fails(rs_aws_words_split("  ", &words, &err), RS_ECREDENTIALS, "no command is named");
    check_fails(rs_aws_words_split("a \"b", &words, &err), RS_ECREDENTIALS, "a quote stays open");
    assert_null(words);
}

#define world_test(f) cmocka_unit_test_setup_teardown(f, make_world, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(places_are_looked_at_in_order),
        world_test(what_is_wrong_with_a_profile_is_said),
        world_test(a_process_may_say_when_its_keys_end),
        world_test(other_readers_of_the_keys_are_warned_of),
        world_test(a_profile_does_not_inherit_the_default_region),
        world_test(endpoints_are_chosen_as_the_cli_does),
        cmocka_unit_test(command_lines_are_split_as_a_shell_does),
    };
    return cmocka_run_group_tests_name("aws_credentials", tests, NULL, NULL);
}
