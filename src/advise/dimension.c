/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rightsize/recommend.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct rs_dimension_info dimensions[RS_DIM_COUNT] = {
    [RS_DIM_CPU] = {"cpu", "CPU", "vcpus", "CPUUnderprovisioned", "CPUOverprovisioned", false},
    [RS_DIM_MEMORY] = {"memory", "memory", "bytes", "MemoryUnderprovisioned",
                       "MemoryOverprovisioned", true},
    [RS_DIM_NET_IN] = {"network_in", "network in", "bytes/s", "NetworkBandwidthUnderprovisioned",
                       "NetworkBandwidthOverprovisioned", false},
    [RS_DIM_NET_OUT] = {"network_out", "network out", "bytes/s", "NetworkBandwidthUnderprovisioned",
                        "NetworkBandwidthOverprovisioned", false},
    [RS_DIM_NET_PACKETS] = {"network_packets", "network packets", "packets/s",
                            "NetworkPPSUnderprovisioned", "NetworkPPSOverprovisioned", false},
    [RS_DIM_EBS_BYTES] = {"ebs_throughput", "EBS throughput", "bytes/s",
                          "EBSThroughputUnderprovisioned", "EBSThroughputOverprovisioned", false},
    [RS_DIM_EBS_OPS] = {"ebs_iops", "EBS operations", "ops/s", "EBSIOPSUnderprovisioned",
                        "EBSIOPSOverprovisioned", false},
    [RS_DIM_DISK_BYTES] = {"disk_throughput", "local disk throughput", "bytes/s",
                           "DiskThroughputUnderprovisioned", "DiskThroughputOverprovisioned",
                           false},
    [RS_DIM_DISK_OPS] = {"disk_iops", "local disk operations", "ops/s", "DiskIOPSUnderprovisioned",
                         "DiskIOPSOverprovisioned", false},
    [RS_DIM_GPU] = {"gpu", "GPU", "gpus", "GPUUnderprovisioned", "GPUOverprovisioned", false},
    [RS_DIM_GPU_MEMORY] = {"gpu_memory", "GPU memory", "bytes", "GPUMemoryUnderprovisioned",
                           "GPUMemoryOverprovisioned", true},
};

const struct rs_dimension_info *rs_dimension_info(enum rs_dimension d)
{
    assert(d < RS_DIM_COUNT);
    return &dimensions[d];
}

/* No type has a limit of nothing: whoever leaves it at 0 does not know it. */
static double known(double limit)
{
    return limit > 0.0 ? limit : NAN;
}

double rs_offer_capacity(const struct rs_offer *offer, enum rs_dimension d)
{
    switch (d) {
    case RS_DIM_CPU:
        return offer->vcpus;
    case RS_DIM_MEMORY:
        return offer->memory_bytes;
    case RS_DIM_NET_IN:
    case RS_DIM_NET_OUT:
        return offer->net_baseline;
    case RS_DIM_EBS_BYTES:
        return offer->ebs_baseline;
    case RS_DIM_EBS_OPS:
        return offer->ebs_baseline_ops;
    case RS_DIM_NET_PACKETS:
        return known(offer->net_packets);
    case RS_DIM_DISK_BYTES:
        return known(offer->disk_throughput);
    case RS_DIM_DISK_OPS:
        return known(offer->disk_ops);
    case RS_DIM_GPU:
        return known(offer->gpu_count);
    default: /* a slice of a card is one card to its instance */
        return offer->gpu_count > 0.0 ? known(offer->gpu_memory_bytes / ceil(offer->gpu_count))
                                      : NAN;
    }
}

static const char *const findings[RS_FINDING_COUNT] = {"UNDER_PROVISIONED", "OVER_PROVISIONED",
                                                       "OPTIMIZED", "IDLE", "UNKNOWN"};

const char *rs_finding_name(enum rs_finding f)
{
    assert(f < RS_FINDING_COUNT);
    return findings[f];
}

bool rs_finding_by_name(const char *name, enum rs_finding *out)
{
    for (size_t i = 0; i < RS_FINDING_COUNT; i++) {
        if (strcmp(findings[i], name) == 0) {
            *out = (enum rs_finding)i;
            return true;
        }
    }
    return false;
}

const char *rs_confidence_name(enum rs_confidence c)
{
    static const char *const names[] = {"low", "medium", "high"};
    assert(c <= RS_CONFIDENCE_HIGH);
    return names[c];
}

const char *rs_difference_name(unsigned one_bit)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{RS_DIFFERS_ARCHITECTURE, "Architecture"},
                 {RS_DIFFERS_HYPERVISOR, "Hypervisor"},
                 {RS_DIFFERS_INSTANCE_STORE, "InstanceStoreAvailability"},
                 {RS_DIFFERS_NETWORK_INTERFACE, "NetworkInterface"},
                 {RS_DIFFERS_STORAGE_INTERFACE, "StorageInterface"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].bit == one_bit) {
            return names[i].name;
        }
    }
    return "VirtualizationType";
}
