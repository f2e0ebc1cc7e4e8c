/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet.h"

#include <stdarg.h>
#include <string.h>

#define I4 "                " /* as far in as awscli puts an instance */
#define I5 I4 "    "
#define I6 I5 "    "
#define I7 I6 "    "

/* "name": "value" on a line of its own. */
static void put_text(struct fleet_out *out, const char *indent, const char *name, const char *value)
{
    const char *const words[] = {indent, "\"", name, "\": \"", value, "\",\n"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        fleet_put(out, words[i]);
    }
}

static void put_when(struct fleet_out *out, const char *indent, const char *name, int64_t at)
{
    const char *const words[] = {indent, "\"", name, "\": \""};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        fleet_put(out, words[i]);
    }
    fleet_put_when(out, at, "-T");
    fleet_put(out, "+00:00\",\n");
}

static void put_id(struct fleet_out *out, const char *indent, const char *name, const char *prefix,
                   uint64_t dice)
{
    const char *const words[] = {indent, "\"", name, "\": \"", prefix};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        fleet_put(out, words[i]);
    }
    fleet_put_hex(out, fleet_mix(dice), 16);
    fleet_put(out, "\",\n");
}

static int64_t started(const struct fleet_plan *plan, const struct fleet_machine *machine)
{
    bool resized = machine->old_type != NULL && plan->observed_at >= machine->resized;
    return resized ? machine->resized : machine->launched;
}

static const char *device(const struct fleet_machine *machine, size_t volume)
{
    return volume == 0 ? (machine->role->flags & FLEET_WINDOWS) != 0 ? "/dev/sda1" : "/dev/xvda"
                       : "/dev/sdf";
}

static void put_identity(struct fleet_out *out, const struct fleet_plan *plan,
                         const struct fleet_machine *machine)
{
    bool before = machine->old_type != NULL && plan->observed_at < machine->resized;
    fleet_put(out, I5 "\"AmiLaunchIndex\": 0,\n");
    put_text(out, I5, "ImageId", machine->image);
    put_text(out, I5, "InstanceId", machine->id);
    put_text(out, I5, "InstanceType", before ? machine->old_type->name : machine->type->name);
    put_when(out, I5, "LaunchTime", started(plan, machine));
    fleet_put(out, I5 "\"Monitoring\": {\n");
    fleet_put(out, I6 "\"State\": \"");
    fleet_put(out, machine->role->carrier == FLEET_IN_STREAM ? "enabled" : "disabled");
    fleet_put(out, "\"\n" I5 "},\n" I5 "\"Placement\": {\n");
    put_text(out, I6, "AvailabilityZone", machine->zone);
    fleet_put(out, I6 "\"GroupName\": \"\",\n" I6 "\"Tenancy\": \"default\"\n" I5 "},\n");
    if ((machine->role->flags & FLEET_WINDOWS) != 0) {
        put_text(out, I5, "Platform", "windows");
    }
}

static void put_address(struct fleet_out *out, const struct fleet_machine *machine,
                        const char *indent)
{
    char address[24], name[64];
    unsigned second = (unsigned)(machine->seed >> 3) % 256, third = (unsigned)machine->seed % 256;
    unsigned fourth = 4 + (unsigned)(machine->seed >> 11) % 250;
    bool east = machine->zone[0] == 'u';
    snprintf(address, sizeof(address), "10.%u.%u.%u", second, third, fourth);
    snprintf(name, sizeof(name), "ip-10-%u-%u-%u.%s", second, third, fourth,
             east ? "ec2.internal" : "eu-central-1.compute.internal");
    put_text(out, indent, "PrivateDnsName", name);
    put_text(out, indent, "PrivateIpAddress", address);
}

static void put_state(struct fleet_out *out, const struct fleet_plan *plan,
                      const struct fleet_machine *machine)
{
    bool running = fleet_level(machine, plan->observed_at) != FLEET_OFF;
    put_address(out, machine, I5);
    fleet_put(out, I5 "\"ProductCodes\": [],\n" I5 "\"PublicDnsName\": \"\",\n");
    fleet_put(out, I5 "\"State\": {\n" I6 "\"Code\": ");
    fleet_put(out, running ? "16,\n" : "80,\n");
    fleet_put(out, running ? I6 "\"Name\": \"running\"\n" : I6 "\"Name\": \"stopped\"\n");
    fleet_put(out, I5 "},\n");
    put_text(out, I5, "StateTransitionReason", running ? "" : "User initiated");
    put_id(out, I5, "SubnetId", "subnet-0", (uint64_t)machine->zone[0] + machine->seed % 3);
    put_id(out, I5, "VpcId", "vpc-0", (uint64_t)machine->zone[0]);
    put_text(out, I5, "Architecture", machine->type->architecture);
}

static void put_devices(struct fleet_out *out, const struct fleet_machine *machine)
{
    fleet_put(out, I5 "\"BlockDeviceMappings\": [");
    for (size_t v = 0; v < machine->volume_count; v++) {
        fleet_put(out, v == 0 ? "\n" I6 "{\n" : ",\n" I6 "{\n");
        put_text(out, I7, "DeviceName", device(machine, v));
        fleet_put(out, I7 "\"Ebs\": {\n");
        put_when(out, I7 "    ", "AttachTime", machine->launched + 1);
        fleet_put(out, v == 0 ? I7 "    \"DeleteOnTermination\": true,\n"
                              : I7 "    \"DeleteOnTermination\": false,\n");
        fleet_put(out, I7 "    \"Status\": \"attached\",\n" I7 "    \"VolumeId\": \"");
        fleet_put(out, machine->volume[v]);
        fleet_put(out, "\"\n" I7 "}\n" I6 "}");
    }
    fleet_put(out, "\n" I5 "],\n");
}

static void put_network(struct fleet_out *out, const struct fleet_machine *machine)
{
    put_id(out, I5, "ClientToken", "", machine->seed + 20);
    fleet_put(out, I5 "\"EbsOptimized\": true,\n" I5 "\"EnaSupport\": true,\n");
    fleet_put(out, I5 "\"Hypervisor\": \"xen\",\n" I5 "\"NetworkInterfaces\": [\n" I6 "{\n");
    fleet_put(out, I7 "\"Attachment\": {\n");
    put_when(out, I7 "    ", "AttachTime", machine->launched);
    put_id(out, I7 "    ", "AttachmentId", "eni-attach-0", machine->seed + 21);
    fleet_put(out, I7 "    \"DeleteOnTermination\": true,\n" I7 "    \"DeviceIndex\": 0,\n");
    fleet_put(out, I7 "    \"Status\": \"attached\",\n" I7 "    \"NetworkCardIndex\": 0\n");
    fleet_put(out, I7 "},\n");
    put_id(out, I7, "NetworkInterfaceId", "eni-0", machine->seed + 22);
    fleet_put(out, I7 "\"OwnerId\": \"123456789012\",\n");
    put_address(out, machine, I7);
    fleet_put(out, I7 "\"Status\": \"in-use\",\n" I7 "\"InterfaceType\": \"interface\"\n");
    fleet_put(out, I6 "}\n" I5 "],\n");
    put_text(out, I5, "RootDeviceName", device(machine, 0));
    fleet_put(out, I5 "\"RootDeviceType\": \"ebs\",\n" I5 "\"SecurityGroups\": [],\n");
    fleet_put(out, I5 "\"SourceDestCheck\": true,\n");
}

static void put_tags(struct fleet_out *out, const struct fleet_machine *machine)
{
    const struct fleet_role *role = machine->role;
    const char *const tags[][2] = {{"Name", machine->name},
                                   {"env", role->environment},
                                   {"team", role->team},
                                   {"owner", role->owner},
                                   {"aws:autoscaling:groupName", role->group}};
    fleet_put(out, I5 "\"Tags\": [");
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]) && tags[i][1] != NULL; i++) {
        fleet_put(out, i == 0 ? "\n" I6 "{\n" : ",\n" I6 "{\n");
        put_text(out, I7, "Key", tags[i][0]);
        fleet_put(out, I7 "\"Value\": \"");
        fleet_put(out, tags[i][1]);
        fleet_put(out, "\"\n" I6 "}");
    }
    fleet_put(out, "\n" I5 "],\n" I5 "\"VirtualizationType\": \"hvm\",\n");
}

static void put_instance(struct fleet_out *out, const struct fleet_plan *plan,
                         const struct fleet_machine *machine)
{
    bool windows = (machine->role->flags & FLEET_WINDOWS) != 0;
    fleet_put(out, "        {\n            \"Groups\": [],\n            \"Instances\": [\n");
    fleet_put(out, I4 "{\n");
    put_identity(out, plan, machine);
    put_state(out, plan, machine);
    put_devices(out, machine);
    put_network(out, machine);
    put_tags(out, machine);
    put_text(out, I5, "PlatformDetails", windows ? "Windows" : "Linux/UNIX");
    put_text(out, I5, "UsageOperation", windows ? "RunInstances:0002" : "RunInstances");
    put_when(out, I5, "UsageOperationUpdateTime", machine->launched);
    fleet_put(out, I5 "\"CurrentInstanceBootMode\": \"legacy-bios\"\n" I4 "}\n            ],\n");
    fleet_put(out,
              "            \"OwnerId\": \"123456789012\",\n            \"ReservationId\": \"r-0");
    fleet_put_hex(out, fleet_mix(machine->seed + 30), 16);
    fleet_put(out, "\"\n        }");
}

bool fleet_write_inventory(const struct fleet_plan *plan, struct fleet_out *out)
{
    const char *before = "\n";
    fleet_put(out, "{\n    \"Reservations\": [");
    for (size_t m = 0; m < plan->count; m++) {
        if (plan->machines[m].launched <= plan->observed_at) {
            fleet_put(out, before);
            put_instance(out, plan, &plan->machines[m]);
            before = ",\n";
        }
    }
    fleet_put(out, before[0] == '\n' ? "]\n}\n" : "\n    ]\n}\n");
    return true;
}

static void put_volume(struct fleet_out *out, const struct fleet_machine *machine, size_t v)
{
    const char *const in = "            ", *const deep = "                    ";
    fleet_put(out, "        {\n            \"Attachments\": [\n                {\n");
    put_when(out, deep, "AttachTime", machine->launched + 1);
    put_text(out, deep, "Device", device(machine, v));
    put_text(out, deep, "InstanceId", machine->id);
    put_text(out, deep, "State", "attached");
    put_text(out, deep, "VolumeId", machine->volume[v]);
    fleet_put(out, deep);
    fleet_put(out, v == 0 ? "\"DeleteOnTermination\": true\n" : "\"DeleteOnTermination\": false\n");
    fleet_put(out, "                }\n            ],\n");
    put_text(out, in, "AvailabilityZone", machine->zone);
    put_when(out, in, "CreateTime", machine->launched);
    fleet_put(out, "            \"Encrypted\": true,\n            \"Size\": ");
    fleet_put(out, v == 0 ? "50,\n" : "500,\n");
    if (v == 0) {
        put_id(out, in, "SnapshotId", "snap-0", machine->seed + 40);
    } else {
        put_text(out, in, "SnapshotId", "");
    }
    put_text(out, in, "State", "in-use");
    put_text(out, in, "VolumeId", machine->volume[v]);
    fleet_put(out, "            \"Iops\": 3000,\n            \"VolumeType\": \"gp3\",\n");
    fleet_put(out, "            \"MultiAttachEnabled\": false,\n            \"Throughput\": 125\n");
    fleet_put(out, "        }");
}

bool fleet_write_volumes(const struct fleet_plan *plan, struct fleet_out *out)
{
    const char *before = "\n";
    fleet_put(out, "{\n    \"Volumes\": [");
    for (size_t m = 0; m < plan->count; m++) {
        for (size_t v = 0; v < plan->machines[m].volume_count; v++) {
            fleet_put(out, before);
            put_volume(out, &plan->machines[m], v);
            before = ",\n";
        }
    }
    fleet_put(out, before[0] == '\n' ? "]\n}\n" : "\n    ]\n}\n");
    return true;
}
