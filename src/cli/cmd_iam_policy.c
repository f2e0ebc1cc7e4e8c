/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

static const char policy[] = "{\n"
                             "  \"Version\": \"2012-10-17\",\n"
                             "  \"Statement\": [\n"
                             "    {\n"
                             "      \"Sid\": \"RightsizeReadsMetricsAndInventory\",\n"
                             "      \"Effect\": \"Allow\",\n"
                             "      \"Action\": [\n"
                             "        \"cloudwatch:GetMetricData\",\n"
                             "        \"cloudwatch:ListMetrics\",\n"
                             "        \"ec2:DescribeInstances\"\n"
                             "      ],\n"
                             "      \"Resource\": \"*\"\n"
                             "    }\n"
                             "  ]\n"
                             "}\n";

static enum rs_status run(struct rs_context *context, const void *options, int argc, char **argv,
                          struct rs_error *err)
{
    (void)options, (void)argc, (void)argv, (void)err;
    fputs(policy, context->out);
    return RS_OK;
}

const struct rs_command rs_cmd_iam_policy = {
    .name = "iam-policy",
    .operands = "",
    .summary = "print the AWS policy that 'collect --from cloudwatch' needs",
    .about = "Prints the least-privilege IAM policy of 'collect --from cloudwatch' as JSON: three\n"
             "reading actions, which AWS lets nobody narrow down to single resources.\n"
             "With --account-role, give it to the roles, and to your own identity only\n"
             "sts:AssumeRole on them.",
    .min_operands = 0,
    .max_operands = 0,
    .run = run,
};
