/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answers of `aws ec2 describe-instance-types` and `describe-spot-price-history`. */
#include "catalog/catalog_patch.h"
#include "rightsize/number.h"
#include "rightsize/when.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct row { /* a row being filled; the first failure stays */
    struct rs_sheet *sheet;
    struct rs_sheet_cell *cells;
    enum rs_status rc;
    struct rs_error *err;
};

/* What the answer does not say keeps the value that the catalog has. */
static void put(struct row *row, const char *column, double value)
{
    if (row->rc == RS_OK && !isnan(value)) {
        row->rc = rs_sheet_set_number(row->sheet, row->cells, column, value, row->err);
    }
}

static void put_text(struct row *row, const char *column, const char *text)
{
    if (row->rc == RS_OK && text != NULL && text[0] != '\0') {
        row->rc = rs_sheet_set_text(row->sheet, row->cells, column, text, row->err);
    }
}

static void put_flag(struct row *row, const char *column, const cJSON *item)
{
    if (cJSON_IsBool(item)) {
        put(row, column, cJSON_IsTrue(item) ? 1 : 0);
    }
}

/* 1 when the array has that text, 0 when not, NaN when it is no array. */
static double holds(const cJSON *array, const char *text)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, array)
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, text) == 0) {
            return 1;
        }
    }
    return cJSON_IsArray(array) ? 0 : NAN;
}

static void processor(struct row *row, const cJSON *type)
{
    const cJSON *info = rs_json_member(type, "ProcessorInfo"), *item = NULL;
    const cJSON *architectures = rs_json_member(info, "SupportedArchitectures");
    const char *vendor = rs_json_optional_text(info, "Manufacturer"), *architecture = NULL;
    cJSON_ArrayForEach(item, architectures)
    {
        if (cJSON_IsString(item) &&
            (architecture == NULL || strcmp(item->valuestring, "i386") != 0)) {
            architecture = item->valuestring;
        }
    }
    put_text(row, "architecture", architecture);
    put(row, "i386", holds(architectures, "i386"));
    if (vendor != NULL) {
        put_text(row, "cpu_vendor", strncmp(vendor, "Amazon", 6) == 0 ? "AWS" : vendor);
    }
    put(row, "clock_ghz", rs_patch_number(info, "SustainedClockSpeedInGhz"));
}

static void platform(struct row *row, const cJSON *type)
{
    const cJSON *virtualization = rs_json_member(type, "SupportedVirtualizationTypes");
    const cJSON *bare = rs_json_member(type, "BareMetal");
    const char *hypervisor = rs_json_optional_text(type, "Hypervisor");
    put(row, "hvm", holds(virtualization, "hvm"));
    put(row, "pv", holds(virtualization, "paravirtual"));
    put_flag(row, "bare_metal", bare);
    put_flag(row, "current_generation", rs_json_member(type, "CurrentGeneration"));
    put_flag(row, "burstable", rs_json_member(type, "BurstablePerformanceSupported"));
    put(row, "delisted", 0);
    put_text(row, "hypervisor", cJSON_IsTrue(bare) ? "none" : hypervisor);
}

static double sum(const cJSON *array, const char *key)
{
    const cJSON *item = NULL;
    double total = cJSON_GetArraySize(array) > 0 ? 0 : NAN;
    cJSON_ArrayForEach(item, array)
    {
        total += rs_patch_number(item, key);
    }
    return total;
}

/* A pair that contradicts itself would make the catalog unreadable: then only the peak is kept. */
static void put_pair(struct row *row, const char *low, const char *high, double baseline,
                     double peak)
{
    put(row, low, baseline > peak ? NAN : baseline);
    put(row, high, peak);
}

/* "Up to 12.5 Gigabit": the whole of the machine. The cards of some add up to more. */
static double network_limit(const char *text)
{
    char digits[16] = "";
    double gbps = NAN;
    const char *from = text != NULL ? strpbrk(text, "0123456789") : NULL;
    size_t length = from != NULL ? strspn(from, "0123456789.") : 0;
    if (length == 0 || length >= sizeof(digits) || strncmp(from + length, " Gigabit", 8) != 0) {
        return NAN;
    }
    memcpy(digits, from, length);
    return rs_number_scan(digits, length, &gbps) ? gbps : NAN;
}

static void network(struct row *row, const cJSON *type)
{
    const cJSON *info = rs_json_member(type, "NetworkInfo");
    const cJSON *cards = rs_json_member(info, "NetworkCards");
    double limit = network_limit(rs_json_optional_text(info, "NetworkPerformance"));
    double baseline = sum(cards, "BaselineBandwidthInGbps");
    double peak = sum(cards, "PeakBandwidthInGbps");
    const char *ena = rs_json_optional_text(info, "EnaSupport");
    put(row, "max_enis", rs_patch_number(info, "MaximumNetworkInterfaces"));
    put_pair(row, "net_baseline_gbps", "net_peak_gbps", baseline > limit ? limit : baseline,
             peak > limit ? limit : peak);
    if (ena != NULL) {
        put(row, "ena_supported", strcmp(ena, "unsupported") != 0 ? 1 : 0);
        put(row, "ena_required", strcmp(ena, "required") == 0 ? 1 : 0);
    }
}

static void storage(struct row *row, const cJSON *type)
{
    const cJSON *ebs = rs_json_member(type, "EbsInfo");
    const cJSON *limits = rs_json_member(ebs, "EbsOptimizedInfo");
    const cJSON *disks = rs_patch_path(type, "InstanceStorageInfo", "Disks");
    const char *nvme = rs_json_optional_text(ebs, "NvmeSupport");
    put_pair(row, "ebs_baseline_mbytes_per_s", "ebs_peak_mbytes_per_s",
             rs_patch_number(limits, "BaselineThroughputInMBps"),
             rs_patch_number(limits, "MaximumThroughputInMBps"));
    put_pair(row, "ebs_baseline_iops", "ebs_peak_iops", rs_patch_number(limits, "BaselineIops"),
             rs_patch_number(limits, "MaximumIops"));
    put(row, "max_attachments", rs_patch_number(ebs, "MaximumEbsAttachments"));
    if (nvme != NULL) {
        put(row, "nvme_ebs", strcmp(nvme, "required") == 0 ? 1 : 0);
    }
    if (cJSON_IsFalse(rs_json_member(type, "InstanceStorageSupported"))) {
        put(row, "disk_count", 0);
        put(row, "disk_gb", 0);
    } else if (disks != NULL) {
        put(row, "disk_count", sum(disks, "Count"));
        put(row, "disk_gb",
            rs_patch_number(rs_json_member(type, "InstanceStorageInfo"), "TotalSizeInGB"));
        put_text(row, "disk_kind", rs_json_optional_text(cJSON_GetArrayItem(disks, 0), "Type"));
    }
}

static void accelerators(struct row *row, const cJSON *type)
{
    static const char *const kinds[][2] = {{"InferenceAcceleratorInfo", "Accelerators"},
                                           {"NeuronInfo", "NeuronDevices"},
                                           {"FpgaInfo", "Fpgas"},
                                           {"MediaAcceleratorInfo", "Accelerators"}};
    const cJSON *info = rs_json_member(type, "GpuInfo"), *gpu = NULL;
    const cJSON *gpus = rs_json_member(info, "Gpus");
    double count = 0, others = 0;
    cJSON_ArrayForEach(gpu, gpus)
    {
        double part = rs_patch_number(gpu, "GpuPartitionSize");
        double logical = rs_patch_number(gpu, "LogicalGpuCount");
        count +=
            part > 0 && part < 1 && logical > 0 ? part * logical : rs_patch_number(gpu, "Count");
    }
    put(row, "gpu_count", count);
    put(row, "gpu_memory_mib", rs_patch_number(info, "TotalGpuMemoryInMiB"));
    put_text(row, "gpu_model", rs_json_optional_text(cJSON_GetArrayItem(gpus, 0), "Name"));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const cJSON *list = rs_patch_path(type, kinds[i][0], kinds[i][1]);
        double found = list != NULL && !(others > 0) ? sum(list, "Count") : NAN;
        others = found > 0 ? found : others;
        put_text(row, "accelerator",
                 list != NULL ? rs_json_optional_text(cJSON_GetArrayItem(list, 0), "Name") : NULL);
    }
    put(row, "accelerator_count", others);
}

/* "m6id": 6; the digits of "u-6tb1" and "mac-m4" say something else. */
static double generation(const char *type)
{
    if (strncmp(type, "u-", 2) == 0 || strncmp(type, "mac", 3) == 0) {
        return NAN;
    }
    const char *digits = strpbrk(type, "0123456789.");
    return digits != NULL && *digits >= '1' && *digits <= '9' ? *digits - '0' : NAN;
}

enum rs_status rs_patch_aws_type(struct rs_patch_reader *r, const cJSON *type, struct rs_error *err)
{
    const char *name = rs_json_optional_text(type, "InstanceType");
    const cJSON *cpu = rs_json_member(type, "VCpuInfo");
    double vcpus = rs_patch_number(cpu, "DefaultVCpus");
    double memory = rs_patch_number(rs_json_member(type, "MemoryInfo"), "SizeInMiB");
    struct row row = {&r->patch->clouds[RS_PATCH_AWS].types, NULL, RS_OK, err};
    bool fresh = false;
    if (!rs_patch_is_name(name) || !(vcpus >= 1 && vcpus <= 1e5) ||
        !(memory >= 1 && memory <= 1e9)) {
        return rs_fail(err, RS_EINPUT, "record %zu has no type with vCPUs and memory",
                       r->out->records);
    }
    row.rc = rs_sheet_row(row.sheet, name, &row.cells, &fresh, err);
    put(&row, "vcpus", vcpus);
    put(&row, "memory_mib", memory);
    put(&row, "cores", rs_patch_number(cpu, "DefaultCores"));
    put(&row, "generation", generation(name));
    put(&row, "flex", strstr(name, "-flex.") != NULL ? 1 : 0);
    processor(&row, type);
    platform(&row, type);
    network(&row, type);
    storage(&row, type);
    accelerators(&row, type);
    r->out->taken++;
    rs_patch_note(&r->patch->clouds[RS_PATCH_AWS], "describe-instance-types", r->import->date);
    return row.rc;
}

/* "us-east-1a" and "us-west-2-lax-1b" are zones of "us-east-1" and "us-west-2-lax-1". */
static bool region_of(const char *zone, char out[static 64])
{
    size_t length = zone != NULL && rs_patch_is_name(zone) ? strlen(zone) : 0;
    if (length < 3 || zone[length - 1] < 'a' || zone[length - 1] > 'z' || zone[length - 2] < '0' ||
        zone[length - 2] > '9') {
        return false;
    }
    memcpy(out, zone, length - 1);
    out[length - 1] = '\0';
    return true;
}

enum rs_status rs_patch_aws_spot(struct rs_patch_reader *r, const cJSON *record,
                                 struct rs_error *err)
{
    const char *type = rs_json_optional_text(record, "InstanceType");
    const char *zone = rs_json_optional_text(record, "AvailabilityZone");
    const char *product = rs_json_optional_text(record, "ProductDescription");
    const char *price = rs_json_optional_text(record, "SpotPrice");
    const char *time = rs_json_optional_text(record, "Timestamp");
    struct rs_sheet_cell *row = NULL;
    struct rs_civil civil;
    char region[64], key[160];
    double value = NAN;
    int64_t at = 0;
    bool fresh = false, zoned = false;
    struct rs_error not_said;
    if (!rs_patch_is_name(type) || price == NULL || !region_of(zone, region) || time == NULL ||
        !rs_number_scan(price, strlen(price), &value) ||
        rs_when_parse_parts(time, strlen(time), &civil, &at, &zoned, &not_said) != RS_OK) {
        return rs_fail(err, RS_EINPUT, "record %zu is no spot price", r->out->records);
    }
    if ((product != NULL && strncmp(product, "Linux/UNIX", 10) != 0) ||
        (r->import->region != NULL && strcmp(r->import->region, region) != 0)) {
        return RS_OK;
    }
    snprintf(key, sizeof(key), "%.63s|%.63s", type, zone);
    enum rs_status rc = rs_sheet_row(&r->spots, key, &row, &fresh, err);
    if (rc == RS_OK && !fresh && !((double)at > rs_sheet_number(&r->spots, row, "time"))) {
        return RS_OK; /* an older price of the zone */
    }
    if (rc == RS_OK) {
        rc = rs_sheet_set_text(&r->spots, row, "region", region, err);
    }
    if (rc == RS_OK) {
        rc = rs_sheet_set_text(&r->spots, row, "type", type, err);
    }
    if (rc == RS_OK) {
        rc = rs_sheet_set_number(&r->spots, row, "price", value, err);
    }
    if (rc == RS_OK) {
        rc = rs_sheet_set_number(&r->spots, row, "time", (double)at, err);
    }
    r->out->taken++;
    return rc;
}

enum rs_status rs_patch_aws_spot_end(struct rs_patch_reader *r, struct rs_error *err)
{
    struct rs_patch_cloud *cloud = &r->patch->clouds[RS_PATCH_AWS];
    const struct rs_sheet *spots = &r->spots;
    enum rs_status rc = RS_OK;
    for (size_t from = 0; from < spots->count && rc == RS_OK;) {
        const char *type = rs_sheet_text(spots, spots->rows[from], "type");
        const char *region = rs_sheet_text(spots, spots->rows[from], "region");
        double total = 0;
        bool taken = false;
        size_t to = from;
        /* The keys are sorted, so that the zones of one type and region are neighbours. */
        for (; to < spots->count &&
               strcmp(rs_sheet_text(spots, spots->rows[to], "type"), type) == 0 &&
               strcmp(rs_sheet_text(spots, spots->rows[to], "region"), region) == 0;
             to++) {
            total += rs_sheet_number(spots, spots->rows[to], "price");
        }
        rc = rs_patch_price(cloud, region, "USD", type, RS_PATCH_SPOT, total / (double)(to - from),
                            r->import->date, &taken, err);
        from = to;
    }
    if (rc == RS_OK && spots->count > 0) {
        rs_patch_note(cloud, "spot price history", r->import->date);
    }
    return rc;
}
