/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What EC2 and CloudWatch answer, read; and what they refuse, understood. */
#include "cloud/aws_cloudwatch.h"
#include "cloud/aws_ec2.h"
#include "cloud/aws_fault.h"
#include "cloud/aws_xml.h"

#include "../support/check.h"

#include <inttypes.h>
#include <stdlib.h>

#define HEAD "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
#define TAIL "</DescribeInstancesResponse>"

static const char two[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" HEAD "<requestId>x</requestId><reservationSet>"
    "<item><reservationId>r-1</reservationId><ownerId>123456789012</ownerId><groupSet/>"
    "<instancesSet><item><instanceId>i-1</instanceId><imageId>ami-1</imageId>"
    "<instanceState><code>16</code><name>running</name></instanceState>"
    "<instanceType>m5.large</instanceType><launchTime>2026-11-22T10:12:31.000Z</launchTime>"
    "<placement><availabilityZone>us-east-1a</availabilityZone><tenancy>default</tenancy>"
    "</placement><architecture>x86_64</architecture><platform>windows</platform>"
    "<blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-1</volumeId>"
    "<attachTime>2026-11-22T10:12:32.000Z</attachTime></ebs></item><item><deviceName>/dev/sdb"
    "</deviceName><ebs><volumeId>vol-2</volumeId></ebs></item></blockDeviceMapping>"
    "<tagSet><item><key>Name</key><value>web &lt;1&gt; &amp; \"q\"</value></item>"
    "<item><key>aws:autoscaling:groupName</key><value>g</value></item>"
    "<item><key>empty</key><value/></item></tagSet><enaSupport>true</enaSupport>"
    "<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId><groupSet><item>"
    "<groupId>sg-1</groupId></item></groupSet></item></networkInterfaceSet></item>"
    "<item><instanceId>i-2</instanceId><instanceState><name>stopped</name></instanceState>"
    "<instanceType>t3.micro</instanceType><instanceLifecycle>spot</instanceLifecycle></item>"
    "</instancesSet></item></reservationSet><nextToken>AAA+/==</nextToken>" TAIL;

static const char *shown(const char *text)
{
    return text != NULL ? text : "-";
}

static enum rs_status take_resource(void *payload, const struct rs_resource *r,
                                    struct rs_error *err)
{
    struct rs_buffer *out = payload;
    rs_buffer_printf(out, "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%" PRId64 "|%" PRId64 "|%zu|%d\n",
                     r->id, shown(r->account), shown(r->region), shown(r->zone), shown(r->name),
                     shown(r->type), shown(r->state), shown(r->platform), shown(r->lifecycle),
                     shown(r->group), shown(r->image), r->launch_time, r->network_interfaces,
                     r->tag_count, r->ena ? 1 : 0);
    return rs_buffer_status(out, err);
}

static enum rs_status take_attachment(void *payload, const struct rs_attachment *a,
                                      struct rs_error *err)
{
    struct rs_buffer *out = payload;
    rs_buffer_printf(out, " %s on %s at %s since %" PRId64 "\n", a->volume, a->instance,
                     shown(a->device), a->since);
    return rs_buffer_status(out, err);
}

static void instances_come_with_tags_and_volumes(void **state)
{
    struct rs_buffer out, token;
    struct rs_error err = {RS_OK, ""};
    (void)state;
    rs_buffer_init(&out);
    rs_buffer_init(&token);
    const struct rs_sink sink = {NULL, take_resource, take_attachment, &out};
    check_ok(rs_aws_instances_read(two, sizeof(two) - 1, "us-east-1", 7, &sink, &token, &err));
    assert_string_equal(
        out.data, "i-1|123456789012|us-east-1|us-east-1a|web <1> & \"q\"|m5.large|running|Windows|-"
                  "|g|ami-1|1795342351|1|3|1\n vol-1 on i-1 at /dev/sda1 since 1795342352\n"
                  " vol-2 on i-1 at /dev/sdb since -1\n"
                  "i-2|123456789012|us-east-1|-|-|t3.micro|stopped|-|spot|-|-|-1|0|0|0\n");
    assert_string_equal(token.data, "AAA+/==");
    rs_buffer_release(&out);
    rs_buffer_release(&token);
}

static void every_cut_of_an_answer_is_refused(void **state)
{
    struct rs_buffer out, token;
    (void)state;
    rs_buffer_init(&out);
    rs_buffer_init(&token);
    const struct rs_sink sink = {NULL, take_resource, take_attachment, &out};
    for (size_t length = 0; length + 1 < sizeof(two); length++) {
        struct rs_error err = {RS_OK, ""};
        rs_buffer_clear(&out);
        assert_int_equal(rs_aws_instances_read(two, length, "r", 7, &sink, &token, &err),
                         RS_EINPUT);
    }
    rs_buffer_release(&out);
    rs_buffer_release(&token);
}

static void xml_beyond_its_limits_is_refused(void **state)
{
    struct rs_buffer out, token, deep;
    struct rs_error err = {RS_OK, ""};
    (void)state;
    rs_buffer_init(&out);
    rs_buffer_init(&token);
    rs_buffer_init(&deep);
    const struct rs_sink sink = {NULL, take_resource, take_attachment, &out};
    static const char bomb[] = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]>\n"
                               "<DescribeInstancesResponse>&c;</DescribeInstancesResponse>";
    check_fails(rs_aws_instances_read(bomb, sizeof(bomb) - 1, "r", 7, &sink, &token, &err),
                RS_EINPUT, "line 1: a document type is not accepted");
    for (int i = 0; i < 40; i++) {
        rs_buffer_text(&deep, "<a>");
    }
    check_fails(rs_aws_instances_read(deep.data, deep.length, "r", 7, &sink, &token, &err),
                RS_EINPUT, "elements lie too deep");
    rs_buffer_clear(&deep);
    rs_buffer_text(&deep, "<a>");
    for (size_t i = 0; i <= RS_AWS_XML_TEXT; i++) {
        rs_buffer_char(&deep, 'x');
    }
    rs_buffer_text(&deep, "</a>");
    check_fails(rs_aws_instances_read(deep.data, deep.length, "r", 7, &sink, &token, &err),
                RS_EINPUT, "an element's text is too long");
    check_fails(rs_aws_instances_read("<html/>", 7, "r", 7, &sink, &token, &err), RS_EINPUT,
                "'html' is not what was asked for");
    static const char nameless[] =
        HEAD "<reservationSet><item><instancesSet><item><imageId>a"
             "</imageId></item></instancesSet></item></reservationSet>" TAIL;
    check_fails(rs_aws_instances_read(nameless, sizeof(nameless) - 1, "r", 7, &sink, &token, &err),
                RS_EINPUT, "no instanceId");
    rs_buffer_release(&deep);
    rs_buffer_release(&out);
    rs_buffer_release(&token);
}

static void filters_are_forms_with_every_byte_encoded(void **state)
{
    static const char *const tags[] = {"team=a&b *", "Name="}, *const states[] = {"running"};
    const struct rs_aws_filter filter = {tags, 2, states, 1};
    struct rs_buffer body;
    struct rs_error err = {RS_OK, ""};
    (void)state;
    rs_buffer_init(&body);
    check_ok(rs_aws_instances_body(&filter, "A+/=", &body, &err));
    assert_string_equal(body.data,
                        "Action=DescribeInstances&Version=2016-11-15&MaxResults=1000"
                        "&Filter.1.Name=instance-state-name&Filter.1.Value.1=running"
                        "&Filter.2.Name=tag%3Ateam&Filter.2.Value.1=a%26b%20%2A"
                        "&Filter.3.Name=tag%3AName&Filter.3.Value.1=&NextToken=A%2B%2F%3D");
    rs_buffer_release(&body);
}

static void refusals_are_read_in_all_three_forms(void **state)
{
    static const struct {
        const char *body;
        long status;
        const char *code, *message;
        enum rs_aws_remedy remedy;
    } rows[] = {
        {"{\"__type\":\"com.amazon.coral.availability#ThrottlingException\",\"message\":\"Rate "
         "exceeded\"}",
         400, "ThrottlingException", "Rate exceeded", RS_AWS_RETRY},
        {"<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit "
         "exceeded.</Message></Error></Errors></Response>",
         503, "RequestLimitExceeded", "Request limit exceeded.", RS_AWS_RETRY},
        {"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>a\nb"
         "</Message></Error></ErrorResponse>",
         403, "InvalidClientTokenId", "a", RS_AWS_CREDENTIALS},
        {"{\"__type\":\"ExpiredTokenException\",\"Message\":\"x\"}", 403, "ExpiredTokenException",
         "x", RS_AWS_RENEW},
        {"{\"__type\":\"a#AccessDeniedException:http://x\"}", 400, "AccessDeniedException", "",
         RS_AWS_DENIED},
        {"{\"__type\":\"ValidationError\",\"message\":\"m\"}", 400, "ValidationError", "m",
         RS_AWS_FINAL},
        {"<html>busy", 503, "", "", RS_AWS_RETRY},
        {"", 429, "", "", RS_AWS_RETRY},
        {"nothing", 403, "", "", RS_AWS_DENIED},
        {"", 401, "", "", RS_AWS_CREDENTIALS},
        {"[1]", 404, "", "", RS_AWS_FINAL},
        {"{\"__type\":7}", 400, "", "", RS_AWS_FINAL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_aws_fault fault;
        rs_aws_fault_read(rows[i].body, strlen(rows[i].body), &fault);
        assert_string_equal(fault.code, rows[i].code);
        assert_string_equal(fault.message, rows[i].message);
        assert_int_equal(rs_aws_fault_remedy(rows[i].status, &fault), rows[i].remedy);
    }
}

static enum rs_status take_points(void *payload, const struct rs_cw_points *p, struct rs_error *err)
{
    struct rs_buffer *out = payload;
    rs_buffer_printf(out, "q%zu %s %s:", p->query, p->status, p->complete ? "whole" : "part");
    for (size_t i = 0; i < p->count; i++) {
        rs_buffer_printf(out, " %" PRId64 "=%g", p->at[i], p->values[i]);
    }
    rs_buffer_char(out, '\n');
    return rs_buffer_status(out, err);
}

static enum rs_status read_data(const char *text, struct rs_buffer *out, struct rs_cw_page *page,
                                struct rs_error *err)
{
    rs_buffer_clear(out);
    return rs_cw_data_read(text, strlen(text), 2, take_points, out, page, err);
}

static void points_of_a_page_are_read(void **state)
{
    struct rs_buffer out;
    struct rs_cw_page page;
    struct rs_error err = {RS_OK, ""};
    (void)state;
    rs_buffer_init(&out);
    rs_buffer_init(&page.token);
    rs_buffer_init(&page.message);
    check_ok(read_data("{\"Messages\":[{\"Code\":\"C\",\"Value\":\"v\"}],\"MetricDataResults\":["
                       "{\"Id\":\"q1\",\"Label\":\"x\",\"StatusCode\":\"PartialData\","
                       "\"Timestamps\":[1.7953419E9,1795342200,\"2026-11-22T10:05:00Z\"],"
                       "\"Values\":[20.5,24.25,0]},{\"Id\":\"q0\",\"StatusCode\":\"Complete\","
                       "\"Timestamps\":[],\"Values\":[]}],\"NextToken\":\"AAA+/==\"}",
                       &out, &page, &err));
    assert_string_equal(out.data, "q1 PartialData part: 1795341900=20.5 1795342200=24.25 "
                                  "1795341900=0\nq0 Complete whole:\n");
    assert_string_equal(page.token.data, "AAA+/==");
    assert_string_equal(page.message.data, "C v");
    check_ok(read_data("{\"MetricDataResults\":[],\"NextToken\":null}", &out, &page, &err));
    assert_int_equal(page.token.length, 0);
    rs_buffer_release(&out);
    rs_buffer_release(&page.token);
    rs_buffer_release(&page.message);
}

#define RESULT(members) "{\"MetricDataResults\":[{" members "}]}"

static void an_answer_of_another_type_is_refused(void **state)
{
    static const char *const rows[][2] = {
        {"", "expected"},
        {"[]", "expected an object"},
        {"{}", "the answer has no MetricDataResults"},
        {"<html/>", "expected"},
        {"{\"MetricDataResults\":{}}", "expected objects in MetricDataResults"},
        {"{\"MetricDataResults\":[7]}", "expected objects in MetricDataResults"},
        {RESULT("\"Id\":7"), "Id is no text"},
        {RESULT("\"Id\":\"q2\""), "a result's Id was not asked for"},
        {RESULT("\"Id\":\"x\""), "a result's Id was not asked for"},
        {RESULT("\"Id\":\"q0\",\"Timestamps\":[true]"), "expected a time in Timestamps"},
        {RESULT("\"Id\":\"q0\",\"Timestamps\":[-1]"), "expected a time in Timestamps"},
        {RESULT("\"Id\":\"q0\",\"Timestamps\":[1e300]"), "expected a time in Timestamps"},
        {RESULT("\"Id\":\"q0\",\"Timestamps\":7"), "Timestamps is no array"},
        {RESULT("\"Id\":\"q0\",\"Values\":[\"7\"]"), "expected a number in Values"},
        {RESULT("\"Id\":\"q0\",\"Values\":{}"), "Values is no array"},
        {RESULT("\"Id\":\"q0\",\"Timestamps\":[1],\"Values\":[]"), "not as many time stamps"},
        {"{\"MetricDataResults\":[],\"NextToken\":7}", "NextToken is no text"},
        {"{\"MetricDataResults\":[]} x", "line 1"},
        {"{\"MetricDataResults\":[{\"Id\":\"q0\",\"Timestamps\":[17", "line 1"}};
    struct rs_buffer out;
    struct rs_cw_page page;
    (void)state;
    rs_buffer_init(&out);
    rs_buffer_init(&page.token);
    rs_buffer_init(&page.message);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rs_error err = {RS_OK, ""};
        check_fails(read_data(rows[i][0], &out, &page, &err), RS_EINPUT, rows[i][1]);
    }
    rs_buffer_release(&out);
    rs_buffer_release(&page.token);
    rs_buffer_release(&page.message);
}

static enum rs_status take_listed(void *payload, const struct rs_cw_listed *l, struct rs_error *err)
{
    struct rs_buffer *out = payload;
    rs_buffer_printf(out, "%s %s\n", l->instance, l->dimensions);
    return rs_buffer_status(out, err);
}

static void listed_metrics_keep_all_their_dimensions(void **state)
{
    static const char text[] =
        "{\"Metrics\":[{\"Namespace\":\"CWAgent\",\"MetricName\":\"m\",\"Dimensions\":["
        "{\"Name\":\"ImageId\",\"Value\":\"ami-1\"},{\"Name\":\"InstanceId\",\"Value\":\"i-1\"},"
        "{\"Name\":\"AutoScalingGroupName\",\"Value\":\"a \\\"b\\\"\"}]},"
        "{\"Namespace\":\"CWAgent\",\"MetricName\":\"m\",\"Dimensions\":[]}],\"NextToken\":\"t\"}";
    struct rs_buffer out, token;
    struct rs_error err = {RS_OK, ""};
    (void)state;
    rs_buffer_init(&out);
    rs_buffer_init(&token);
    check_ok(rs_cw_list_read(text, sizeof(text) - 1, take_listed, &out, &token, &err));
    assert_string_equal(out.data,
                        "i-1 [{\"Name\":\"ImageId\",\"Value\":\"ami-1\"},"
                        "{\"Name\":\"InstanceId\",\"Value\":\"i-1\"},"
                        "{\"Name\":\"AutoScalingGroupName\",\"Value\":\"a \\\"b\\\"\"}]\n");
    assert_string_equal(token.data, "t");
    rs_buffer_release(&out);
    rs_buffer_release(&token);
}

static void queries_are_written_for_the_json_protocol(void **state)
{
    const struct rs_cw_mapping *cpu = rs_cw_find("AWS/EC2", "CPUUtilization", NULL);
    const struct rs_cw_mapping *io = rs_cw_find("AWS/EBS", "VolumeReadOps", NULL);
    const struct rs_cw_query queries[] = {{cpu, "Average", "i-1", NULL},
                                          {io, "Sum", "vol-\"1", NULL}};
    struct rs_buffer body;
    struct rs_error err = {RS_OK, ""};
    (void)state;
    rs_buffer_init(&body);
    check_ok(rs_cw_data_body(queries, 2, (struct rs_window){300, 900}, "A/+=", &body, &err));
    assert_string_equal(
        body.data,
        "{\"MetricDataQueries\":[{\"Id\":\"q0\",\"MetricStat\":{\"Metric\":{\"Namespace\":"
        "\"AWS/EC2\",\"MetricName\":\"CPUUtilization\",\"Dimensions\":[{\"Name\":\"InstanceId\","
        "\"Value\":\"i-1\"}]},\"Period\":300,\"Stat\":\"Average\"}},{\"Id\":\"q1\",\"MetricStat\":{"
        "\"Metric\":{\"Namespace\":\"AWS/EBS\",\"MetricName\":\"VolumeReadOps\",\"Dimensions\":[{"
        "\"Name\":\"VolumeId\",\"Value\":\"vol-\\\"1\"}]},\"Period\":300,\"Stat\":\"Sum\"}}],"
        "\"StartTime\":300,\"EndTime\":900,\"ScanBy\":\"TimestampAscending\","
        "\"MaxDatapoints\":100800,\"NextToken\":\"A/+=\"}");
    rs_buffer_release(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_come_with_tags_and_volumes),
        cmocka_unit_test(every_cut_of_an_answer_is_refused),
        cmocka_unit_test(xml_beyond_its_limits_is_refused),
        cmocka_unit_test(filters_are_forms_with_every_byte_encoded),
        cmocka_unit_test(refusals_are_read_in_all_three_forms),
        cmocka_unit_test(points_of_a_page_are_read),
        cmocka_unit_test(an_answer_of_another_type_is_refused),
        cmocka_unit_test(listed_metrics_keep_all_their_dimensions),
        cmocka_unit_test(queries_are_written_for_the_json_protocol),
    };
    return cmocka_run_group_tests_name("aws_answers", tests, NULL, NULL);
}
