/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/identity.h"
#include "source_sink.h"

#define INSTANCE                                                                                   \
    "{\"InstanceId\":\"i-1\",\"InstanceType\":\"m5.large\",\"ImageId\":\"ami-1\",\"LaunchTime\":"  \
    "\"2026-11-22T09:10:00+00:00\",\"Placement\":{\"AvailabilityZone\":\"us-west-2-lax-1a\","      \
    "\"Tenancy\":\"default\"},\"State\":{\"Code\":16,\"Name\":\"running\"},\"Architecture\":"      \
    "\"x86_64\",\"PlatformDetails\":\"Linux/UNIX\",\"Hypervisor\":\"xen\",\"VirtualizationType\":" \
    "\"hvm\",\"InstanceLifecycle\":\"spot\",\"EnaSupport\":true,\"NetworkInterfaces\":[{},{}],"    \
    "\"BlockDeviceMappings\":[{\"DeviceName\":\"/dev/xvda\",\"Ebs\":{\"VolumeId\":\"vol-1\","      \
    "\"AttachTime\":\"2026-11-22T09:15:00Z\"}},{\"DeviceName\":\"/dev/sdb\"}],\"Tags\":[{\"Key\":" \
    "\"Name\",\"Value\":\"web \\u00e9\"},{\"Key\":\"aws:autoscaling:groupName\",\"Value\":"        \
    "\"shop\"},{\"Key\":\"empty\",\"Value\":\"\"}]}"
#define TEXT                                                                                       \
    "us-west-2|us-west-2-lax-1a|web \xC3\xA9|m5.large|running|x86_64|Linux/UNIX|default|-|hvm|"    \
    "spot|shop|ami-1"

static void reads_reservations_and_flattened_answers(void **state)
{
    static const struct {
        const char *text, *account;
    } rows[] = {
        {"{\"Reservations\":[{\"Groups\":[],\"Instances\":[" INSTANCE
         "],\"OwnerId\":\"123456789012\"}]}",
         "123456789012"},
        {"[" INSTANCE "]", "-"},
        {"[[" INSTANCE "]]", "-"},
        {"[{\"OwnerId\":\"7\",\"Instances\":[" INSTANCE "]}]", "7"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        read_text(run, rows[i].text);
        assert_int_equal(run->rc, RS_OK);
        assert_string_equal(run->source->name, "describe-instances");
        assert_int_equal(run->tally.resources, 1);
        snprintf(text, sizeof(text), "%s|%s", rows[i].account, TEXT);
        assert_string_equal(run->resources[0].text, text);
        assert_int_equal(run->resources[0].launch_time, 1795338600);
        assert_int_equal(run->resources[0].observed_at, NOW - 60);
        assert_int_equal(run->resources[0].network_interfaces, 2);
        assert_int_equal(run->resources[0].volumes, 2);
        assert_int_equal(run->resources[0].tag_count, 3);
        assert_true(run->resources[0].ena);
        assert_int_equal(run->tally.attachments, 1);
        assert_string_equal(run->attachments[0].volume, "vol-1");
        assert_string_equal(run->attachments[0].instance, "i-1");
        assert_string_equal(run->attachments[0].device, "/dev/xvda");
        assert_int_equal(run->attachments[0].since, 1795338900);
    }
    free(run);
}

static void leaves_unknown_what_is_not_said(void **state)
{
    (void)state;
    struct run *run = new_run();
    run->request.region = "eu-west-1";
    read_text(run, "[{\"InstanceId\":\"i-2\",\"LaunchTime\":1795338600.5,\"Platform\":\"windows\","
                   "\"Tags\":7}]");
    assert_string_equal(run->resources[0].text, "-|eu-west-1|-|-|-|-|-|Windows|-|-|-|-|-|-");
    assert_int_equal(run->resources[0].launch_time, 1795338600);
    assert_int_equal(run->resources[0].network_interfaces, -1);
    assert_int_equal(run->resources[0].volumes, -1);
    assert_false(run->resources[0].ena);
    free(run);
}

static void refuses_inventories_without_ids(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"{\"Reservations\":[{\"Instances\":[{\"InstanceType\":\"m5.large\"}]}]}",
         "line 1: an instance has no InstanceId"},
        {"{\"Reservations\":[4]}", "expected a reservation or an instance"},
        {"{\"Reservations\":4}", "Reservations is no array"},
        {"[{\"InstanceId\":\"i-1\"},[[]]]", "expected a reservation or an instance"},
        {"[{\"InstanceId\":\"i-1\"}] 4", "expected instances"},
        {"{\"Reservations\":[{\"Instances\":[", "cut off"},
        {"{\"Volumes\":[{\"Attachments\":[]}]}", "a volume has no VolumeId"},
        {"{\"Volumes\":[1]}", "expected a volume"},
        {"{\"Volumes\":[]} 1", "expected volumes"},
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_text(run, rows[i].text);
        assert_refused(run, RS_EINPUT, rows[i].part);
    }
    free(run);
}

static void reads_attachments_of_volumes(void **state)
{
    static const char *const texts[] = {
        "{\"Volumes\":[{\"VolumeId\":\"vol-1\",\"Attachments\":[{\"InstanceId\":\"i-1\",\"Device\":"
        "\"/dev/sda1\",\"State\":\"attached\",\"AttachTime\":\"2026-11-22T09:10:00Z\"},"
        "{\"InstanceId\":\"i-2\",\"State\":\"detached\"}]},{\"VolumeId\":\"vol-2\","
        "\"Attachments\":[]}]}",
        "[{\"Attachments\":[{\"InstanceId\":\"i-1\",\"Device\":\"/dev/sda1\",\"AttachTime\":"
        "1795338600}],\"VolumeId\":\"vol-1\"},{\"VolumeId\":\"vol-2\"},{\"VolumeId\":\"vol-3\"}]",
    };
    (void)state;
    struct run *run = new_run();
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        read_text(run, texts[i]);
        assert_int_equal(run->rc, RS_OK);
        assert_string_equal(run->source->name, "describe-volumes");
        assert_int_equal(run->attachment_count, 1);
        assert_string_equal(run->attachments[0].volume, "vol-1");
        assert_string_equal(run->attachments[0].instance, "i-1");
        assert_int_equal(run->attachments[0].since, 1795338600);
        assert_int_equal(run->tally.ignored, 2);
    }
    free(run);
}

static void tells_the_region_of_a_zone(void **state)
{
    static const struct {
        const char *zone, *region;
    } rows[] = {
        {"us-east-1a", "us-east-1"},
        {"us-gov-west-1b", "us-gov-west-1"},
        {"us-west-2-lax-1a", "us-west-2"},
        {"us-east-1-wl1-bos-wlz-1", "us-east-1"},
        {"ap-southeast-12c", "ap-southeast-12"},
        {"somewhere", ""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char region[64];
        assert_int_equal(rs_region_of_zone(rows[i].zone, region), rows[i].region[0] != '\0');
        assert_string_equal(region, rows[i].region);
    }
}

static void survives_a_text_cut_anywhere(void **state)
{
    (void)state;
    struct run *run = new_run();
    survives_truncation(run, "{\"Reservations\":[{\"Groups\":[],\"Instances\":[" INSTANCE
                             "],\"OwnerId\":\"1\"}]}");
    survives_truncation(run, "[[" INSTANCE "]]");
    survives_truncation(run, "{\"Volumes\":[{\"VolumeId\":\"vol-1\",\"Attachments\":[{"
                             "\"InstanceId\":\"i-1\",\"AttachTime\":1}]}]}");
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_reservations_and_flattened_answers),
        cmocka_unit_test(leaves_unknown_what_is_not_said),
        cmocka_unit_test(refuses_inventories_without_ids),
        cmocka_unit_test(reads_attachments_of_volumes),
        cmocka_unit_test(tells_the_region_of_a_zone),
        cmocka_unit_test(survives_a_text_cut_anywhere),
    };
    return cmocka_run_group_tests_name("source_inventory", tests, NULL, NULL);
}
