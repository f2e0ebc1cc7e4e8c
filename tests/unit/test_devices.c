/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which disks and interfaces of a list are counted, so that none is counted twice. */
#include "source/devices.h"

#include "../support/check.h"

#include <stdlib.h>

static void counts_each_device_once(void **state)
{
    static const struct {
        enum rs_device_kind kind;
        const char *names, *counted;
    } rows[] = {
        {RS_DEVICE_INTERFACE, "lo eth0 veth1 docker0 br-1 br0 virbr0 bond0 eth1 eth0.7 wg0 tun0",
         "eth0 eth1 "},
        {RS_DEVICE_INTERFACE, "ens5 enp0s3 wlan0 ib0 cali12 cni0 flannel.1 ifb0 lo0 bridge", /* */
         "ens5 enp0s3 wlan0 ib0 bridge "},
        {RS_DEVICE_INTERFACE, "eth0 enP53091s1 lo", "eth0 "}, /* Azure's virtual function */
        {RS_DEVICE_INTERFACE, "enP2p1s0 lo", "enP2p1s0 "},
        {RS_DEVICE_DISK, "sda sda1 sda2 dm-0 md0 loop1 sr0 zram0 ram3 rhel-root", "sda "},
        {RS_DEVICE_DISK, "nvme0n1 nvme0n1p1 nvme1n1 nvme0c0n1", "nvme0n1 nvme1n1 "},
        {RS_DEVICE_DISK, "xvda1 xvdf vdb vdb1", "xvda1 xvdf vdb "},
        {RS_DEVICE_DISK, "mmcblk0 mmcblk0p2 hda hda1", "mmcblk0 hda "},
        {RS_DEVICE_DISK, "dev8-0 dev8-1 dev8-16 dev253-0 dev7-0", "dev8-0 dev8-16 "},
        {RS_DEVICE_DISK, "dev253-0 dev253-16 dev7-1 dev11-0", "dev253-0 dev253-16 "},
        {RS_DEVICE_DISK, "dev259-0 dev254-0 dev202-1", "dev259-0 dev202-1 "},
    };
    (void)state;
    struct rs_devices *devices = calloc(1, sizeof(*devices));
    assert_non_null(devices);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char names[256], got[256] = "";
        rs_devices_clear(devices, rows[i].kind);
        snprintf(names, sizeof(names), "%s", rows[i].names);
        for (char *name = names, *next; name != NULL; name = next) {
            next = strchr(name, ' ');
            if (next != NULL) {
                *next++ = '\0';
            }
            assert_non_null(rs_devices_add(devices, name));
        }
        double want = 0.0;
        for (size_t k = 0; k < devices->count; k++) {
            devices->item[k].value[1] = (double)(k + 1);
            if (rs_devices_counts(devices, k)) {
                want += (double)(k + 1);
                snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ",
                         devices->item[k].name);
            }
        }
        assert_string_equal(got, rows[i].counted);
        assert_true(fabs(rs_devices_sum(devices, 1) - want) < 1e-9);
        assert_true(isnan(rs_devices_sum(devices, 0)));
    }
    assert_null(rs_devices_add(devices, "dev259-0"));
    assert_null(rs_devices_add(devices, "a-name-that-is-longer-than-any-device-has"));
    free(devices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_each_device_once),
    };
    return cmocka_run_group_tests_name("devices", tests, NULL, NULL);
}
